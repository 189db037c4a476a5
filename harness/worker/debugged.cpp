#include "harness/worker/debugged.hpp"

#include "harness/memory/sharing.hpp"
#include "harness/runtime/debugger.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/answers.hpp"
#include "harness/worker/judged_run.hpp"
#include "harness/worker/libfiu.hpp"

#include <unistd.h>

namespace mapquake {

void serve_debug(const Slot& slot, const DebugTask& task, MapRunner& runner) {
  runtime::await_debugger();
  do {
    Replay replay(task.input.choices);
    memory::sharing.forget();
    fault::allow_points("");
    runtime::begin_debugged();
    runner.run(task.input.program, replay, 0, recording_into(slot, true), plan_for(task.input.choices));
  } while (runtime::end_debugged(trace_hash(task.outcome)));
  ::_exit(0);
}

}  // namespace mapquake
