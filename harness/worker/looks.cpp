#include "harness/worker/looks.hpp"

#include "harness/memory/sharing.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/answers.hpp"
#include "harness/worker/judged_run.hpp"
#include "harness/worker/libfiu.hpp"

#include <ctime>

namespace mapquake {

namespace {

/// Of the processor, so that how busy the machine is decides nothing.
double seconds_spent() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

void serve_look(const Slot& slot, const LookTask& task, MapRunner& runner) {
  LookAnswer answer{.states = {}, .seconds_left = task.seconds_max};
  slot.answer(answer);
  double told = seconds_spent();
  for (const std::uint64_t moment : task.moments) {
    if (answer.seconds_left <= 0 || slot.live().stop.load(std::memory_order_relaxed) != 0) break;
    Replay replay(task.input.choices);
    memory::sharing.forget();
    fault::allow_points("");
    answer.states.push_back(
        runner.look(moment, task.input.program, replay, recording_into(slot, true), plan_for(task.input.choices)));
    const double spent = seconds_spent();
    answer.seconds_left -= spent - told;
    told = spent;
    slot.answer(answer);
  }
}

}  // namespace mapquake
