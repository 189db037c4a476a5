// Dirty and its promotion, and the inspection of GoSyncMap. Included by go_sync_map.hpp.
#pragma once

#include "go_sync_map_access.hpp"

namespace mapquake::maps {

/// Promotion is an optimisation: without memory for it, the next miss tries again.
MAPQUAKE_SYNC_MAP_TEMPLATE
void MAPQUAKE_SYNC_MAP::miss_locked(Guard& guard) {
  if (++misses_ < dirty_size()) return;
  auto* promoted = new (std::nothrow) ReadOnly(dirty_, false);
  if (promoted != nullptr) promote_locked(std::unique_ptr<ReadOnly>(promoted), guard);
}

/// read = dirty: O(1), nothing is copied. `promoted` takes over the use of dirty's table.
MAPQUAKE_SYNC_MAP_TEMPLATE
void MAPQUAKE_SYNC_MAP::promote_locked(std::unique_ptr<ReadOnly> promoted, Guard& guard) {
  guard.retire(read_.exchange(promoted.release()));
  dirty_ = nullptr;
  misses_ = 0;
  promotions_.fetch_add(1, std::memory_order_relaxed);
}

/// Copies every live entry of read, O(n) under the mutex; deleted ones become expunged and are left out.
MAPQUAKE_SYNC_MAP_TEMPLATE
void MAPQUAKE_SYNC_MAP::make_dirty_locked() {
  if (dirty_ != nullptr) return;
  const View read = view();
  auto fresh = std::make_unique<Table>(read.table == nullptr ? 0 : read.table->map.size(), random_);
  if (read.table != nullptr) {
    try {
      for (typename Table::Map::Iterator it(read.table->map); !it.ended(); it.next()) {
        Entry& entry = *it.value();
        Box* box = entry.p.load();
        while (box == nullptr && !entry.p.compare_exchange_strong(box, Parts::expunged())) {
        }
        if (box == nullptr || box == Parts::expunged()) continue;
        fresh->add(it.key(), &entry);
        entries_copied_.fetch_add(1, std::memory_order_relaxed);
      }
    } catch (...) {
      // Without a dirty nothing may stay expunged.
      for (typename Table::Map::Iterator it(read.table->map); !it.ended(); it.next()) {
        Box* box = Parts::expunged();
        it.value()->p.compare_exchange_strong(box, nullptr);
      }
      throw;
    }
  }
  dirty_ = fresh.release();
}

/// A key that neither read nor dirty has.
MAPQUAKE_SYNC_MAP_TEMPLATE
void MAPQUAKE_SYNC_MAP::add_locked(const K& key, std::unique_ptr<Box> box, Guard& guard) {
  if (const View read = view(); !read.amended) {
    make_dirty_locked();
    auto amended = std::make_unique<ReadOnly>(read.table, true);
    if (read.table != nullptr) read.table->users.fetch_add(1);
    guard.retire(read_.exchange(amended.release()));
  }
  auto entry = std::make_unique<Entry>(std::move(box));
  dirty_->add(key, entry.get());
  entry.release();
}

/// First into dirty, then alive again: if dirty has no memory for it, it is still expunged.
MAPQUAKE_SYNC_MAP_TEMPLATE
void MAPQUAKE_SYNC_MAP::unexpunge_locked(const K& key, Entry& entry) {
  Box* box = Parts::expunged();
  if (entry.p.load() != box) return;
  dirty_->add(key, &entry);
  entry.p.compare_exchange_strong(box, nullptr);
}

MAPQUAKE_SYNC_MAP_TEMPLATE
void MAPQUAKE_SYNC_MAP::clear() {
  Guard guard(domain_);
  if (const View read = view(); (read.table == nullptr || read.table->map.size() == 0) && !read.amended) return;
  const std::scoped_lock lock(mutex_);
  // Go empties dirty and keeps it. Here it is retired as a whole, like a read that was replaced: no read and no dirty
  // is the state of a new map.
  auto grave = dirty_ == nullptr ? nullptr : std::make_unique<ReadOnly>(dirty_, false);
  guard.retire(grave.release());
  guard.retire(read_.exchange(nullptr));
  dirty_ = nullptr;
  misses_ = 0;
}

MAPQUAKE_SYNC_MAP_TEMPLATE
std::string MAPQUAKE_SYNC_MAP::validate() const {
  const std::scoped_lock lock(mutex_);
  const View read = view();
  using Inspector = GoMapInspector<typename Table::Map>;
  if (read.amended && dirty_ == nullptr) return "amended, but there is no dirty";
  std::size_t shared = 0;
  if (read.table != nullptr) {
    if (std::string wrong = Inspector(read.table->map).validate(); !wrong.empty()) return "read: " + wrong;
    for (typename Table::Map::Iterator it(read.table->map); !it.ended(); it.next()) {
      const bool is_expunged = it.value()->p.load() == Parts::expunged();
      Entry* const other = find_in_dirty(it.key());
      if (is_expunged && dirty_ == nullptr) return "expunged, but there is no dirty";
      if (is_expunged && other != nullptr) return "expunged, but in dirty";
      if (!is_expunged && dirty_ != nullptr && other != it.value()) return "an entry of read is missing from dirty";
      shared += other != nullptr ? 1 : 0;
    }
  }
  if (dirty_ == nullptr) return "";
  if (std::string wrong = Inspector(dirty_->map).validate(); !wrong.empty()) return "dirty: " + wrong;
  if (!read.amended && dirty_->map.size() != shared) return "dirty has a key that read has not, but not amended";
  return "";
}

MAPQUAKE_SYNC_MAP_TEMPLATE
std::string MAPQUAKE_SYNC_MAP::dump() const {
  const std::scoped_lock lock(mutex_);
  const View read = view();
  using Inspector = GoMapInspector<typename Table::Map>;
  std::size_t deleted = 0;
  std::size_t expunged = 0;
  std::size_t live = 0;
  if (read.table != nullptr) {
    for (typename Table::Map::Iterator it(read.table->map); !it.ended(); it.next()) {
      const Box* box = it.value()->p.load();
      ++(box == nullptr ? deleted : box == Parts::expunged() ? expunged : live);
    }
  }
  std::string text = "read: live=" + std::to_string(live) + " deleted=" + std::to_string(deleted) +
                     " expunged=" + std::to_string(expunged) + " amended=" + (read.amended ? "true" : "false") + "\n";
  if (read.table != nullptr) text += Inspector(read.table->map).dump(8);
  text += "dirty: " + (dirty_ == nullptr ? std::string("nil") : std::to_string(dirty_size()) + " entries") +
          " misses=" + std::to_string(misses_) + "\n";
  if (dirty_ != nullptr) text += Inspector(dirty_->map).dump(8);
  return text + "promotions=" + std::to_string(promotions()) + " entriesCopied=" + std::to_string(entries_copied()) +
         " garbage=" + std::to_string(garbage()) + "\n";
}

}  // namespace mapquake::maps
