#include "harness/campaign/simplicity.hpp"

#include "harness/history/operation_table.hpp"

namespace mapquake {
namespace {

bool takes_traversal(const Finding& finding) {
  const History& history = finding.execution.history;
  return std::ranges::any_of(finding.execution.violation.calls,
                             [&](std::uint32_t call) { return is_iteration(history.calls[call].operation.kind); });
}

}  // namespace

Simplicity simplicity_of(const Finding& finding) {
  const Execution& execution = finding.execution;
  const Program& program = finding.file.program;
  const bool broken_guarantee = finding.file.outcome == Outcome::exception_guarantee_broken;
  const bool runs_a_program =
      program.threads.size() == 1 && program.operation_count() == 1 && program.threads[0][0].kind == OpKind::run;
  return {.nondeterministic = !finding.reproducible(),
          .takes_more = execution.faults != 0 || broken_guarantee || takes_traversal(finding),
          .faults = execution.faults,
          .threads = runs_a_program ? execution.threads_traced() : program.threads.size(),
          .preemptions = execution.preemptions,
          .operations = program.operation_count()};
}

}  // namespace mapquake
