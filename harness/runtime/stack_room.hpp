// What the map's functions leave free of a fiber's stack. The harness's own functions run on it, too: an overflow in
// the middle of one, in a switch or in the C library's malloc, would leave behind what no later execution can go on
// from.
#pragma once

#include "harness/memory/layout.hpp"
#include "harness/runtime/thread.hpp"

#include <cstdint>

namespace mapquake::runtime {

inline constexpr std::uint64_t stack_room_bytes = std::uint64_t{32} << 10;

/// Ends the execution as a stack overflow if no more than that is left of the current thread's stack. Call where a
/// function of the map begins. No cost but a comparison. Where it runs on a stack of its own (a coroutine), nothing is
/// known of that.
__attribute__((always_inline)) inline void keep_stack_room(const Thread& thread) {
  const std::uint64_t bottom = memory::stack_bottom(thread.id);
  const auto frame = reinterpret_cast<std::uint64_t>(__builtin_frame_address(0));
  if (__builtin_expect(frame - bottom < memory::stack_guard_bytes + stack_room_bytes, 0)) {
    // As if it had come so far: one way for all overflows (crash.cpp).
    static_cast<void>(*reinterpret_cast<const volatile char*>(bottom));
  }
}

}  // namespace mapquake::runtime
