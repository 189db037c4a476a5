// What is written into a trace, where there is one.
#include "harness/runtime/execution.hpp"
#include "harness/runtime/map_place.hpp"
#include "harness/runtime/scheduler.hpp"
#include "harness/runtime/state.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace mapquake::runtime {

namespace {

/// Calls between the map and user types are not announced: the API's glue is not instrumented.
bool is_called_back(const TraceEvent& event) {
  const bool throws = event.kind == EventKind::fault && event.value == static_cast<unsigned>(ChoiceKind::user_throw);
  return throws || event.kind == EventKind::user_code || event.kind == EventKind::adapter_point;
}

/// From the stack itself. Requires: the event is the current thread's.
void find_callers(TraceEvent& event) {
  std::array<std::uint64_t, std::tuple_size_v<decltype(event.callers)> + 1> frames{};
  const std::size_t count = map_frames(frames);
  if (count == 0) return;
  event.pc = frames[0];
  std::copy(frames.begin() + 1, frames.end(), event.callers.begin());
}

/// From what the map announces. Who calls the map is no place of the map's: how far its calls reach in there, compilers
/// differ.
void find_calls(const Thread& thread, TraceEvent& event) {
  std::size_t count = 0;
  for (unsigned n = 0; count < event.callers.size(); ++n) {
    const std::uint64_t caller = thread.calls.caller(n);
    if (caller == 0) break;
    if (is_map_code(caller)) event.callers[count++] = caller;
  }
}

void write_trace(const Thread& thread, TraceEvent event) {
  auto& count = *rt.recording.trace_count;
  const std::uint32_t at = count.load(std::memory_order_relaxed);
  if (at >= rt.recording.trace.size()) return;
  event.thread = thread.id;
  event.op = thread.op;
  event.event = thread.event;
  event.pc = place_in_map(event.pc);
  find_calls(thread, event);
  if (is_called_back(event)) find_callers(event);
  rt.recording.trace[at] = event;
  count.store(at + 1, std::memory_order_relaxed);
}

}  // namespace

void record_trace(const Thread& thread, TraceEvent event) {
  write_trace(thread, event);
  if (__builtin_expect(rt.debugged, 0)) debugger_event(event.kind);
  if (__builtin_expect(rt.look != nullptr, 0)) look_event();
}

void tell(void (*describe)(const void* context, char* text, std::size_t size), const void* context, bool ends) {
  if (!rt.tracing) return;
  char text[sizeof TraceEvent::callers] = {};
  describe(context, text, sizeof text);
  auto& count = *rt.recording.trace_count;
  const std::uint32_t at = count.load(std::memory_order_relaxed);
  record_trace(*rt.current, {.kind = EventKind::told, .flags = ends});
  if (count.load(std::memory_order_relaxed) != at) put_text(rt.recording.trace[at], text);
}

int told_outcome(EventKind kind, int error) {
  if (error == 0 || !rt.tracing) return error;
  for (std::uint32_t i = rt.recording.trace_count->load(std::memory_order_relaxed); i-- > 0;) {
    TraceEvent& event = rt.recording.trace[i];
    if (event.thread != rt.current->id || event.kind != kind) continue;
    event.flags |= error == ETIMEDOUT ? not_got | timed_out : not_got;
    break;
  }
  return error;
}

}  // namespace mapquake::runtime
