// What a worker tells of the execution that it ran last: in the live figures at once, and as the value that it answers.
// In the worker process.
#pragma once

#include "harness/wire/slot.hpp"
#include "harness/worker/map_runner.hpp"

namespace mapquake {

/// The recording that goes into the slot.
runtime::Recording recording_into(const Slot& slot, bool trace);

/// Counts one execution in the live figures.
void tally(Live& live);

/// All that there is to say of the execution that `runner` ran last and that ended in `violation`, but for its choices
/// and its trace, which were recorded. Copies its history.
Execution execution_of(const MapRunner& runner, const Violation& violation);

}  // namespace mapquake
