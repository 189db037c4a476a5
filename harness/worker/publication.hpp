// The answer of one execution, as it goes into the slot. In the worker process.
#pragma once

#include "harness/wire/slot.hpp"
#include "harness/worker/map_runner.hpp"

namespace mapquake {

/// Publishes the case and the answer of one execution in the slot.
void publish(const Slot& slot, const MapRunner& runner, const Violation& violation);

}  // namespace mapquake
