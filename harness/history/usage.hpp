// What an operation used: the figures that a budget can bound, and that reports show.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mapquake {

enum class Figure : std::uint8_t {
  steps,            ///< instrumented events: accesses, atomics, calls into libc
  latency_ns,       ///< virtual time from call to return, without what injected faults took from this thread itself
  allocations,      ///< that succeeded
  allocated_bytes,  ///< asked for, freed or not
  copied_bytes,     ///< by block copies: aggregates, memcpy and memmove, realloc; words and pointers are no block
  lock_steps,       ///< steps with a mutex, reader-writer or spin lock held, shared or exclusive
  waits,            ///< times that the thread had to wait for another
  live_bytes,       ///< not of an operation: allocated when all threads have ended, less what was before construction
};
inline constexpr unsigned figure_count = 8;

/// Of one call. All 0 for calls that did not return.
struct Usage {
  std::uint64_t steps = 0;
  std::uint64_t latency_ns = 0;
  std::uint64_t allocated_bytes = 0;
  std::uint64_t copied_bytes = 0;
  std::uint64_t lock_steps = 0;
  std::uint64_t delayed_ns = 0;     ///< what injected delays took from this thread itself; latency_ns is without it
  std::uint64_t largest_block = 0;  ///< bytes asked for, of the largest allocation, one that failed included
  std::uint32_t allocations = 0;
  std::uint32_t waits = 0;
  std::uint32_t faults = 0;  ///< that were injected into it
};

/// Requires: not live_bytes, which no call has.
std::uint64_t value_of(const Usage& usage, Figure figure);
/// "steps", "latency_ns", …
std::string_view name_of(Figure figure);
std::optional<Figure> figure_from_name(std::string_view name);
/// One sentence, as `mapquake help budgets` prints it.
std::string_view sentence_for(Figure figure);

}  // namespace mapquake
