#include "harness/memory/store_history.hpp"

#include "harness/memory/races.hpp"

#include <algorithm>

namespace mapquake::memory {

constinit StoreHistories store_histories(races.order());

namespace {

constexpr int seq_cst = 5;
constexpr std::size_t granules_start = 1024;
constexpr std::size_t stores_start = 1024;

constexpr std::uint64_t granule_of(std::uint64_t address) {
  return address / 8;
}

AtomicValue value_of(const StoreHistories::Access& access, std::uint64_t bits) {
  return {bits, static_cast<std::uint8_t>(access.bytes)};
}

}  // namespace

void StoreHistories::begin_execution(bool on) {
  on_ = on;
  if (granules_used_ == 0 && fences_.empty()) return;
  if (++execution_ == 0) {
    std::fill(granules_.begin(), granules_.end(), Granule{});
    execution_ = 1;
  }
  granules_used_ = 0;
  sc_count_ = 0;
  free_location_ = none;
  free_stores_.clear();
  locations_.clear();
  stores_.clear();
  fences_.clear();
}

std::size_t StoreHistories::slot_of(std::uint64_t number) const {
  const std::size_t mask = granules_.size() - 1;
  for (std::size_t i = (number * 0x9e3779b97f4a7c15ULL) >> 20;; ++i) {
    const Granule& granule = granules_[i & mask];
    if (granule.execution != execution_ || granule.number == number) return i & mask;
  }
}

StoreHistories::Granule* StoreHistories::find_granule(std::uint64_t number) {
  if (granules_used_ == 0) return nullptr;
  Granule& granule = granules_[slot_of(number)];
  return granule.execution == execution_ ? &granule : nullptr;
}

void StoreHistories::grow() {
  std::vector<Granule> old(std::max(granules_start, granules_.size() * 2));
  old.swap(granules_);
  if (execution_ == 0) execution_ = 1;
  for (const Granule& granule : old) {
    if (granule.execution == execution_) granules_[slot_of(granule.number)] = granule;
  }
}

std::uint32_t StoreHistories::find(const Access& access) {
  const Granule* const granule = find_granule(granule_of(access.address));
  std::uint32_t at = granule == nullptr ? none : granule->first;
  while (at != none && (locations_[at].address != access.address || locations_[at].bytes != access.bytes)) {
    at = locations_[at].next;
  }
  return at;
}

/// As find(); but where something else has written there, the location has no history.
std::uint32_t StoreHistories::find_current(const Access& access, std::uint64_t now) {
  const std::uint32_t at = find(access);
  if (at == none || stores_[locations_[at].newest()].value == now) return at;
  forget(access.address, access.bytes);
  return none;
}

StoreHistories::Location& StoreHistories::make(const Access& access, std::uint64_t now) {
  forget(access.address, access.bytes);
  if ((granules_used_ + 1) * 2 > granules_.size()) grow();
  Granule& granule = granules_[slot_of(granule_of(access.address))];
  if (granule.execution != execution_) {
    granule = {granule_of(access.address), execution_, none};
    ++granules_used_;
  }
  std::uint32_t at = free_location_;
  if (at != none) {
    free_location_ = locations_[at].next;
  } else {
    at = static_cast<std::uint32_t>(locations_.size());
    locations_.emplace_back();
  }
  const std::uint32_t first = add_store();
  Store& initial = stores_[first];
  initial = {};
  initial.value = now;
  order_.published(access.address, value_of(access, now), initial.clock);
  Location& location = locations_[at];
  location = {
      .address = access.address, .next = granule.first, .bytes = static_cast<std::uint8_t>(access.bytes), .count = 1};
  location.stores[0] = first;
  granule.first = at;
  return location;
}

std::uint32_t StoreHistories::add_store() {
  if (free_stores_.empty()) {
    if (stores_.size() == stores_.capacity()) {
      stores_.reserve(std::max(stores_start, stores_.size() * 2));
      free_stores_.reserve(stores_.capacity());
    }
    stores_.emplace_back();
    return static_cast<std::uint32_t>(stores_.size() - 1);
  }
  const std::uint32_t at = free_stores_.back();
  free_stores_.pop_back();
  return at;
}

/// In front of the store that stands at `place` now. Where the location is full, the oldest makes way: nobody can read
/// it any more. What the new one publishes is for the caller to fill in.
StoreHistories::Store& StoreHistories::add(Location& location, std::size_t place, const Access& access,
                                           std::uint64_t value) {
  auto* const stores = location.stores.data();
  std::uint32_t at;
  if (location.count == kept_max) {
    at = stores[0];
    std::copy(stores + 1, stores + place, stores);
    --place;
  } else {
    at = add_store();
    std::copy_backward(stores + place, stores + location.count, stores + location.count + 1);
    ++location.count;
  }
  stores[place] = at;
  Store& made = stores_[at];
  made = {};
  made.value = value;
  made.pc = access.pc;
  made.thread = access.thread;
  made.op = access.op;
  made.time = order_.now(access.thread);
  note_sc(made, access.order);
  return made;
}

/// The latest seq_cst fence that happens before what `thread` does now.
const StoreHistories::Fence* StoreHistories::fence_before(ThreadId thread) const {
  if (fences_.empty()) return nullptr;
  const Fence* latest = nullptr;
  for (unsigned u = 0; u < order_.thread_count(); ++u) {
    std::uint32_t at = last_fence_[u];
    while (at != none && !knows(thread, u, fences_[at].time)) at = fences_[at].previous;
    if (at != none && (latest == nullptr || fences_[at].at > latest->at)) latest = &fences_[at];
  }
  return latest;
}

bool StoreHistories::is_known(const Store& store, const ShortClock& clock) const {
  if (store.time <= clock[store.thread]) return true;
  for (unsigned u = 0; u < order_.thread_count(); ++u) {
    if (store.seen[u] != 0 && store.seen[u] <= clock[u]) return true;
  }
  return false;
}

/// Whether `access` must read `store` or a newer one, or come after it in modification order.
bool StoreHistories::must_see(const Store& store, const Access& access, const Fence* fence) const {
  // [intro.races]/15-18, coherence: the store, or a read of it, happens before the access.
  if (knows(access.thread, store.thread, store.time)) return true;
  for (unsigned u = 0; u < order_.thread_count(); ++u) {
    if (store.seen[u] != 0 && knows(access.thread, u, store.seen[u])) return true;
  }
  // [atomics.order]/4: else the access would be coherence-ordered before the store or a read of it, against the order
  // of the seq_cst operations and fences. /4.1 and /4.2, then /4.3 and /4.4.
  if (access.order == seq_cst && (store.sc_at != 0 || (!fences_.empty() && is_known(store, fences_.back().known)))) {
    return true;
  }
  return fence != nullptr && ((store.sc_at != 0 && store.sc_at < fence->at) || is_known(store, fence->known));
}

void StoreHistories::note_sc(Store& store, int order) {
  if (order != seq_cst) return;
  ++sc_count_;
  if (store.sc_at == 0) store.sc_at = sc_count_;
}

unsigned StoreHistories::find_readable(const Access& access, std::uint64_t now) {
  found_location_ = find_current(access, now);
  if (found_location_ == none) return 1;
  const Location& location = locations_[found_location_];
  found_[0] = location.newest();
  if (location.stale_run[access.thread] >= stale_run_max) return 1;
  const Fence* const fence = fence_before(access.thread);
  unsigned count = 1;
  for (std::size_t at = location.count - 1U; at > 0 && !must_see(stores_[location.stores[at]], access, fence); --at) {
    found_[count++] = location.stores[at - 1];
  }
  return count;
}

unsigned StoreHistories::leave_out(std::uint64_t value, unsigned count) {
  const auto first = found_.begin() + 1;
  const auto end = std::remove_if(first, found_.begin() + count, [&](auto at) { return stores_[at].value == value; });
  return static_cast<unsigned>(end - found_.begin());
}

void StoreHistories::load(const Access& access, std::uint64_t now, unsigned n) {
  if (found_location_ == none) {
    order_.atomic_load(access.thread, access.address, access.order, value_of(access, now));
    return;
  }
  Store& read = stores_[found_[n]];
  std::uint8_t& stale_run = locations_[found_location_].stale_run[access.thread];
  stale_run = n == 0 ? 0 : static_cast<std::uint8_t>(stale_run + 1);
  if (read.seen[access.thread] == 0) read.seen[access.thread] = order_.now(access.thread);
  note_sc(read, access.order);
  if (n == 0) {
    order_.atomic_load(access.thread, access.address, access.order, value_of(access, now));
  } else {
    order_.load_older(access.thread, access.order, std::span(read.clock).first(order_.thread_count()));
  }
}

unsigned StoreHistories::find_places(const Access& access, std::uint64_t now) {
  found_location_ = find_current(access, now);
  if (found_location_ == none) return 1;
  const Location& location = locations_[found_location_];
  const Fence* const fence = fence_before(access.thread);
  unsigned count = 1;
  for (std::size_t at = location.count - 1U; at > 0 && !must_see(stores_[location.stores[at]], access, fence); --at) {
    if (!stores_[location.stores[at]].modifies) found_[count++] = location.stores[at];
  }
  return count;
}

void StoreHistories::store(const Access& access, std::uint64_t now, std::uint64_t value, unsigned n) {
  Location& location = found_location_ == none ? make(access, now) : locations_[found_location_];
  const auto end = location.stores.begin() + location.count;
  const auto successor = n == 0 ? end : std::find(location.stores.begin(), end, found_[n]);
  Store& made = add(location, static_cast<std::size_t>(successor - location.stores.begin()), access, value);
  if (n == 0) {
    order_.atomic_store(access.thread, access.address, access.order, value_of(access, value));
    order_.published(access.address, value_of(access, value), made.clock);
    return;
  }
  const Store* before = nullptr;
  for (unsigned at = 1; at < location.count; ++at) {
    if (&stores_[location.stores[at]] == &made) before = &stores_[location.stores[at - 1]];
  }
  order_.store_older(access.thread, access.order, std::span(made.clock).first(order_.thread_count()));
  if (before == nullptr || before->thread != access.thread) return;
  for (unsigned u = 0; u < threads_max; ++u)
    made.clock[u] = std::max(made.clock[u], before->clock[u]);  // the sequence goes on
}

void StoreHistories::modify(const Access& access, std::uint64_t now, std::uint64_t value) {
  const std::uint32_t found = find_current(access, now);
  Location& location = found == none ? make(access, now) : locations_[found];
  Store& made = add(location, location.count, access, value);
  made.modifies = true;
  order_.atomic_modify(access.thread, access.address, access.order, value_of(access, now), value);
  order_.published(access.address, value_of(access, value), made.clock);
}

void StoreHistories::fence(ThreadId thread, int order) {
  order_.fence(thread, order);
  if (order != seq_cst) return;
  if (fences_.size() == fences_max) {
    on_ = false;
    return;
  }
  if (fences_.empty()) last_fence_.fill(none);
  Fence made{.at = ++sc_count_, .time = order_.now(thread) - 1, .previous = last_fence_[thread]};
  if (!fences_.empty()) made.known = fences_.back().known;
  for (unsigned u = 0; u < order_.thread_count(); ++u) {
    const Time time = u == thread ? made.time : order_.clock_of(thread)[static_cast<ThreadId>(u)];
    made.known[u] = std::max(made.known[u], time);
  }
  last_fence_[thread] = static_cast<std::uint32_t>(fences_.size());
  fences_.push_back(made);
}

void StoreHistories::forget_overlapping(Granule& granule, std::uint64_t first, std::uint64_t end) {
  for (std::uint32_t* link = &granule.first; *link != none;) {
    const std::uint32_t at = *link;
    Location& location = locations_[at];
    if (location.address >= end || location.address + location.bytes <= first) {
      link = &location.next;
      continue;
    }
    // Within map code this must not allocate, or the block would come out of the map's own heap: add_store() has made
    // room.
    free_stores_.insert(free_stores_.end(), location.stores.begin(), location.stores.begin() + location.count);
    *link = location.next;
    location.next = free_location_;
    free_location_ = at;
  }
}

void StoreHistories::forget(std::uint64_t address, std::uint64_t bytes) {
  if (granules_used_ == 0 || bytes == 0) return;
  const std::uint64_t end = address + bytes;
  if (bytes / 8 > granules_.size()) {
    for (Granule& granule : granules_) {
      if (granule.execution == execution_) forget_overlapping(granule, address, end);
    }
    return;
  }
  for (std::uint64_t number = granule_of(address); number <= granule_of(end - 1); ++number) {
    if (Granule* const granule = find_granule(number)) forget_overlapping(*granule, address, end);
  }
}

}  // namespace mapquake::memory
