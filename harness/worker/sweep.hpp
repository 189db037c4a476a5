// Every single failure of a program: for each kind that is asked for, each operation, and n = 1, 2, 3, … until the
// operation completes without an n-th question.
#pragma once

#include "harness/wire/slot.hpp"
#include "harness/worker/judged_run.hpp"

namespace mapquake {

struct SweepResult {
  bool found = false;  ///< the failure is the runner's verdict
  std::uint64_t executions = 0;
  std::uint64_t points = 0;  ///< failure points gone through: (operation, n, once or persistent), each at least once
};

/// Allocations fail once and until the operation's end; user code throws, and points that the map declares fire, once.
/// Each point is met serially first, then, in programs of several threads, under random schedules with preemptions.
/// `header.plan.fault_mask` chooses among these kinds; without any of them, allocations are swept.
/// Stops at the first failure, or when header.stop is set (then the points of this program are not counted).
SweepResult sweep(JudgedRuns& runs, const Program& program, std::uint64_t seed, const runtime::Recording& recording,
                  SlotHeader& header);

}  // namespace mapquake
