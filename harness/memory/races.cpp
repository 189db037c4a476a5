#include "harness/memory/races.hpp"

#include "harness/base/assert.hpp"

#include <sys/mman.h>
#include <algorithm>
#include <cstring>

namespace mapquake::memory {

constinit Races races;

namespace {

constexpr std::size_t bytes_per_word = 64;  // of shadow
constexpr std::uint64_t shadow_bytes = race_arena_bytes / 8 * bytes_per_word;
constexpr std::uint64_t kept_arena_bytes = std::uint64_t{1} << 22;  // whose shadow stays from execution to execution
constexpr std::uint64_t pc_mask = (std::uint64_t{1} << 48) - 1;

constexpr unsigned mask_of(std::uint64_t key) {
  return (key >> 32) & 0xff;
}
constexpr unsigned thread_of(std::uint64_t key) {
  return (key >> 40) & 0xff;
}
constexpr unsigned kind_of(std::uint64_t key) {
  return (key >> 48) & 0xff;
}
constexpr bool is_write(unsigned kind) {
  return (kind & 1) != 0;
}
constexpr bool is_atomic(unsigned kind) {
  return (kind & 2) != 0;
}

}  // namespace

const char* name_of(AccessKind kind) {
  switch (kind) {
    case AccessKind::read:
      return "read";
    case AccessKind::write:
      return "write";
    case AccessKind::atomic_read:
      return "atomic read";
    case AccessKind::atomic_write:
      return "atomic write";
    case AccessKind::release:
      return "free";
  }
  return "access";
}

void Races::open() {
  map_fixed(race_shadow_base, shadow_bytes);
}

void Races::watch_data(std::uint64_t first, std::uint64_t bytes) {
  data_first_ = first & ~std::uint64_t{7};
  data_bytes_ = bytes + (first - data_first_);
  data_cells_ =
      static_cast<Cell*>(map_fixed(race_shadow_base + shadow_bytes + 4096, (data_bytes_ / 8 + 1) * bytes_per_word));
}

void Races::begin_execution(std::uint64_t arena_bytes_used) {
  active_ = stopped_ = false;
  const bool anew = order_.begin_execution();
  if (anew || arena_bytes_used > kept_arena_bytes) {
    const std::uint64_t kept = anew ? 0 : kept_arena_bytes / 8 * bytes_per_word;
    ::madvise(reinterpret_cast<void*>(race_shadow_base + kept), shadow_bytes - kept, MADV_DONTNEED);
  }
  if (anew && data_bytes_ != 0) std::memset(static_cast<void*>(data_cells_), 0, (data_bytes_ / 8 + 1) * bytes_per_word);
}

void Races::start(ThreadId child, ThreadId parent) {
  if (given_up_) return;
  order_.start(child, parent);
  if (child != parent) active_ = !stopped_;
}

bool Races::note_slowly(Cell* cells, std::uint64_t key, const RaceAccess& mine, RaceAccess& earlier) {
  const VectorClock& clock = order_.clock_of(mine.thread);
  const Time base = order_.base();
  const unsigned mask = mask_of(key);
  const auto kind = static_cast<unsigned>(mine.kind);
  unsigned target = cells_per_word;
  for (unsigned i = 0; i < cells_per_word; ++i) {
    const std::uint64_t old = cells[i].key;
    const auto time = static_cast<std::uint32_t>(old);
    if (time < base) {
      if (target == cells_per_word) target = i;
      continue;
    }
    if ((mask_of(old) & mask) == 0) continue;
    const unsigned other = thread_of(old);
    const unsigned old_kind = kind_of(old);
    const bool conflict = (is_write(old_kind) || is_write(kind)) && !(is_atomic(old_kind) && is_atomic(kind));
    if (other != mine.thread && time > clock[static_cast<ThreadId>(other)]) {
      if (!conflict) continue;
      earlier = {static_cast<ThreadId>(other), static_cast<std::uint16_t>(cells[i].where >> 48),
                 static_cast<AccessKind>(old_kind), cells[i].where & pc_mask};
      return true;
    }
    // The old one is ordered before this one. Whatever is unordered with it is so with this one as well, if this one
    // touches the same bytes and conflicts with no less: then this one is enough to remember.
    const bool covers = (mask_of(old) & ~mask) == 0;
    const bool conflicts_with_no_less =
        (is_write(kind) || !is_write(old_kind)) && (!is_atomic(kind) || is_atomic(old_kind));
    if (covers && conflicts_with_no_less) {
      cells[i].key = 0;
      if (target == cells_per_word || i == mine.thread % cells_per_word) target = i;
    }
  }
  const unsigned preferred = mine.thread % cells_per_word;
  if (static_cast<std::uint32_t>(cells[preferred].key) < base) target = preferred;
  if (target == cells_per_word) target = preferred;
  cells[target] = {key, (mine.pc & pc_mask) | std::uint64_t{mine.op} << 48};
  return false;
}

bool Races::access_long(std::uint64_t address, std::uint64_t bytes, const RaceAccess& mine, RaceAccess& earlier) {
  const std::uint64_t end = address + std::min(bytes, race_access_bytes);
  bool races = false;
  for (std::uint64_t at = address; at < end && !races;) {
    const std::uint64_t part_end = std::min(end, (at & ~std::uint64_t{7}) + 8);
    const unsigned part_mask = ((1U << (part_end - at)) - 1) << (at & 7);
    if (Cell* const cells = cells_of(at)) races = note(cells, part_mask, mine, earlier);
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
