#include "harness/worker/debugged.hpp"

#include "harness/memory/sharing.hpp"
#include "harness/runtime/debugger.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/exploration.hpp"
#include "harness/worker/judged_run.hpp"
#include "harness/worker/libfiu.hpp"

#include <unistd.h>

namespace mapquake {

void serve_debug(const Slot& slot, MapRunner& runner) {
  const Program program = slot.read_program();
  runtime::await_debugger();
  do {
    Replay replay(slot.input_choices());
    memory::sharing.forget();
    fault::allow_points("");
    runtime::begin_debugged();
    runner.run(program, replay, 0, recording_into(slot, true), plan_for(slot.input_choices()));
  } while (runtime::end_debugged(trace_hash(slot.header().wanted_outcome)));
  ::_exit(0);
}

}  // namespace mapquake
