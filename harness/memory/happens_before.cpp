#include "harness/memory/happens_before.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>

namespace mapquake::memory {

namespace {

constexpr Time base_max = UINT32_MAX / 2;
constexpr std::size_t table_start = 1024;

}  // namespace

bool HappensBefore::begin_execution() {
  Time latest = base_;
  for (unsigned t = 0; t < count_; ++t) latest = std::max(latest, clocks_[t][t]);
  base_ = latest + 1;
  const bool anew = base_ > base_max;
  if (anew) base_ = 1;
  if (++execution_ == 0) {
    std::fill(table_.begin(), table_.end(), Sync{});
    execution_ = 1;
  }
  count_ = 0;
  entries_ = 0;
  pool_.clear();
  any_unseen_ = false;
  mixed_count_ = 0;
  return anew;
}

void HappensBefore::start(ThreadId child, ThreadId parent) {
  MQ_ASSERT(child < threads_max && parent < threads_max);
  if (child < count_) {
    // A new life: whoever is ordered behind the thread's last one is not ordered behind this.
    tick(child);
    has_released_[child] = has_seen_[child] = false;
  }
  for (; count_ <= child; ++count_) {
    for (unsigned t = 0; t < count_; ++t) clocks_[t][count_] = base_ - 1;
    clocks_[count_].fill(base_ - 1);
    clocks_[count_][count_] = base_;
    has_released_[count_] = has_seen_[count_] = false;
  }
  if (child == parent) return;
  const Time own = now(child);
  clocks_[child].join(clocks_[parent], count_);
  clocks_[child][child] = own;
  tick(parent);
}

void HappensBefore::join(ThreadId waiter, ThreadId ended) {
  clocks_[waiter].join(clocks_[ended], count_);
}

HappensBefore::Sync& HappensBefore::slot_for(std::uint64_t object) {
  const std::size_t mask = table_.size() - 1;
  for (std::size_t i = (object * 0x9e3779b97f4a7c15ULL) >> 20;; ++i) {
    Sync& sync = table_[i & mask];
    if (sync.execution != execution_ || sync.object == object) return sync;
  }
}

HappensBefore::Sync* HappensBefore::find(std::uint64_t object) {
  if (entries_ == 0) return nullptr;
  Sync& sync = slot_for(object);
  return sync.execution == execution_ ? &sync : nullptr;
}

void HappensBefore::grow() {
  std::vector<Sync> old(std::max(table_start, table_.size() * 2));
  old.swap(table_);
  for (const Sync& sync : old) {
    if (sync.execution == execution_) slot_for(sync.object) = sync;
  }
}

HappensBefore::Sync& HappensBefore::make(std::uint64_t object) {
  if (Sync* const sync = find(object)) return *sync;
  if ((entries_ + 1) * 2 > table_.size()) grow();
  ++entries_;
  Sync& sync = slot_for(object);
  sync = {.object = object, .execution = execution_};
  return sync;
}

void HappensBefore::join_into(Sync& sync, const VectorClock& clock) {
  if (sync.length < count_) {
    const auto at = static_cast<std::uint32_t>(pool_.size());
    pool_.resize(at + count_, base_ - 1);
    std::copy_n(pool_.begin() + sync.at, sync.length, pool_.begin() + at);
    sync.at = at;
    sync.length = static_cast<std::uint16_t>(count_);
  }
  Time* const times = pool_.data() + sync.at;
  for (unsigned u = 0; u < count_; ++u) times[u] = std::max(times[u], clock.times()[u]);
}

void HappensBefore::clear(const Sync& sync) {
  std::fill_n(pool_.begin() + sync.at, sync.length, base_ - 1);
}

void HappensBefore::set(Sync& sync, const VectorClock& clock) {
  clear(sync);
  join_into(sync, clock);
}

void HappensBefore::acquire(ThreadId thread, std::uint64_t object) {
  if (const Sync* const sync = find(object)) clocks_[thread].join(pool_.data() + sync->at, sync->length);
}

void HappensBefore::release(ThreadId thread, std::uint64_t object) {
  join_into(make(object), clocks_[thread]);
  tick(thread);
}

VectorClock& HappensBefore::relaxed_view_of(ThreadId thread) {
  if (!has_seen_[thread]) seen_relaxed_[thread].fill(base_ - 1);
  has_seen_[thread] = true;
  return seen_relaxed_[thread];
}

// A value that no instrumented operation has left was stored by code that is not seen, by whatever thread. Where none
// is known to have been left, only the threads that ran such code can have stored it.
const VectorClock* HappensBefore::unseen_behind(const Sync* sync, AtomicValue found) {
  if (sync == nullptr || sync->bytes == 0) return any_unseen_ ? &unseen_ : nullptr;
  if (sync->bytes != found.bytes || sync->value == found.bits) return nullptr;
  everybody_.fill(base_ - 1);
  join_all(everybody_);
  return &everybody_;
}

void HappensBefore::join_all(VectorClock& clock) {
  for (unsigned u = 0; u < count_; ++u) {
    const auto thread = static_cast<ThreadId>(u);
    clock[thread] = std::max(clock[thread], clocks_[thread][thread]++);
  }
}

void HappensBefore::mix_sizes(std::uint64_t word) {
  const auto end = mixed_words_.begin() + std::min<std::size_t>(mixed_count_, mixed_words_.size());
  if (std::find(mixed_words_.begin(), end, word) != end) return;
  if (mixed_count_ < mixed_words_.size()) mixed_words_[mixed_count_] = word;
  if (mixed_count_ <= mixed_words_.size()) ++mixed_count_;
}

bool HappensBefore::has_mixed_sizes(std::uint64_t address, unsigned bytes) {
  if (bytes == 16) {
    mix_sizes(address);
    mix_sizes(address + 8);
    return true;
  }
  if (mixed_count_ > mixed_words_.size()) return true;
  const auto end = mixed_words_.begin() + mixed_count_;
  return std::find(mixed_words_.begin(), end, address & ~std::uint64_t{7}) != end;
}

/// The other atomic objects that share bytes with this one. None begins before the 16 bytes that hold it.
template <class Joined>
void HappensBefore::for_each_overlapping(std::uint64_t address, unsigned bytes, Joined joined) {
  for (std::uint64_t at = address & ~std::uint64_t{15}; at < address + bytes; ++at) {
    if (at == address) continue;
    const Sync* const sync = find(at);
    if (sync != nullptr && at + sync->bytes > address) joined(*sync);
  }
}

void HappensBefore::atomic_load(ThreadId thread, std::uint64_t address, int order, AtomicValue found) {
  const Sync* const sync = find(address);
  if (__builtin_expect(mixed_count_ != 0 || found.bytes == 16, 0) && has_mixed_sizes(address, found.bytes)) {
    VectorClock& mine = acquires(order) ? clocks_[thread] : relaxed_view_of(thread);
    for_each_overlapping(address, found.bytes,
                         [&](const Sync& other) { mine.join(pool_.data() + other.at, other.length); });
  }
  const VectorClock* const unseen = unseen_behind(sync, found);
  if (sync == nullptr && unseen == nullptr) return;
  VectorClock& clock = acquires(order) ? clocks_[thread] : relaxed_view_of(thread);
  if (sync != nullptr) clock.join(pool_.data() + sync->at, sync->length);
  if (unseen != nullptr) clock.join(*unseen, count_);
}

void HappensBefore::atomic_store(ThreadId thread, std::uint64_t address, int order, AtomicValue left) {
  if (left.bytes == 16) has_mixed_sizes(address, 16);  // who reads a half of it finds it from now on
  Sync& sync = make(address);
  if (releases(order)) {
    set(sync, clocks_[thread]);
    tick(thread);
  } else {
    if (sync.owner != thread) clear(sync);  // another thread's store ends the release sequence
    if (has_released_[thread]) join_into(sync, fence_released_[thread]);
  }
  sync.owner = thread;
  sync.bit_taker = no_thread;
  sync.bytes = left.bytes;
  sync.value = left.bits;
}

void HappensBefore::atomic_modify(ThreadId thread, std::uint64_t address, int order, AtomicValue found,
                                  std::uint64_t left) {
  Sync& sync = make(address);
  if (const VectorClock* const unseen = unseen_behind(&sync, found)) join_into(sync, *unseen);
  VectorClock& clock = acquires(order) ? clocks_[thread] : relaxed_view_of(thread);
  clock.join(pool_.data() + sync.at, sync.length);
  if (__builtin_expect(mixed_count_ != 0 || found.bytes == 16, 0) && has_mixed_sizes(address, found.bytes)) {
    for_each_overlapping(address, found.bytes,
                         [&](const Sync& other) { clock.join(pool_.data() + other.at, other.length); });
  }
  if (sync.length == 0) sync.owner = thread;
  const bool gives_bit_back = sync.bit_taker == thread && found.bits == (left | 1) && (left & 1) == 0;
  const bool takes_bit =
      found.bytes == sizeof(void*) && acquires(order) && left == (found.bits | 1) && left != found.bits;
  sync.bit_taker = takes_bit ? thread : no_thread;
  if (releases(order) || gives_bit_back) {
    join_into(sync, clocks_[thread]);
    tick(thread);
  } else if (has_released_[thread]) {
    join_into(sync, fence_released_[thread]);
  }
  sync.bytes = found.bytes;
  sync.value = left;
}

void HappensBefore::fence(ThreadId thread, int order) {
  if (acquires(order) && has_seen_[thread]) clocks_[thread].join(seen_relaxed_[thread], count_);
  if (releases(order)) {
    fence_released_[thread] = clocks_[thread];
    has_released_[thread] = true;
    tick(thread);
  }
}

void HappensBefore::published(std::uint64_t address, AtomicValue found, std::span<Time> clock) {
  std::fill(clock.begin(), clock.end(), base_ - 1);
  const Sync* const sync = find(address);
  const VectorClock* const unseen = unseen_behind(sync, found);
  const std::size_t kept = sync == nullptr ? 0 : std::min<std::size_t>(sync->length, clock.size());
  if (kept != 0) std::copy_n(pool_.begin() + sync->at, kept, clock.begin());
  for (std::size_t u = 0; unseen != nullptr && u < clock.size(); ++u) clock[u] = std::max(clock[u], unseen->times()[u]);
  if (__builtin_expect(mixed_count_ == 0, 1) || !has_mixed_sizes(address, found.bytes)) return;
  for_each_overlapping(address, found.bytes, [&](const Sync& other) {
    for (std::size_t u = 0; u < std::min<std::size_t>(other.length, clock.size()); ++u) {
      clock[u] = std::max(clock[u], pool_[other.at + u]);
    }
  });
}

void HappensBefore::load_older(ThreadId thread, int order, std::span<const Time> clock) {
  VectorClock& mine = acquires(order) ? clocks_[thread] : relaxed_view_of(thread);
  mine.join(clock.data(), static_cast<unsigned>(clock.size()));
}

void HappensBefore::store_older(ThreadId thread, int order, std::span<Time> clock) {
  std::fill(clock.begin(), clock.end(), base_ - 1);
  if (!releases(order) && !has_released_[thread]) return;
  const VectorClock& mine = releases(order) ? clocks_[thread] : fence_released_[thread];
  std::copy_n(mine.times(), clock.size(), clock.begin());
  if (releases(order)) tick(thread);
}

void HappensBefore::unseen_release(ThreadId thread) {
  if (!any_unseen_) unseen_.fill(base_ - 1);
  any_unseen_ = true;
  unseen_.join(clocks_[thread], count_);
  tick(thread);
}

void HappensBefore::unseen_acquire(ThreadId thread) {
  join_all(clocks_[thread]);
  tick(thread);
}

void HappensBefore::barrier() {
  for (unsigned t = 0; t < count_; ++t) join_all(clocks_[t]);
  for (unsigned t = 0; t < count_; ++t) tick(static_cast<ThreadId>(t));
}

}  // namespace mapquake::memory
