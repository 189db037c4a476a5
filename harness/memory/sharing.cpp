#include "harness/memory/sharing.hpp"

#include "harness/base/assert.hpp"

#include <sys/mman.h>
#include <cstring>

namespace mapquake::memory {

constinit Sharing sharing;

void Sharing::open() {
  map_fixed(shadow_base, span_bytes);
}

void Sharing::watch_data(std::uint64_t first, std::uint64_t bytes) {
  data_first_ = first & ~std::uint64_t{7};
  data_bytes_ = bytes + (first - data_first_);
  data_cells_ = static_cast<std::uint64_t*>(map_fixed(shadow_base + span_bytes + 4096, data_bytes_ + 8));
}

void Sharing::begin_execution() {
  if (++execution_ <= execution_mask) return;
  // The stamps have come round: cells of eight million executions ago would look new.
  ::madvise(reinterpret_cast<void*>(shadow_base), span_bytes, MADV_DONTNEED);
  if (data_bytes_ != 0) std::memset(data_cells_, 0, data_bytes_);
  execution_ = 1;
}

void Sharing::forget() {
  learned_.fill(0);
  learned_count_ = 0;
}

}  // namespace mapquake::memory
