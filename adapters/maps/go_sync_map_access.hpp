// Operations of GoSyncMap. Included by go_sync_map.hpp.
#pragma once

#include "go_sync_map.hpp"

namespace mapquake::maps {

#define MAPQUAKE_SYNC_MAP_TEMPLATE template <class K, class V, class Hash, class Equal, class Random>
#define MAPQUAKE_SYNC_MAP GoSyncMap<K, V, Hash, Equal, Random>

MAPQUAKE_SYNC_MAP_TEMPLATE
bool MAPQUAKE_SYNC_MAP::try_swap(Entry& entry, std::unique_ptr<Box>& box, Box*& previous) {
  previous = entry.p.load();
  do {
    if (previous == Parts::expunged()) return false;
  } while (!entry.p.compare_exchange_strong(previous, box.get()));
  box.release();
  return true;
}

MAPQUAKE_SYNC_MAP_TEMPLATE
bool MAPQUAKE_SYNC_MAP::try_load_or_store(Entry& entry, std::unique_ptr<Box>& box, const Box*& present) {
  Box* now = entry.p.load();
  while (true) {
    if (now == Parts::expunged()) return false;
    present = now;
    if (now != nullptr) return true;
    if (entry.p.compare_exchange_strong(now, box.get())) {
      box.release();
      return true;
    }
  }
}

MAPQUAKE_SYNC_MAP_TEMPLATE
typename MAPQUAKE_SYNC_MAP::Entry* MAPQUAKE_SYNC_MAP::find_counting_misses(const K& key, Guard& guard) {
  View read = view();
  Entry* entry = read.find(key);
  if (entry != nullptr || !read.amended) return entry;
  const std::scoped_lock lock(mutex_);
  // Dirty may have been promoted while this thread waited for the mutex: no miss then.
  read = view();
  entry = read.find(key);
  if (entry != nullptr || !read.amended) return entry;
  entry = find_in_dirty(key);
  miss_locked(guard);
  return entry;
}

MAPQUAKE_SYNC_MAP_TEMPLATE
std::optional<V> MAPQUAKE_SYNC_MAP::swap(const K& key, V value) {
  auto box = std::make_unique<Box>(std::move(value));
  Guard guard(domain_);
  Box* previous = nullptr;
  Entry* entry = view().find(key);
  if (entry == nullptr || !try_swap(*entry, box, previous)) {
    const std::scoped_lock lock(mutex_);
    entry = view().find(key);
    if (entry != nullptr) {
      unexpunge_locked(key, *entry);
    } else {
      entry = find_in_dirty(key);
    }
    if (entry == nullptr) {
      add_locked(key, std::move(box), guard);
      return std::nullopt;
    }
    previous = entry->p.exchange(box.release());
  }
  if (previous == nullptr) return std::nullopt;
  guard.retire(previous);
  return previous->value;
}

MAPQUAKE_SYNC_MAP_TEMPLATE
std::pair<V, bool> MAPQUAKE_SYNC_MAP::load_or_store(const K& key, V value) {
  auto box = std::make_unique<Box>(value);
  Guard guard(domain_);
  const Box* present = nullptr;
  Entry* entry = view().find(key);
  if (entry == nullptr || !try_load_or_store(*entry, box, present)) {
    const std::scoped_lock lock(mutex_);
    entry = view().find(key);
    if (entry != nullptr) {
      unexpunge_locked(key, *entry);
      try_load_or_store(*entry, box, present);
    } else if (entry = find_in_dirty(key); entry != nullptr) {
      try_load_or_store(*entry, box, present);
      miss_locked(guard);
    } else {
      add_locked(key, std::move(box), guard);
    }
  }
  return present == nullptr ? std::pair<V, bool>(std::move(value), false) : std::pair<V, bool>(present->value, true);
}

MAPQUAKE_SYNC_MAP_TEMPLATE
std::optional<V> MAPQUAKE_SYNC_MAP::load_and_delete(const K& key) {
  Guard guard(domain_);
  View read = view();
  Entry* entry = read.find(key);
  if (entry == nullptr && read.amended) {
    const std::scoped_lock lock(mutex_);
    read = view();
    entry = read.find(key);
    if (entry == nullptr && read.amended) {
      entry = find_in_dirty(key);
      try {
        if (entry != nullptr) guard.retire(dirty_->remove(key, entry));
      } catch (const std::bad_alloc&) {
        // Dirty had to grow to forget a key: a deleted entry may stay there just as well.
      }
      miss_locked(guard);
    }
  }
  if (entry == nullptr) return std::nullopt;
  Box* box = entry->p.load();
  do {
    if (box == nullptr || box == Parts::expunged()) return std::nullopt;
  } while (!entry->p.compare_exchange_strong(box, nullptr));
  guard.retire(box);
  return box->value;
}

MAPQUAKE_SYNC_MAP_TEMPLATE
bool MAPQUAKE_SYNC_MAP::compare_and_swap(const K& key, const V& expected, V desired) {
  auto box = std::make_unique<Box>(std::move(desired));
  Guard guard(domain_);
  Entry* entry = find_counting_misses(key, guard);
  if (entry == nullptr) return false;
  Box* now = entry->p.load();
  do {
    if (now == nullptr || now == Parts::expunged() || !(now->value == expected)) return false;
  } while (!entry->p.compare_exchange_strong(now, box.get()));
  box.release();
  guard.retire(now);
  return true;
}

MAPQUAKE_SYNC_MAP_TEMPLATE
bool MAPQUAKE_SYNC_MAP::compare_and_delete(const K& key, const V& expected) {
  Guard guard(domain_);
  Entry* entry = find_counting_misses(key, guard);
  if (entry == nullptr) return false;
  Box* now = entry->p.load();
  do {
    if (now == nullptr || now == Parts::expunged() || !(now->value == expected)) return false;
  } while (!entry->p.compare_exchange_strong(now, nullptr));
  guard.retire(now);
  return true;
}

MAPQUAKE_SYNC_MAP_TEMPLATE
template <class Visit>
void MAPQUAKE_SYNC_MAP::range(Visit visit) {
  Guard guard(domain_);
  View read = view();
  if (read.amended) {
    const std::scoped_lock lock(mutex_);
    read = view();
    if (read.amended) {
      // Range is O(n) anyway, so it may as well pay for a promotion.
      promote_locked(std::make_unique<ReadOnly>(dirty_, false), guard);
      read = view();
    }
  }
  if (read.table == nullptr) return;
  for (typename Table::Map::Iterator it(read.table->map); !it.ended(); it.next()) {
    const Box* box = it.value()->load();
    if (box != nullptr && !visit(it.key(), box->value)) return;
  }
}

}  // namespace mapquake::maps
