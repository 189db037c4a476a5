// The machine as map code sees it: the same everywhere, so that a map that sizes itself by it behaves the same.
#pragma once

#include "harness/choice/choice.hpp"

#include <cstddef>

namespace mapquake::runtime {

inline constexpr unsigned cpu_count = 2;

constexpr unsigned cpu_of(ThreadId thread) {
  return thread % cpu_count;
}

/// Sets the bits of all CPUs in a mask of `size` bytes and clears the others. False where the mask is too small.
bool write_affinity(void* mask, std::size_t size);

}  // namespace mapquake::runtime
