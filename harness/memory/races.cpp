#include "harness/memory/races.hpp"

#include "harness/base/assert.hpp"

#include <sys/mman.h>
#include <algorithm>
#include <bit>
#include <cstring>

namespace mapquake::memory {

constinit Races races;

namespace {

constexpr std::size_t bytes_per_word = 64;  // of shadow
constexpr std::uint64_t shadow_bytes = race_span_bytes / 8 * bytes_per_word;
constexpr std::uint64_t stack_shadow_bytes = stack_bytes / 8 * bytes_per_word;
/// That of the stacks and of what most executions use of the arena: it stays from execution to execution.
constexpr std::uint64_t kept_shadow_bytes =
    threads_max * stack_shadow_bytes + small_pages_arena_bytes / 8 * bytes_per_word;
constexpr std::uint64_t pc_mask = (std::uint64_t{1} << 48) - 1;

// Of a cell's key.
constexpr std::uint64_t same_bits = UINT32_MAX | std::uint64_t{0x1ff} << 40;
constexpr std::uint64_t bytes_bits = std::uint64_t{0xff} << 32;
constexpr std::uint64_t write_bit = std::uint64_t{1} << 49;
constexpr std::uint64_t atomic_bit = std::uint64_t{1} << 50;
constexpr ThreadId thread_of(std::uint64_t key) {
  return key >> 40 & 0x1ff;
}
constexpr bool conflict(std::uint64_t one, std::uint64_t other) {
  return ((one | other) & write_bit) != 0 && (one & other & atomic_bit) == 0;
}
/// At the same time the same thread has touched these bytes in a way that conflicts with no less.
constexpr bool is_remembered(std::uint64_t old, std::uint64_t key) {
  return (((old ^ key) & same_bits) | (key & ~old & (bytes_bits | write_bit)) | (old & ~key & atomic_bit)) == 0;
}
/// Whatever is unordered with the old access, which is ordered before the new one, is so with the new one as well, if
/// that touches the same bytes and conflicts with no less: then it is enough to remember the new one.
constexpr bool is_replaced(std::uint64_t old, std::uint64_t key) {
  return ((old & ~key & (bytes_bits | write_bit)) | (key & ~old & atomic_bit)) == 0;
}

}  // namespace

void Races::open() {
  map_fixed(race_shadow_base, shadow_bytes);
  use_large_pages(race_shadow_base + kept_shadow_bytes, shadow_bytes - kept_shadow_bytes);
}

void Races::watch_data(std::uint64_t first, std::uint64_t bytes) {
  data_first_ = first & ~std::uint64_t{7};
  data_bytes_ = bytes + (first - data_first_);
  data_cells_ =
      static_cast<Cell*>(map_fixed(race_shadow_base + shadow_bytes + 4096, (data_bytes_ / 8 + 1) * bytes_per_word));
}

bool Races::begin_execution(std::uint64_t arena_bytes_used) {
  active_ = stopped_ = false;
  alone_ = true;
  visited_.reset();
  const bool anew = order_.begin_execution();
  if (anew || arena_bytes_used > small_pages_arena_bytes) {
    const std::uint64_t kept = anew ? 0 : kept_shadow_bytes;
    ::madvise(reinterpret_cast<void*>(race_shadow_base + kept), shadow_bytes - kept, MADV_DONTNEED);
  }
  if (anew && data_bytes_ != 0) std::memset(static_cast<void*>(data_cells_), 0, (data_bytes_ / 8 + 1) * bytes_per_word);
  return anew;
}

void Races::start(ThreadId child, ThreadId parent) {
  order_.start(child, parent);
  if (child < threads_max && visited_.test(child)) {
    visited_.reset(child);
    ::madvise(reinterpret_cast<void*>(race_shadow_base + child * stack_shadow_bytes), stack_shadow_bytes,
              MADV_DONTNEED);
  }
  if (child == parent) return;
  active_ = !stopped_;
  alone_ = false;
}

RaceAccess Races::access_in(const Cell& cell, std::uint64_t address) {
  const auto touched = static_cast<std::uint8_t>(cell.key >> 32);
  const std::uint64_t first = (address & ~std::uint64_t{7}) + static_cast<unsigned>(std::countr_zero(touched));
  return {.thread = thread_of(cell.key),
          .op = static_cast<OpIndex>(cell.where >> 48 | cell.key >> 52 << 16),
          .kind = static_cast<AccessKind>(cell.key >> 49 & 7),
          .pc = cell.where & pc_mask,
          .address = std::max(address, first)};
}

void Races::tell_mixed_sizes(std::uint64_t address) {
  sizes_mix_ = false;
  order_.mix_sizes(address & ~std::uint64_t{7});
}

bool Races::is_unordered(std::uint64_t old, ThreadId thread) const {
  const ThreadId other = thread_of(old);
  return other != thread && time_of(old) > order_.clock_of(thread)[other];
}

const Races::Cell* Races::note(Cell* const cells, const Cell mine) {
  const ThreadId thread = thread_of(mine.key);
  for (Cell* cell = cells; cell != cells + cells_per_word; ++cell) {
    if (!is_current(*cell)) {
      *cell = mine;
      return nullptr;
    }
    const std::uint64_t old = cell->key;
    if ((old & mine.key & bytes_bits) == 0) continue;
    if (((old ^ mine.key) & bytes_bits) != 0 && (old & mine.key & atomic_bit) != 0) sizes_mix_ = true;
    if (is_unordered(old, thread)) {
      if (conflict(old, mine.key)) return cell;
      continue;
    }
    if (is_remembered(old, mine.key)) return nullptr;
    if (!is_replaced(old, mine.key)) continue;
    if (cell + 1 != cells + cells_per_word && is_current(cell[1])) return replace(cells, cell, mine);
    *cell = mine;
    return nullptr;
  }
  cells[thread % cells_per_word] = mine;
  return nullptr;
}

// `target` gives way to `mine`, and so do those behind it that may, unless one of them races.
const Races::Cell* Races::replace(Cell* const cells, Cell* const target, const Cell mine) {
  const ThreadId thread = thread_of(mine.key);
  for (Cell* cell = target + 1; cell != cells + cells_per_word && is_current(*cell);) {
    const std::uint64_t old = cell->key;
    const bool touches = (old & mine.key & bytes_bits) != 0;
    const bool unordered = touches && is_unordered(old, thread);
    if (unordered && conflict(old, mine.key)) return cell;
    if (touches && !unordered && is_remembered(old, mine.key)) return nullptr;
    if (touches && !unordered && is_replaced(old, mine.key)) {
      drop(cells, static_cast<unsigned>(cell - cells));
    } else {
      ++cell;
    }
  }
  *target = mine;
  return nullptr;
}

void Races::drop(Cell* cells, unsigned number) {
  unsigned last = number;
  while (last + 1 < cells_per_word && is_current(cells[last + 1])) ++last;
  cells[number] = cells[last];
  cells[last].key = 0;
}

bool Races::access_long(std::uint64_t address, std::uint64_t bytes, const RaceAccess& mine, RaceAccess& earlier) {
  const std::uint64_t end = address + std::min(bytes, race_access_bytes);
  bool races = false;
  for (std::uint64_t at = address; at < end && !races;) {
    const std::uint64_t part_end = std::min(end, (at & ~std::uint64_t{7}) + 8);
    const unsigned part_mask = ((1U << (part_end - at)) - 1) << (at & 7);
    if (Cell* const cells = cells_of(at)) {
      const Cell* const other = note(cells, cell_for(mine, part_mask));
      races = other != nullptr;
      if (races) earlier = access_in(*other, at);
      if (sizes_mix_) tell_mixed_sizes(at);
    }
    at = part_end;
  }
  return races;
}

void Races::forget(std::uint64_t address, std::uint64_t bytes) {
  MQ_ASSERT(in_arena(address));
  const std::uint64_t watched_end = arena_base + race_arena_bytes;
  if (address >= watched_end) return;
  const std::uint64_t words = (std::min(bytes, watched_end - address) + 7) / 8;
  std::memset(static_cast<void*>(cells_of(address)), 0, words * bytes_per_word);
}

}  // namespace mapquake::memory
