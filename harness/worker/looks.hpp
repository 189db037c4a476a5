// What the map holds at moments of a case. In the worker process.
#pragma once

#include "harness/wire/slot.hpp"
#include "harness/worker/map_runner.hpp"

namespace mapquake {

/// Answers in the slot, again after each look. Each takes its time off LookTask::seconds_max, and none begins when
/// nothing is left.
void serve_look(const Slot& slot, const LookTask& task, MapRunner& runner);

}  // namespace mapquake
