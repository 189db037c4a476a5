// What the map holds at moments of a case. In the worker process.
#pragma once

#include "harness/wire/slot.hpp"
#include "harness/worker/map_runner.hpp"

namespace mapquake {

/// The request as it stands in the slot's header (Command::look), from SlotHeader::looks_done on; answers there, each
/// as soon as it is had. Each takes its time off SlotHeader::seconds_max, and none begins when nothing is left.
void serve_look(const Slot& slot, MapRunner& runner);

}  // namespace mapquake
