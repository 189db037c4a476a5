// Reads of heap memory that nothing has written since it was allocated. Fresh blocks hold a pattern, which copying
// carries along: a read that finds it has, but for a rare coincidence, found no value. By itself that is no defect (who
// copies a struct reads its padding); run/fresh_memory.hpp finds out whether it decides anything.
#pragma once

#include "harness/memory/arena.hpp"
#include "harness/runtime/state.hpp"

#include <cstdint>
#include <cstring>
#include <span>

namespace mapquake::runtime {

/// Of the current or the last execution, in order; no more than fresh_reads_max.
std::span<const FreshRead> fresh_reads();
inline constexpr std::size_t fresh_reads_max = 1024;

/// That this read decided: the read, and who allocated the memory.
Finding finding_of(const FreshRead& read);

/// The current thread is about to read so many bytes there, and finds the pattern.
void note_fresh_read(const Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc);

/// Do the 1, 2, 4, 8 or 16 bytes hold the pattern?
template <unsigned bytes>
inline bool holds_pattern(std::uint64_t address) {
  if constexpr (bytes == 16) {
    return holds_pattern<8>(address) && holds_pattern<8>(address + 8);
  } else {
    constexpr std::uint64_t pattern = memory::fresh_pattern * (~std::uint64_t{0} / 0xff) >> (64 - bytes * 8);
    std::uint64_t found = 0;
    std::memcpy(&found, reinterpret_cast<const void*>(address), bytes);
    return found == pattern;
  }
}

/// Do any of the bytes hold it? What is copied may be looked at in registers.
inline bool holds_some_pattern(std::uint64_t address, std::uint64_t bytes) {
  return std::memchr(reinterpret_cast<const void*>(address), memory::fresh_pattern, bytes) != nullptr;
}

}  // namespace mapquake::runtime
