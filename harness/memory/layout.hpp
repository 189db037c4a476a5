// Where the memory of the map under test lies: at fixed addresses, the same in every process and every execution, so
// that pointer values, hashes of pointers and addresses in traces are reproducible.
#pragma once

#include "harness/choice/choice.hpp"

#include <cstddef>
#include <cstdint>

namespace mapquake::memory {

/// Per fiber, the lowest page is a guard: what Linux gives a thread that does not ask (pthread_create(3)).
inline constexpr std::size_t stack_bytes = std::size_t{1} << 23;
inline constexpr std::uint64_t page_bytes = 4096;
inline constexpr std::size_t stack_guard_bytes = page_bytes;

inline constexpr std::uint64_t arena_base = 0x1000'1080'0000;
inline constexpr std::uint64_t stacks_base = arena_base - threads_max * stack_bytes;
/// Of address space: many times what may be live at once (--memory-limit), for freed blocks are not given out again,
/// and small ones have red zones. A page that nobody touches costs nothing.
inline constexpr std::size_t arena_bytes = std::size_t{1} << 33;
/// Executions that use more than this of the arena are rare. What lies above it is given back when the execution has
/// ended.
inline constexpr std::size_t usual_arena_bytes = std::size_t{1} << 26;
/// Most use less than this. What lies above it, and its shadows, are backed by large pages: many small ones cost more
/// than what is done in them.
inline constexpr std::size_t small_pages_arena_bytes = std::size_t{1} << 22;
inline constexpr std::size_t large_page_bytes = std::size_t{1} << 21;

/// Stacks and arena are one span, so that one comparison tells whether an address has a shadow.
inline constexpr std::uint64_t span_base = stacks_base;
inline constexpr std::size_t span_bytes = threads_max * stack_bytes + arena_bytes;

inline constexpr std::uint64_t shadow_base = 0x1200'0000'0000;

constexpr bool in_span(std::uint64_t address) {
  return address - span_base < span_bytes;
}
constexpr bool in_arena(std::uint64_t address) {
  return address - arena_base < arena_bytes;
}
constexpr bool in_stacks(std::uint64_t address) {
  return address - stacks_base < threads_max * stack_bytes;
}
/// Whose stack `address` is in. REQUIRES: in_stacks(address).
constexpr unsigned stack_at(std::uint64_t address) {
  return static_cast<unsigned>((address - stacks_base) / stack_bytes);
}

/// The lowest address of a thread's stack, which is its guard's. REQUIRES: index <= threads_max.
constexpr std::uint64_t stack_bottom(std::uint64_t index) {
  return stacks_base + index * stack_bytes;
}
/// The address behind it.
constexpr std::uint64_t stack_top(std::uint64_t index) {
  return stack_bottom(index + 1);
}

/// Maps `bytes` of zeroes at a fixed address, not reserved, not inherited in core dumps. Asserts on failure.
void* map_fixed(std::uint64_t address, std::size_t bytes);

/// From now on pages from `address` on are large where the system has such: for memory that is filled from end to end.
void use_large_pages(std::uint64_t address, std::size_t bytes);

}  // namespace mapquake::memory
