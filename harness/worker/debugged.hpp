// The execution that a person looks at in a debugger. In the worker process.
#pragma once

#include "harness/wire/slot.hpp"
#include "harness/worker/map_runner.hpp"

namespace mapquake {

/// Waits for the debugger, runs the case for it as often as it goes back, and ends the process. It is not judged as
/// serve_execute() does, which may run it with other contents of memory in between: the parent knows how it ends, and
/// says so in the task.
[[noreturn]] void serve_debug(const Slot& slot, const DebugTask& task, MapRunner& runner);

}  // namespace mapquake
