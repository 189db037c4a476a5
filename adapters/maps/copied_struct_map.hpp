// A struct of a mutex and a reference to a map, which copies as structs do: the mutex is a new one, the map is the
// same. In Go: `type Settings struct { mu sync.Mutex; m map[K]V }`, passed by value.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace mapquake::maps {

/// All operations of one object are atomic. A copy has a lock of its own and the original's entries, so neither claim
/// holds between the two.
template <class K, class V, class Hash = std::hash<K>>
class CopiedStructMap {
 public:
  CopiedStructMap() = default;
  CopiedStructMap(const CopiedStructMap& other) : entries_(other.entries_) {}
  CopiedStructMap& operator=(const CopiedStructMap&) = delete;

  bool insert(const K& key, const V& value) {
    const std::lock_guard hold(mutex_);
    return entries_->emplace(key, value).second;
  }
  bool assign(const K& key, const V& value) {
    const std::lock_guard hold(mutex_);
    return entries_->insert_or_assign(key, value).second;
  }
  std::optional<V> find(const K& key) const {
    const std::lock_guard hold(mutex_);
    const auto at = entries_->find(key);
    return at == entries_->end() ? std::nullopt : std::optional<V>(at->second);
  }
  bool erase(const K& key) {
    const std::lock_guard hold(mutex_);
    return entries_->erase(key) == 1;
  }
  void clear() {
    const std::lock_guard hold(mutex_);
    entries_->clear();
  }
  std::size_t size() const {
    const std::lock_guard hold(mutex_);
    return entries_->size();
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::lock_guard hold(mutex_);
    for (const auto& [key, value] : *entries_) visit(key, value);
  }

 private:
  using Entries = std::unordered_map<K, V, Hash>;
  mutable std::mutex mutex_;
  std::shared_ptr<Entries> entries_ = std::make_shared<Entries>();
};

}  // namespace mapquake::maps
