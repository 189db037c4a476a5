// What an object's program (mapquake/object.hpp) tells of itself: its calls are what operations are for a map.
#include "harness/runtime/execution.hpp"
#include "harness/runtime/export.hpp"
#include "harness/runtime/state.hpp"
#include "harness/runtime/weak_atomics.hpp"

#include <algorithm>

namespace mapquake::runtime {

void begin_part(std::uint32_t number) {
  // Behind the operation of a program, its thread's end and what is called round them.
  constexpr OpIndex reserved = 8;
  Thread& thread = *rt.current;
  thread.op = thread.first_op + reserved + std::min(number, op_part_max);
  thread.event = 0;
  thread.forced_event = rt.strategy->next_forced_event(thread.id, thread.op);
}

}  // namespace mapquake::runtime

MQ_EXPORT void mapquake_run_unseen(void (*body)(void*), void* context) {
  const mapquake::runtime::HarnessScope scope;
  body(context);
}
MQ_EXPORT bool mapquake_half_is_used() {
  return mapquake::runtime::rt.steps > mapquake::runtime::rt.steps_max / 2;
}
MQ_EXPORT void mapquake_part_begins(std::uint32_t number) {
  const mapquake::runtime::HarnessScope scope;
  mapquake::runtime::begin_part(number);
}
MQ_EXPORT void mapquake_call_begins() {
  const mapquake::runtime::HarnessScope scope;
  mapquake::runtime::order_behind_earlier_operations();
}
MQ_EXPORT void mapquake_call_ends() {
  const mapquake::runtime::HarnessScope scope;
  mapquake::runtime::note_progress();
  mapquake::runtime::order_before_later_operations();
}
