// Every execution of one program, one representative of each order (strategy/dpor.hpp).
#include "harness/base/stopwatch.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/strategy/dpor.hpp"
#include "harness/worker/answers.hpp"
#include "harness/worker/judged_run.hpp"
#include "harness/worker/libfiu.hpp"
#include "harness/worker/searching.hpp"

#include <chrono>

namespace mapquake {

SearchResult serve_proof(const Slot& slot, const SearchRequest& request, MapRunner& runner) {
  using Clock = std::chrono::steady_clock;
  SearchResult result;
  Live& live = slot.live();
  const runtime::Recording recording = recording_into(slot, false);
  const Clock::time_point start = Clock::now();
  const auto is_late = [&] { return request.seconds_max > 0 && seconds_since(start) >= request.seconds_max; };
  memory::sharing.forget();
  fault::allow_points("");
  runtime::FaultPlan faults = plan_for(std::span<const Choice>());
  faults.enabled = request.fault_mask;
  JudgedRuns runs(runner);
  PartialOrderSearch search({.preemptions_max = request.depth, .fault_mask = request.fault_mask});
  const std::uint64_t undecided_before = runner.undecided();
  for (std::uint64_t n = 0; live.stop.load(std::memory_order_relaxed) == 0; ++n) {
    if (!search.next()) break;
    if (n == request.executions_max || is_late()) break;
    const Violation& violation = runs.run(request.program, search, request.seed, recording, faults);
    tally(live);
    if (violation.outcome == Outcome::clean) continue;
    result.found = true;
    result.execution = execution_of(runner, violation);
    break;
  }
  result.redundant = search.redundant();
  result.loops_wait = search.loops_wait();
  result.gaps = search.gaps();
  if (runner.undecided() != undecided_before) result.gaps |= static_cast<std::uint32_t>(Gap::undecided);
  result.exhausted = search.exhausted() && result.gaps == 0;
  return result;
}

}  // namespace mapquake
