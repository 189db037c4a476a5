// What a worker does by itself: explore a scenario's programs, or one that is given. In the worker process.
#pragma once

#include "harness/wire/slot.hpp"
#include "harness/worker/map_runner.hpp"

namespace mapquake {

/// How far it has come, and what is counted, stands in the slot's Exploration all the time; the program of a failure is
/// Slot::running_program().
ExploreAnswer serve_explore(const Slot& slot, const ExploreRequest& request, MapRunner& runner);

}  // namespace mapquake
