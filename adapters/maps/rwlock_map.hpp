// One reader-writer lock round a hash map (S7).
#pragma once

#include "maps/standard_map.hpp"

#include <functional>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace mapquake::maps {

/// Every operation holds the lock from beginning to end, callbacks included: shared where it only reads. So every
/// operation, traversals too, takes effect at one instant.
template <class K, class V, class Hasher = std::hash<K>>
class RwlockMap {
 public:
  using key_type = K;
  using mapped_type = V;
  static constexpr bool copyable = true;

  RwlockMap() = default;
  template <class Iterator>
  RwlockMap(Iterator first, Iterator last) : map_(first, last) {}
  explicit RwlockMap(CapacityHint hint) : map_(hint) {}
  RwlockMap(const RwlockMap& other) : RwlockMap(other, std::shared_lock(other.lock_)) {}

  bool insert(const K& key, const V& value) {
    const std::unique_lock writer(lock_);
    return map_.insert(key, value);
  }
  std::optional<V> find(const K& key) const {
    const std::shared_lock reader(lock_);
    return map_.find(key);
  }
  bool contains(const K& key) const {
    const std::shared_lock reader(lock_);
    return map_.contains(key);
  }
  bool erase(const K& key) {
    const std::unique_lock writer(lock_);
    return map_.erase(key);
  }
  bool assign(const K& key, const V& value) {
    const std::unique_lock writer(lock_);
    return map_.assign(key, value);
  }
  template <class Change>
  bool update(const K& key, Change change) {
    const std::unique_lock writer(lock_);
    return map_.update(key, change);
  }
  template <class Make>
  V get_or_create(const K& key, Make make) {
    {
      const std::shared_lock reader(lock_);
      if (std::optional<V> found = map_.find(key)) return *found;
    }
    const std::unique_lock writer(lock_);
    return map_.get_or_create(key, make);
  }
  std::size_t size() const {
    const std::shared_lock reader(lock_);
    return map_.size();
  }
  void clear() {
    const std::unique_lock writer(lock_);
    map_.clear();
  }
  void reserve(std::size_t entries) {
    const std::unique_lock writer(lock_);
    map_.reserve(entries);
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::shared_lock reader(lock_);
    map_.for_each(visit);
  }
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    const std::unique_lock writer(lock_);
    return map_.erase_if(pred);
  }

 private:
  RwlockMap(const RwlockMap& other, const std::shared_lock<std::shared_mutex>&) : map_(other.map_) {}

  mutable std::shared_mutex lock_;
  StandardHashMap<std::unordered_map<K, V, Hasher>> map_;
};

}  // namespace mapquake::maps
