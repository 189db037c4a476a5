#include "harness/worker/sweep.hpp"

#include "harness/base/rng.hpp"
#include "harness/strategy/nth_fault.hpp"
#include "harness/strategy/random_walk.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/answers.hpp"

namespace mapquake {

namespace {

constexpr unsigned preempted_schedules = 8;

class Sweep {
 public:
  Sweep(JudgedRuns& runs, const Program& program, std::uint64_t seed, const runtime::Recording& recording,
        const SweepBooks& books)
      : runs_(runs), program_(program), seed_(seed), recording_(recording), books_(books), serial_({}) {}

  SweepResult go(std::uint32_t asked) {
    asked &= exception_kinds;
    const std::uint32_t kinds = asked != 0 ? asked : fault_bit(ChoiceKind::alloc_fail);
    for (const ChoiceKind kind : {ChoiceKind::alloc_fail, ChoiceKind::user_throw, ChoiceKind::declared}) {
      if ((kinds & fault_bit(kind)) != 0 && !go_through(kind)) return result_;
    }
    return result_;
  }

 private:
  bool go_through(ChoiceKind kind) {
    for (std::size_t thread = 0; thread < program_.threads.size(); ++thread) {
      for (std::size_t op = 0; op < program_.threads[thread].size(); ++op) {
        const std::uint32_t takes = kind == ChoiceKind::alloc_fail ? 2 : 1;
        for (std::uint32_t take = 1; take <= takes; ++take) {
          NthFault::Target target{kind, static_cast<ThreadId>(thread + 1), static_cast<OpIndex>(op), 1, take};
          if (!go_through(target)) return false;
        }
      }
    }
    return true;
  }

  bool go_through(NthFault::Target target) {
    for (;; ++target.n) {
      NthFault serial(serial_, target);
      if (!run(serial, seed_)) return false;
      bool reached = serial.reached();
      for (unsigned i = 0; program_.threads.size() > 1 && i < preempted_schedules; ++i) {
        NthFault preempted(walk_, target);
        if (!run(preempted, mix64(seed_ + target.n * 64 + i))) return false;
        reached |= preempted.reached();
      }
      if (!reached) return true;
      ++result_.points;
    }
  }

  bool run(Strategy& strategy, std::uint64_t seed) {
    if (books_.live.stop.load(std::memory_order_relaxed) != 0) {
      result_.points = 0;
      return false;
    }
    const Violation& violation = runs_.run(program_, strategy, seed, recording_, faults_);
    tally(books_.live);
    books_.has_run();
    ++result_.executions;
    ++books_.live.exploration.executions_in_program;
    result_.found = violation.outcome != Outcome::clean && !books_.known.count_if_known(runs_.fingerprint());
    return !result_.found;
  }

  JudgedRuns& runs_;
  const Program& program_;
  const std::uint64_t seed_;
  const runtime::Recording& recording_;
  const SweepBooks& books_;
  const runtime::FaultPlan faults_ = plan_for(Plan{.fault_mask = exception_kinds});
  Replay serial_;
  RandomWalk walk_;
  SweepResult result_;
};

}  // namespace

SweepResult sweep(JudgedRuns& runs, const Program& program, std::uint32_t kinds, std::uint64_t seed,
                  const runtime::Recording& recording, const SweepBooks& books) {
  return Sweep(runs, program, seed, recording, books).go(kinds);
}

}  // namespace mapquake
