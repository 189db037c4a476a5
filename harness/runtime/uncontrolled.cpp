#include "harness/runtime/uncontrolled.hpp"

#include "harness/runtime/state.hpp"

#include <cstring>

namespace mapquake::runtime {

void note_uncontrolled(Source source, std::uint64_t number, const char* name) {
  if (!rt.running || rt.uncontrolled_count == rt.uncontrolled.size()) return;
  Uncontrolled& note = rt.uncontrolled[rt.uncontrolled_count++];
  note = {};
  note.source = source;
  note.number = number;
  if (rt.tracing) note.traced = rt.recording.trace_count->load(std::memory_order_relaxed);
  if (name != nullptr) std::strncpy(note.name, name, sizeof note.name - 1);
}

std::span<const Uncontrolled> uncontrolled() {
  return std::span(rt.uncontrolled).first(rt.uncontrolled_count);
}

void reset_uncontrolled() {
  rt.uncontrolled_count = 0;
}

}  // namespace mapquake::runtime
