// S5 go_sync_map: Go's sync.Map before 1.24, after src/sync/map.go of Go 1.22 (Clear: 1.23). For maps that are read
// far more often than new keys come: a hit in `read` takes no lock.
//
// Invariants, checked by validate() (m.dirty and misses are protected by the mutex, read is loaded without it):
//   1. amended: dirty exists.
//   2. An entry of read that is not expunged is in dirty too, if there is a dirty, as the same entry.
//   3. An expunged entry is in read, not in dirty, and there is a dirty.
//   4. dirty has a key that is not in read only if amended.
//   5. What a reader may still hold is retired, never deleted at once (epoch.hpp).
#pragma once

#include "go_map_inspect.hpp"
#include "go_sync_map_parts.hpp"

#include <cstddef>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace mapquake::maps {

/// Every operation may run with every other. Atomics are sequentially consistent, as Go's are. Operations that throw
/// have done nothing; erase() and a load that promotes never throw std::bad_alloc. Callbacks run without any lock.
template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>, class Random = AlwaysZero>
class GoSyncMap {
  using Parts = GoSyncMapParts<K, V, Hash, Equal, Random>;
  using Box = typename Parts::Box;
  using Entry = typename Parts::Entry;
  using Table = typename Parts::Table;
  using ReadOnly = typename Parts::ReadOnly;
  using Guard = EpochDomain::Guard;

 public:
  explicit GoSyncMap(Random random = {}) : random_(std::move(random)) {}
  /// "A Map must not be copied after first use."
  GoSyncMap(const GoSyncMap&) = delete;
  GoSyncMap& operator=(const GoSyncMap&) = delete;
  ~GoSyncMap() {
    Parts::release(dirty_);
    delete read_.load();
  }

  /// Lock-free on a hit in read; a miss with amended locks, looks in dirty and counts a miss.
  std::optional<V> load(const K& key) {
    Guard guard(domain_);
    Entry* entry = find_counting_misses(key, guard);
    if (entry == nullptr) return std::nullopt;
    const Box* box = entry->load();
    return box == nullptr ? std::nullopt : std::optional<V>(box->value);
  }
  /// Swap; answers the previous value. Lock-free on a hit in read that is not expunged.
  std::optional<V> swap(const K& key, V value);
  void store(const K& key, V value) { swap(key, std::move(value)); }
  /// The present value and true, or `value`, stored now, and false.
  std::pair<V, bool> load_or_store(const K& key, V value);
  std::optional<V> load_and_delete(const K& key);
  /// False if the key is absent or has another value than `expected`.
  bool compare_and_swap(const K& key, const V& expected, V desired);
  bool compare_and_delete(const K& key, const V& expected);
  void clear();
  /// Calls visit(key, value) until it answers false. Not a snapshot; no key twice. Promotes dirty first if amended.
  template <class Visit>
  void range(Visit visit);

  std::string validate() const;
  std::string dump() const;
  /// Slots of read and dirty, live or not (incident I22). Takes the mutex.
  std::size_t internal_slots() const {
    const std::scoped_lock lock(mutex_);
    const ReadOnly* read = read_.load();
    return (read == nullptr || read->table == nullptr ? 0 : read->table->map.size()) + dirty_size();
  }
  std::size_t misses() const {
    const std::scoped_lock lock(mutex_);
    return misses_;
  }
  bool amended() const {
    Guard guard(domain_);
    return view().amended;
  }
  std::size_t promotions() const { return promotions_.load(); }
  std::size_t entries_copied() const { return entries_copied_.load(); }
  std::size_t garbage() const { return domain_.waiting(); }

 private:
  struct View {
    Table* table = nullptr;
    bool amended = false;
    Entry* find(const K& key) const { return table == nullptr ? nullptr : table->find(key); }
  };
  View view() const {
    const ReadOnly* read = read_.load();
    return read == nullptr ? View{} : View{read->table, read->amended};
  }
  std::size_t dirty_size() const { return dirty_ == nullptr ? 0 : dirty_->map.size(); }
  Entry* find_in_dirty(const K& key) const { return dirty_ == nullptr ? nullptr : dirty_->find(key); }

  Entry* find_counting_misses(const K& key, Guard& guard);
  void miss_locked(Guard& guard);
  void promote_locked(std::unique_ptr<ReadOnly> promoted, Guard& guard);
  void make_dirty_locked();
  void add_locked(const K& key, std::unique_ptr<Box> box, Guard& guard);
  void unexpunge_locked(const K& key, Entry& entry);
  /// Answers false if the entry is expunged. `previous` may be null.
  static bool try_swap(Entry& entry, std::unique_ptr<Box>& box, Box*& previous);
  /// The box that is there, or null after storing `box`; false if expunged.
  static bool try_load_or_store(Entry& entry, std::unique_ptr<Box>& box, const Box*& present);

  mutable std::mutex mutex_;
  std::atomic<ReadOnly*> read_{nullptr};
  Table* dirty_ = nullptr;
  std::size_t misses_ = 0;
  Random random_;
  mutable EpochDomain domain_;
  std::atomic<std::size_t> promotions_{0};
  std::atomic<std::size_t> entries_copied_{0};
};

}  // namespace mapquake::maps

#include "go_sync_map_access.hpp"
#include "go_sync_map_dirty.hpp"
