#include "harness/worker/looks.hpp"

#include "harness/memory/sharing.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/exploration.hpp"
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

void serve_look(const Slot& slot, MapRunner& runner) {
  SlotHeader& header = slot.header();
  const Program program = slot.read_program();
  double told = seconds_spent();
  while (header.looks_done < header.look_count && header.seconds_max > 0 &&
         header.stop.load(std::memory_order_relaxed) == 0) {
    Replay replay(slot.input_choices());
    memory::sharing.forget();
    fault::allow_points("");
    const std::uint64_t at = header.looks[header.looks_done].at;
    const MapState state = runner.look(at, program, replay, recording_into(slot, true), plan_for(slot.input_choices()));
    slot.write_look(header.looks_done, state);
    ++header.looks_done;
    const double spent = seconds_spent();
    header.seconds_max -= spent - told;
    told = spent;
  }
}

}  // namespace mapquake
