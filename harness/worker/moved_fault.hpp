// Searches for the place of a fault: the shrinker knows which fault a failure needs, but where it first happened may
// ask for more preemptions than another place would.
#pragma once

#include "harness/wire/slot.hpp"
#include "harness/worker/judged_run.hpp"

#include <functional>
#include <span>

namespace mapquake {

/// Runs `program` with header.moved at the first, second, … question of its kind in each operation, with `pinned` where
/// they are, under every schedule with no preemption, then with one, … up to header.depth. Counts its executions in the
/// header. True as soon as `wanted` says so of a run, which is then the runner's last. Stops after
/// header.executions_max executions or when header.stop is set.
bool search_places(JudgedRuns& runs, const Program& program, std::span<const Choice> pinned,
                   const runtime::Recording& recording, SlotHeader& header,
                   const std::function<bool(const Violation&)>& wanted);

}  // namespace mapquake
