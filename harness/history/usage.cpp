#include "harness/history/usage.hpp"

#include "harness/base/assert.hpp"

#include <array>

namespace mapquake {
namespace {

struct FigureText {
  std::string_view name;
  std::string_view sentence;
};

// Invariant: the entry at index i describes the figure of value i.
constexpr std::array<FigureText, figure_count> figure_texts = {{
    {"steps", "Instrumented events of the operation: memory accesses, atomics, calls into libc."},
    {"latency_ns",
     "Virtual time from call to return: a nanosecond per step of any thread, and what clocks, sleeps and waits take. "
     "Delays, pauses and clock jumps that were injected into this very thread do not count; waiting for a thread that "
     "was delayed does."},
    {"allocations", "Allocations that succeeded."},
    {"allocated_bytes", "Bytes asked for, whether freed again or not."},
    {"copied_bytes", "Bytes of block copies: aggregates, memcpy, memmove, realloc. Single words are no block."},
    {"lock_steps", "Steps with a mutex, reader-writer lock or spin lock held."},
    {"waits", "Times that the operation had to wait for another thread."},
    {"live_bytes",
     "Of the map, not of an operation: bytes allocated once all threads have ended, beyond those before construction."},
}};

const FigureText& text_of(Figure figure) {
  const auto index = static_cast<std::size_t>(figure);
  MQ_ASSERT(index < figure_texts.size());
  return figure_texts[index];
}

}  // namespace

std::uint64_t value_of(const Usage& usage, Figure figure) {
  switch (figure) {
    case Figure::steps:
      return usage.steps;
    case Figure::latency_ns:
      return usage.latency_ns;
    case Figure::allocations:
      return usage.allocations;
    case Figure::allocated_bytes:
      return usage.allocated_bytes;
    case Figure::copied_bytes:
      return usage.copied_bytes;
    case Figure::lock_steps:
      return usage.lock_steps;
    case Figure::waits:
      return usage.waits;
    case Figure::live_bytes:
      break;
  }
  MQ_ASSERT(!"no figure of a call");
  return 0;
}

std::string_view name_of(Figure figure) {
  return text_of(figure).name;
}

std::string_view sentence_for(Figure figure) {
  return text_of(figure).sentence;
}

std::optional<Figure> figure_from_name(std::string_view name) {
  for (std::size_t i = 0; i < figure_texts.size(); ++i) {
    if (figure_texts[i].name == name) return static_cast<Figure>(i);
  }
  return std::nullopt;
}

}  // namespace mapquake
