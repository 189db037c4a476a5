// Every single failure of a program: for each kind that is asked for, each operation, and n = 1, 2, 3, … until the
// operation completes without an n-th question.
#pragma once

#include "harness/worker/judged_run.hpp"
#include "harness/worker/known_hits.hpp"

#include <functional>

namespace mapquake {

struct SweepResult {
  bool found = false;  ///< the failure is the runner's verdict
  std::uint64_t executions = 0;
  std::uint64_t points = 0;  ///< failure points gone through: (operation, n, once or persistent), each at least once
};

/// Where its executions are counted.
struct SweepBooks {
  Live& live;
  const KnownHits& known;
  std::function<void()> has_run;  ///< called behind each
};

/// Allocations fail once and until the operation's end; user code throws, and points that the map declares fire, once.
/// Each point is met serially first, then, in programs of several threads, under random schedules with preemptions.
/// `kinds` chooses among these (bit per ChoiceKind); without any of them, allocations are swept.
/// Stops at the first failure that is not known, or when live.stop is set (then the points of this program are not
/// counted).
SweepResult sweep(JudgedRuns& runs, const Program& program, std::uint32_t kinds, std::uint64_t seed,
                  const runtime::Recording& recording, const SweepBooks& books);

}  // namespace mapquake
