// A map as an author brings it: sorted entries behind one mutex.
#pragma once

#include <map>
#include <mutex>
#include <optional>

template <class K, class V>
class MyMap {
 public:
  bool insert(const K& key, const V& value) {
    std::lock_guard lock(mutex_);
    return entries_.emplace(key, value).second;
  }
  std::optional<V> get(const K& key) const {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? std::nullopt : std::optional<V>(found->second);
  }
  bool remove(const K& key) {
    std::lock_guard lock(mutex_);
    return entries_.erase(key) == 1;
  }
  template <class Visit>
  void visit_all(Visit visit) const {
    std::lock_guard lock(mutex_);
    for (const auto& [key, value] : entries_) visit(key, value);
  }

 private:
  mutable std::mutex mutex_;
  std::map<K, V> entries_;
};
