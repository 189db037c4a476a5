#include "harness/worker/searching.hpp"

#include "harness/base/rng.hpp"
#include "harness/history/symptom.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/strategy/bounded.hpp"
#include "harness/strategy/forwarding.hpp"
#include "harness/strategy/pinned.hpp"
#include "harness/strategy/portfolio.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/answers.hpp"
#include "harness/worker/defect_fingerprint.hpp"
#include "harness/worker/judged_run.hpp"
#include "harness/worker/libfiu.hpp"
#include "harness/worker/loops_met.hpp"
#include "harness/worker/moved_fault.hpp"

#include <optional>

namespace mapquake {
namespace {

/// Bounded search of a program whose shared memory is still being learned.
class LearningSearch final : public ForwardingStrategy {
 public:
  explicit LearningSearch(unsigned depth) : ForwardingStrategy(every_), depth_(depth), every_(depth) {}

  /// Points that were learned on the way are missing from the schedules before: once more, with all of them.
  bool next() override {
    if (every_.next()) return true;
    if (memory::sharing.learned_count() == points_known_) return false;
    points_known_ = memory::sharing.learned_count();
    every_ = BoundedSearch(depth_);
    return every_.next();
  }

 private:
  unsigned depth_;
  std::uint32_t points_known_ = 0;
  BoundedSearch every_;
};

bool is_wanted(const SearchRequest& request, const MapRunner& runner, const Violation& violation) {
  if (violation.outcome == Outcome::clean) return false;
  if (request.outcome == Outcome::clean) return true;
  if (violation.outcome != request.outcome) return false;
  if (!stands_for(violation.label, request.label)) return false;
  return request.race == 0 || fingerprint_of(runner, violation) == request.race;
}

}  // namespace

Execution serve_execute(const Slot& slot, const ExecuteTask& task, MapRunner& runner) {
  const Case& input = task.input;
  Replay replay(input.choices, task.attempt ? Recorded::in_part : Recorded::whole);
  memory::sharing.forget();
  fault::allow_points("");
  if (task.attempt) {
    const std::uint64_t believing = slot.live().sequence.load() * runtime::LoopWatch::probe_every + 1;
    runner.expect_loops({.livelock = true, .hang = true, .execution = believing});
  }
  const Violation& violation =
      JudgedRuns(runner).run(input.program, replay, 0, recording_into(slot, task.trace), plan_for(input.choices));
  tally(slot.live());
  Execution execution = execution_of(runner, violation);
  runner.expect_loops({});
  return execution;
}

SearchResult serve_search(const Slot& slot, const SearchRequest& request, MapRunner& runner) {
  if (request.kind == SearchKind::all_orders) return serve_proof(slot, request, runner);
  SearchResult result;
  Live& live = slot.live();
  const runtime::Recording recording = recording_into(slot, false);
  memory::sharing.forget();
  fault::allow_points("");
  runtime::FaultPlan faults = plan_for(request.pinned);
  faults.enabled |= request.fault_mask;
  JudgedRuns runs(runner);
  const bool wants_others = request.outcome != Outcome::clean && request.outcome != Outcome::uninitialised_read;
  if (wants_others) runs.sample_fresh_memory();
  if (request.kind == SearchKind::places) {
    const auto wanted = [&](const Violation& violation) { return is_wanted(request, runner, violation); };
    result.found = search_places(runs, request, recording, live, wanted);
    if (result.found) result.execution = execution_of(runner, runner.violation());
    return result;
  }
  const bool bounded = request.kind == SearchKind::bounded;
  std::optional<LearningSearch> every;
  if (bounded) every.emplace(request.depth);
  const char* const drawn_by = request.kind == SearchKind::pct   ? "pct"
                               : request.kind == SearchKind::pos ? "pos"
                                                                 : "random";
  Portfolio strategies(drawn_by, request.fault_mask);
  strategies.begin_program(0, 0);
  LoopsMet loops(runner, request.outcome, request.of_attempts, bounded);
  for (std::uint64_t n = 0; n < request.executions_max && live.stop.load(std::memory_order_relaxed) == 0; ++n) {
    Strategy& base = bounded ? static_cast<Strategy&>(*every) : strategies.pick(n + 1);
    if (!base.next()) {
      result.exhausted = base.exhausted();
      break;
    }
    PinnedStrategy with_faults(base, request.pinned);
    Strategy& strategy = request.pinned.empty() ? base : static_cast<Strategy&>(with_faults);
    const Violation& violation = runs.run(request.program, strategy, mix64(request.seed + n), recording, faults);
    strategies.end_execution();
    tally(live);
    if (!is_wanted(request, runner, violation)) {
      loops.note(violation.outcome);
      continue;
    }
    result.found = true;
    result.execution = execution_of(runner, violation);
    return result;
  }
  return result;
}

}  // namespace mapquake
