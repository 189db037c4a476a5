#include "harness/campaign/address.hpp"
#include "harness/case/execution_words.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/formats.hpp"
#include "harness/cli/opened_case.hpp"
#include "harness/store/fsio.hpp"
#include "reports/contrast.hpp"
#include "reports/states.hpp"
#include "reports/text_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace mapquake::cli {

namespace {

/// The nearest schedule that passes: the case without one of its choices, the last ones first. Empty where each of them
/// fails, too (then the case is not minimal), or there is none.
std::string nearest_pass(OpenedCase& opened, const Execution& failing, std::size_t width) {
  constexpr std::size_t tried_max = 32;
  const std::vector<StoredChoice> stored = stored_choices(failing, opened.site);
  std::size_t tried = 0;
  for (auto left_out = stored.rbegin(); left_out != stored.rend() && tried < tried_max; ++left_out, ++tried) {
    Case candidate{opened.file.program, failing.choices};
    std::erase_if(candidate.choices, [&](const Choice& choice) {
      return choice.thread == left_out->thread && choice.op == left_out->op && choice.event == left_out->step &&
             choice.kind == left_out->kind;
    });
    const Execution passing = opened.executor->execute(candidate, false);
    if (passing.violation.outcome != Outcome::clean) continue;
    return '\n' + reports::contrast_text(failing, passing, *left_out, opened.site, width);
  }
  return {};
}

/// The report alone as JSON; in another format as a campaign that consists of it.
std::string in_format(const std::string& report, Format format) {
  return format == Format::json ? report : rendered(report, format, 120);
}

}  // namespace

int explain(const ExplainArguments& arguments, const Environment& environment) {
  auto opened = open_case(arguments.file, arguments.plugin, arguments.nearest, environment);
  if (!opened) return report_error(environment, opened.error());
  Execution traced = opened->executor->execute(opened->input(), true);
  if (opened->executor->was_cut_off()) return environment.exit_after_signal();
  traced.states = opened->executor->look(opened->input(), reports::moments_to_look_at(traced, opened->site));
  const Violation& seen = traced.violation;
  if (seen.outcome != opened->file.outcome || seen.label != opened->file.label) {
    environment.err << fmt::format("mapquake: in this build the case ends as: {}\n", name_of(seen.outcome));
    opened->file.outcome = seen.outcome;
    opened->file.label = seen.label;
    opened->file.why = why_of(traced);
    opened->file.minimality = Minimality::best_so_far;
  }
  const reports::ReportOptions options{std::clamp<std::size_t>(environment.columns, 60, 120), arguments.file.string(),
                                       reports::readable_sources(opened->map.plugin)};
  const std::string text =
      arguments.format != Format::text
          ? in_format(reports::json_report(opened->file, traced, opened->site, opened->map, options, 2) + '\n',
                      arguments.format)
          : reports::text_report(opened->file, traced, opened->site, opened->map, options) +
                nearest_pass(*opened, traced, options.width);
  if (arguments.out.empty()) {
    environment.out << text;
  } else if (const auto written = write_file_durably(arguments.out, text); !written) {
    return report_error(environment, written.error());
  }
  return static_cast<int>(ExitCode::clean);
}

}  // namespace mapquake::cli
