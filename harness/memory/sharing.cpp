#include "harness/memory/sharing.hpp"

#include "harness/base/assert.hpp"

#include <sys/mman.h>
#include <cstring>

namespace mapquake::memory {

constinit Sharing sharing;

namespace {

constexpr std::uint64_t shadow_above(std::size_t arena_bytes_below) {
  return shadow_base + (arena_base + arena_bytes_below - span_base);
}

}  // namespace

void Sharing::open() {
  map_fixed(shadow_base, span_bytes);
  use_large_pages(shadow_above(small_pages_arena_bytes), arena_bytes - small_pages_arena_bytes);
}

void Sharing::watch_data(std::uint64_t first, std::uint64_t bytes) {
  data_first_ = first & ~std::uint64_t{7};
  data_bytes_ = bytes + (first - data_first_);
  data_cells_ = static_cast<LastAccess*>(map_fixed(shadow_base + span_bytes + 4096, data_bytes_ + 8));
}

void Sharing::begin_execution(Time base, bool anew, std::uint64_t arena_bytes_used) {
  base_ = base;
  if (!anew) {
    if (arena_bytes_used <= usual_arena_bytes) return;
    ::madvise(reinterpret_cast<void*>(shadow_above(usual_arena_bytes)), arena_bytes - usual_arena_bytes, MADV_DONTNEED);
    return;
  }
  ::madvise(reinterpret_cast<void*>(shadow_base), span_bytes, MADV_DONTNEED);
  if (data_bytes_ != 0) std::memset(static_cast<void*>(data_cells_), 0, data_bytes_);
}

void Sharing::forget() {
  learned_.fill(0);
  learned_count_ = 0;
}

void Sharing::outdate(std::uint64_t address, std::uint64_t bytes) {
  MQ_ASSERT(in_arena(address));
  LastAccess* const first = cell_of(address);
  for (std::uint64_t word = 0; word < (bytes + 7) / 8; ++word) first[word] = first[word].outdated();
}

}  // namespace mapquake::memory
