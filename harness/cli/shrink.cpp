#include "harness/base/stopwatch.hpp"
#include "harness/campaign/finding.hpp"
#include "harness/campaign/report.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/opened_case.hpp"
#include "harness/store/signature.hpp"
#include "reports/text_report.hpp"

#include <fmt/format.h>

#include <chrono>
#include <ostream>

namespace mapquake::cli {
namespace {

constexpr unsigned confirmations = 10;

Error not_failing(const OpenedCase& opened, const Violation& seen) {
  return {ExitCode::unknown_only,
          fmt::format("the file says \"{}\", but in this build the case ends as \"{}\"", headline_of(opened.file),
                      name_of(seen.outcome)),
          "There is nothing to shrink."};
}

ShrinkResult shrunk_case(OpenedCase& opened, const ShrinkArguments& arguments, const Environment& environment) {
  std::atomic<bool> stop{false};
  ShrinkOptions options = shrink_options_for(opened.map);
  options.seconds_max = arguments.seconds;
  options.runs_max = options.proof_runs_max = UINT32_MAX;
  options.seed = arguments.seed;
  options.stop = &stop;
  options.progress = [&](const Case& best, std::uint64_t runs) {
    if (environment.signalled() != 0) stop = true;
    if (!environment.live) return;
    environment.out << fmt::format("\r\x1b[K{} runs: {} threads, {} operations, {} choices", runs,
                                   best.program.threads.size(), best.program.operation_count(), best.choices.size());
    environment.out.flush();
  };
  ShrinkResult result = environment.shrink_case(*opened.executor, opened.input(), opened.file.outcome,
                                                label_to_keep(opened.file.outcome, opened.file.label), options);
  if (environment.live) environment.out << "\r\x1b[K";
  return result;
}

ReplayFile smaller_file(const OpenedCase& opened, const ShrinkResult& shrunk, const Execution& traced, double seconds) {
  ReplayFile file = replay_file_of(shrunk.best.program, traced, opened.map, opened.file.scenario, opened.site);
  file.seed = opened.file.seed;
  file.executions_to_failure = opened.file.executions_to_failure;
  file.shrink_seconds = seconds;
  file.shrink_runs = shrunk.runs;
  file.minimality = shrunk.minimality;
  file.removals_checked = shrunk.removals_checked;
  file.signature = signature_of(file, telling_places_of(traced, opened.site));
  return file;
}

std::string_view minimality_text(Minimality minimality) {
  switch (minimality) {
    case Minimality::proven:
      return "proven minimal: nothing can be left out, under any schedule with as few preemptions";
    case Minimality::irreducible:
      return "minimal: nothing can be left out";
    case Minimality::best_so_far:
      break;
  }
  return "maybe not minimal: the time was over first";
}

}  // namespace

int shrink(const ShrinkArguments& arguments, const Environment& environment) {
  auto opened = open_case(arguments.file, arguments.plugin, arguments.nearest, environment);
  if (!opened) return report_error(environment, opened.error());
  const Execution before = opened->executor->execute(opened->input(), true);
  const auto interrupted = [&] { return opened->executor->was_cut_off(); };
  if (interrupted()) return environment.exit_after_signal();
  const bool fails_alike =
      before.violation.outcome == opened->file.outcome && before.violation.label == opened->file.label;
  if (!fails_alike || !is_failure(opened->file.outcome)) {
    return report_error(environment, not_failing(*opened, before.violation));
  }
  const auto start = std::chrono::steady_clock::now();
  const ShrinkResult shrunk = shrunk_case(*opened, arguments, environment);
  const double seconds = seconds_since(start);
  const Violation& found = shrunk.execution.violation;
  const unsigned differing = disagreements(*opened->executor, shrunk.best, found.outcome, found.label, confirmations);
  if (interrupted()) return environment.exit_after_signal();
  if (differing > 0) {
    return report_error(environment, {ExitCode::unknown_only, "the smaller case does not fail every time", ""});
  }
  const Execution traced = opened->executor->execute(shrunk.best, true);
  if (interrupted()) return environment.exit_after_signal();
  const ReplayFile file = smaller_file(*opened, shrunk, traced, seconds);
  const auto path = arguments.out.empty() ? arguments.file.parent_path() / file_name_for(file) : arguments.out;
  if (const auto saved = save_replay(file, path); !saved) return report_error(environment, saved.error());
  environment.out << fmt::format("was  {}\nnow  {}\n{}, after {} runs in {:.1f} s\n\nreplay    mapquake replay {}\n",
                                 reports::size_line(opened->file, before), reports::size_line(file, traced),
                                 minimality_text(file.minimality), file.shrink_runs, seconds, path.string());
  return static_cast<int>(ExitCode::clean);
}

}  // namespace mapquake::cli
