// What code that no compiler has instrumented does to memory for the map, as accesses of the code at `pc`. Outside map
// code they are none.
#pragma once

#include "harness/runtime/scheduler.hpp"

#include <cstddef>

// In tsan_plain.cpp.
extern "C" {
void __tsan_read_range_pc(void* p, std::size_t bytes, void* pc);
void __tsan_write_range_pc(void* p, std::size_t bytes, void* pc);
}

namespace mapquake::runtime {

inline void reads(const void* p, std::size_t bytes, void* pc) {
  if (in_map) __tsan_read_range_pc(const_cast<void*>(p), bytes, pc);
}

inline void writes(void* p, std::size_t bytes, void* pc) {
  if (in_map) __tsan_write_range_pc(p, bytes, pc);
}

}  // namespace mapquake::runtime
