// Searches for the place of a fault: the shrinker knows which fault a failure needs, but where it first happened may
// ask for more preemptions than another place would.
#pragma once

#include "harness/wire/live.hpp"
#include "harness/worker/judged_run.hpp"

#include <functional>

namespace mapquake {

/// Runs request.program with request.moved at the first, second, … question of its kind in each operation, with
/// request.pinned where they are, under every schedule with no preemption, then with one, … up to request.depth. Counts
/// its executions in the live figures. True as soon as `wanted` says so of a run, which is then the runner's last.
/// Stops after request.executions_max executions or when live.stop is set.
bool search_places(JudgedRuns& runs, const SearchRequest& request, const runtime::Recording& recording, Live& live,
                   const std::function<bool(const Violation&)>& wanted);

}  // namespace mapquake
