#include "harness/memory/races.hpp"

#include "harness/base/assert.hpp"

#include <sys/mman.h>
#include <algorithm>
#include <cstring>
#include <utility>

namespace mapquake::memory {

constinit Races races;

namespace {

constexpr std::size_t bytes_per_word = 64;  // of shadow
constexpr std::uint32_t base_max = UINT32_MAX / 2;
constexpr std::size_t table_start = 1024;
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
  map_fixed(race_shadow_base, arena_bytes / 8 * bytes_per_word);
}

void Races::watch_data(std::uint64_t first, std::uint64_t bytes) {
  data_first_ = first & ~std::uint64_t{7};
  data_bytes_ = bytes + (first - data_first_);
  data_cells_ = static_cast<Cell*>(
      map_fixed(race_shadow_base + arena_bytes / 8 * bytes_per_word + 4096, (data_bytes_ / 8 + 1) * bytes_per_word));
}

void Races::begin_execution() {
  std::uint32_t latest = base_;
  for (unsigned t = 0; t < count_; ++t) latest = std::max(latest, clocks_[t][t]);
  base_ = latest + 1;
  if (base_ > base_max) {
    ::madvise(reinterpret_cast<void*>(race_shadow_base), arena_bytes / 8 * bytes_per_word, MADV_DONTNEED);
    if (data_bytes_ != 0) std::memset(static_cast<void*>(data_cells_), 0, (data_bytes_ / 8 + 1) * bytes_per_word);
    base_ = 1;
  }
  if (++execution_ == 0) {
    std::fill(table_.begin(), table_.end(), Sync{});
    execution_ = 1;
  }
  count_ = 0;
  entries_ = 0;
  pool_.clear();
  active_ = false;
}

void Races::start(ThreadId child, ThreadId parent) {
  if (given_up_) return;
  MQ_ASSERT(child < race_threads_max && parent < race_threads_max);
  for (; count_ <= child; ++count_) {
    for (unsigned t = 0; t < count_; ++t) clocks_[t][count_] = base_ - 1;
    clocks_[count_].fill(base_ - 1);
    clocks_[count_][count_] = base_;
    has_released_[count_] = has_seen_[count_] = false;
  }
  if (child == parent) return;
  active_ = true;
  for (unsigned u = 0; u < count_; ++u) {
    if (u != child) clocks_[child][u] = clocks_[parent][u];
  }
  tick(parent);
}

void Races::join(ThreadId waiter, ThreadId ended) {
  for (unsigned u = 0; u < count_; ++u) clocks_[waiter][u] = std::max(clocks_[waiter][u], clocks_[ended][u]);
}

std::size_t Races::slot_for(std::uint64_t object) const {
  const std::size_t mask = table_.size() - 1;
  for (std::size_t i = (object * 0x9e3779b97f4a7c15ULL) >> 20;; ++i) {
    const Sync& sync = table_[i & mask];
    if (sync.execution != execution_ || sync.object == object) return i & mask;
  }
}

const Races::Sync* Races::find(std::uint64_t object) const {
  if (entries_ == 0) return nullptr;
  const Sync& sync = table_[slot_for(object)];
  return sync.execution == execution_ ? &sync : nullptr;
}

Races::Sync* Races::find(std::uint64_t object) {
  return const_cast<Sync*>(std::as_const(*this).find(object));
}

void Races::grow() {
  std::vector<Sync> old(std::max(table_start, table_.size() * 2));
  old.swap(table_);
  for (const Sync& sync : old) {
    if (sync.execution == execution_) table_[slot_for(sync.object)] = sync;
  }
}

Races::Sync& Races::make(std::uint64_t object) {
  if (Sync* const sync = find(object)) return *sync;
  if ((entries_ + 1) * 2 > table_.size()) grow();
  ++entries_;
  Sync& sync = table_[slot_for(object)];
  sync = {.object = object, .execution = execution_};
  return sync;
}

void Races::join_into(Sync& sync, const Clock& clock) {
  if (sync.length < count_) {
    const auto at = static_cast<std::uint32_t>(pool_.size());
    pool_.resize(at + count_, base_ - 1);
    std::copy_n(pool_.begin() + sync.at, sync.length, pool_.begin() + at);
    sync.at = at;
    sync.length = static_cast<std::uint16_t>(count_);
  }
  for (unsigned u = 0; u < count_; ++u) pool_[sync.at + u] = std::max(pool_[sync.at + u], clock[u]);
}

void Races::set(Sync& sync, const Clock& clock) {
  std::fill_n(pool_.begin() + sync.at, sync.length, base_ - 1);
  join_into(sync, clock);
}

void Races::join_from(Clock& clock, const Sync& sync) const {
  for (unsigned u = 0; u < sync.length; ++u) clock[u] = std::max(clock[u], pool_[sync.at + u]);
}

void Races::acquire(ThreadId thread, std::uint64_t object) {
  if (const Sync* const sync = find(object)) join_from(clocks_[thread], *sync);
}

void Races::release(ThreadId thread, std::uint64_t object) {
  join_into(make(object), clocks_[thread]);
  tick(thread);
}

void Races::atomic_load(ThreadId thread, std::uint64_t address, int order) {
  const Sync* const sync = find(address);
  if (sync == nullptr) return;
  if (acquires(order)) {
    join_from(clocks_[thread], *sync);
    return;
  }
  if (!has_seen_[thread]) seen_relaxed_[thread].fill(base_ - 1);
  has_seen_[thread] = true;
  join_from(seen_relaxed_[thread], *sync);
}

void Races::atomic_store(ThreadId thread, std::uint64_t address, int order) {
  if (releases(order)) {
    Sync& sync = make(address);
    set(sync, clocks_[thread]);
    sync.owner = thread;
    tick(thread);
    return;
  }
  if (has_released_[thread]) {
    Sync& sync = make(address);
    const bool continues = sync.length != 0 && sync.owner == thread;
    if (!continues) set(sync, fence_released_[thread]);
    if (continues) join_into(sync, fence_released_[thread]);
    sync.owner = thread;
    return;
  }
  if (Sync* const sync = find(address); sync != nullptr && sync->owner != thread) {
    std::fill_n(pool_.begin() + sync->at, sync->length, base_ - 1);  // another thread's store ends the sequence
  }
}

void Races::atomic_modify(ThreadId thread, std::uint64_t address, int order) {
  atomic_load(thread, address, acquires(order) ? order : 0);
  if (releases(order)) {
    Sync& sync = make(address);
    if (sync.length == 0) sync.owner = thread;
    join_into(sync, clocks_[thread]);
    tick(thread);
  } else if (has_released_[thread]) {
    Sync& sync = make(address);
    if (sync.length == 0) sync.owner = thread;
    join_into(sync, fence_released_[thread]);
  }
}

void Races::fence(ThreadId thread, int order) {
  if (acquires(order) && has_seen_[thread]) {
    for (unsigned u = 0; u < count_; ++u) {
      clocks_[thread][u] = std::max(clocks_[thread][u], seen_relaxed_[thread][u]);
    }
  }
  if (releases(order)) {
    fence_released_[thread] = clocks_[thread];
    has_released_[thread] = true;
    tick(thread);
  }
}

void Races::published(std::uint64_t address, std::span<std::uint32_t> clock) const {
  std::fill(clock.begin(), clock.end(), base_ - 1);
  const Sync* const sync = find(address);
  if (sync == nullptr) return;
  std::copy_n(pool_.begin() + sync->at, std::min<std::size_t>(sync->length, clock.size()), clock.begin());
}

void Races::load_older(ThreadId thread, std::span<const std::uint32_t> clock, int order) {
  if (!acquires(order) && !has_seen_[thread]) seen_relaxed_[thread].fill(base_ - 1);
  has_seen_[thread] |= !acquires(order);
  Clock& mine = acquires(order) ? clocks_[thread] : seen_relaxed_[thread];
  for (unsigned u = 0; u < clock.size(); ++u) mine[u] = std::max(mine[u], clock[u]);
}

void Races::store_older(ThreadId thread, std::span<std::uint32_t> clock, int order) {
  std::fill(clock.begin(), clock.end(), base_ - 1);
  if (!releases(order) && !has_released_[thread]) return;
  const Clock& mine = releases(order) ? clocks_[thread] : fence_released_[thread];
  std::copy_n(mine.begin(), clock.size(), clock.begin());
  if (releases(order)) tick(thread);
}

bool Races::note_slowly(Cell* cells, std::uint64_t key, const RaceAccess& mine, RaceAccess& earlier) {
  const Clock& clock = clocks_[mine.thread];
  const unsigned mask = mask_of(key);
  const auto kind = static_cast<unsigned>(mine.kind);
  unsigned target = cells_per_word;
  for (unsigned i = 0; i < cells_per_word; ++i) {
    const std::uint64_t old = cells[i].key;
    const auto time = static_cast<std::uint32_t>(old);
    if (time < base_) {
      if (target == cells_per_word) target = i;
      continue;
    }
    if ((mask_of(old) & mask) == 0) continue;
    const unsigned other = thread_of(old);
    const unsigned old_kind = kind_of(old);
    const bool conflict = (is_write(old_kind) || is_write(kind)) && !(is_atomic(old_kind) && is_atomic(kind));
    if (other != mine.thread && time > clock[other]) {
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
  if (static_cast<std::uint32_t>(cells[preferred].key) < base_) target = preferred;
  if (target == cells_per_word) target = preferred;
  cells[target] = {key, (mine.pc & pc_mask) | std::uint64_t{mine.op} << 48};
  return false;
}

bool Races::access_long(std::uint64_t address, std::uint64_t bytes, const RaceAccess& mine, RaceAccess& earlier) {
  const std::uint64_t end = address + bytes;
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
  std::memset(static_cast<void*>(cells_of(address)), 0, (bytes + 7) / 8 * bytes_per_word);
}

}  // namespace mapquake::memory
