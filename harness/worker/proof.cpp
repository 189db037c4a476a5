// Every execution of one program, one representative of each order (strategy/dpor.hpp).
#include "harness/base/stopwatch.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/strategy/dpor.hpp"
#include "harness/worker/exploration.hpp"
#include "harness/worker/judged_run.hpp"
#include "harness/worker/libfiu.hpp"

#include <chrono>

namespace mapquake {

void serve_proof(const Slot& slot, MapRunner& runner) {
  using Clock = std::chrono::steady_clock;
  SlotHeader& header = slot.header();
  const Program program = slot.read_program();
  const runtime::Recording recording = recording_into(slot, false);
  const Clock::time_point start = Clock::now();
  const auto is_late = [&] { return header.seconds_max > 0 && seconds_since(start) >= header.seconds_max; };
  memory::sharing.forget();
  fault::allow_points("");
  runtime::FaultPlan faults = plan_for(std::span<const Choice>());
  faults.enabled = header.fault_mask;
  JudgedRuns runs(runner);
  PartialOrderSearch search({.preemptions_max = header.depth, .fault_mask = header.fault_mask});
  const std::uint64_t undecided_before = runner.undecided();
  header.found = header.exhausted = false;
  for (std::uint64_t n = 0; header.stop.load(std::memory_order_relaxed) == 0; ++n) {
    if (!search.next()) break;
    if (n == header.executions_max || is_late()) break;
    const Violation& violation = runs.run(program, search, header.seed, recording, faults);
    tally(header);
    if (violation.outcome == Outcome::clean) continue;
    header.found = true;
    publish(slot, runner, violation);
    break;
  }
  header.redundant = search.redundant();
  header.loops_wait = search.loops_wait();
  header.gaps = search.gaps();
  if (runner.undecided() != undecided_before) header.gaps |= static_cast<std::uint32_t>(Gap::undecided);
  header.exhausted = search.exhausted() && header.gaps == 0;
}

}  // namespace mapquake
