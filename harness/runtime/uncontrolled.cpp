#include "harness/runtime/uncontrolled.hpp"

#include "harness/runtime/state.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace mapquake::runtime {
namespace {

struct Notes {
  std::array<Uncontrolled, uncontrolled_max> noted;
  std::uint32_t count = 0;
};

constinit Notes notes;

}  // namespace

void note_uncontrolled(Source source, std::uint64_t number, const char* name) {
  if (!rt.running || notes.count == notes.noted.size()) return;
  Uncontrolled& note = notes.noted[notes.count++];
  note = {};
  note.source = source;
  note.number = number;
  if (rt.tracing) note.traced = rt.recording.trace_count->load(std::memory_order_relaxed);
  if (name != nullptr) std::strncpy(note.name, name, sizeof note.name - 1);
}

std::span<const Uncontrolled> uncontrolled() {
  return std::span(notes.noted).first(notes.count);
}

void reset_uncontrolled() {
  notes.count = 0;
}

}  // namespace mapquake::runtime
