// S14 btree_map: a B-tree behind one reader-writer lock, with ordered look-up and ranges.
#pragma once

#include "maps/btree.hpp"

#include <cstddef>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>

namespace mapquake::maps {

/// Every operation holds the lock from beginning to end, callbacks included: each takes effect at one instant.
template <class K, class V, std::size_t t = 2>
class BtreeMap {
 public:
  bool insert(const K& key, const V& value) {
    const std::unique_lock writer(lock_);
    return tree_.insert(key, value);
  }
  std::optional<V> find(const K& key) const {
    const std::shared_lock reader(lock_);
    const V* found = tree_.find(key);
    return found == nullptr ? std::nullopt : std::optional<V>(*found);
  }
  bool contains(const K& key) const {
    const std::shared_lock reader(lock_);
    return tree_.find(key) != nullptr;
  }
  bool erase(const K& key) {
    const std::unique_lock writer(lock_);
    return tree_.erase(key);
  }
  bool assign(const K& key, const V& value) {
    const std::unique_lock writer(lock_);
    if (V* found = tree_.find(key)) {
      *found = value;
      return false;
    }
    return tree_.insert(key, value);
  }
  template <class Change>
  bool update(const K& key, Change change) {
    const std::unique_lock writer(lock_);
    V* found = tree_.find(key);
    if (found == nullptr) return false;
    change(*found);
    return true;
  }
  std::size_t size() const {
    const std::shared_lock reader(lock_);
    return tree_.size();
  }
  void clear() {
    Tree empty;
    const std::unique_lock writer(lock_);
    std::swap(tree_, empty);
  }
  /// In order.
  template <class Visit>
  void for_each(Visit visit) const {
    const std::shared_lock reader(lock_);
    tree_.range(nullptr, nullptr, visit);
  }
  /// [from, to), in order.
  template <class Visit>
  void for_range(const K& from, const K& to, Visit visit) const {
    const std::shared_lock reader(lock_);
    tree_.range(&from, &to, visit);
  }
  /// The entry with the least key that is not less than `key`.
  std::optional<std::pair<K, V>> lower_bound(const K& key) const {
    const std::shared_lock reader(lock_);
    std::optional<std::pair<K, V>> first;
    tree_.range(&key, nullptr, [&first](const K& k, const V& v) {
      if (!first) first.emplace(k, v);
    });
    return first;
  }
  std::string validate() const {
    const std::shared_lock reader(lock_);
    return tree_.validate();
  }
  std::string dump() const {
    const std::shared_lock reader(lock_);
    return tree_.dump();
  }

 private:
  using Tree = Btree<K, V, t>;
  mutable std::shared_mutex lock_;
  Tree tree_;
};

}  // namespace mapquake::maps
