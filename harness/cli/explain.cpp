#include "harness/cli/commands.hpp"
#include "harness/cli/opened_case.hpp"
#include "harness/store/fsio.hpp"
#include "reports/text_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace mapquake::cli {

int explain(const ExplainArguments& arguments, const Environment& environment) {
  auto opened = open_case(arguments.file, arguments.plugin, arguments.nearest, environment);
  if (!opened) return report_error(environment, opened.error());
  const Execution traced = opened->executor->execute(opened->input(), true);
  const Violation& seen = traced.violation;
  if (seen.outcome != opened->file.outcome || seen.label != opened->file.label) {
    environment.err << fmt::format("mapquake: in this build the case ends as: {}\n", name_of(seen.outcome));
    opened->file.outcome = seen.outcome;
    opened->file.label = seen.label;
    opened->file.why = seen.why;
    opened->file.minimal = false;
  }
  const reports::ReportOptions options{std::clamp<std::size_t>(environment.columns, 60, 120), arguments.file.string()};
  const std::string text =
      arguments.format == Format::json
          ? reports::json_report(opened->file, traced, opened->site, opened->map, options, 2) + '\n'
          : reports::text_report(opened->file, traced, opened->site, opened->map, options);
  if (arguments.out.empty()) {
    environment.out << text;
  } else if (const auto written = write_file_durably(arguments.out, text); !written) {
    return report_error(environment, written.error());
  }
  return static_cast<int>(ExitCode::clean);
}

}  // namespace mapquake::cli
