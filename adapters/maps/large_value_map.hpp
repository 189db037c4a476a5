// S13 large_value_map: values of a kilobyte, kept in the table (inline) or behind pointers. Inline, a reader copies all
// the bytes while it holds the lock; behind a pointer it copies the pointer, and the bytes without the lock.
//
// Invariants: 1. The bytes of a value that a reader can reach without the lock never change (InlineUnlocked breaks this
// one). 2. bytes_copied counts what find(), insert(), assign() and update() copied; a pointer counts as 8.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace mapquake::maps {

enum class LargeValues : std::uint8_t {
  inline_locked,    ///< in the table, copied under the lock
  inline_unlocked,  ///< in the table, copied after the lock was let go: torn values, broken on purpose
  pointer,          ///< behind pointers, written once
};

/// Every operation is atomic (inline_unlocked: but for find). Operations that throw have done nothing.
template <class K, class V, LargeValues how, class Hash = std::hash<K>>
class LargeValueMap {
 public:
  bool insert(const K& key, const V& value) {
    Stored fresh = stored(value);
    const std::unique_lock writer(lock_);
    return table_.try_emplace(key, std::move(fresh)).second;
  }
  bool assign(const K& key, const V& value) {
    Stored fresh = stored(value);
    const std::unique_lock writer(lock_);
    const auto [entry, added] = table_.try_emplace(key, fresh);
    if (!added) entry->second = std::move(fresh);
    return added;
  }
  std::optional<V> find(const K& key) const {
    std::shared_lock reader(lock_);
    const auto found = table_.find(key);
    if (found == table_.end()) return std::nullopt;
    if constexpr (how == LargeValues::pointer) {
      const Stored kept = found->second;
      count(sizeof(void*));
      reader.unlock();
      return *kept;
    } else {
      if (how == LargeValues::inline_unlocked) reader.unlock();
      count(sizeof(V));
      return found->second;
    }
  }
  bool contains(const K& key) const {
    const std::shared_lock reader(lock_);
    return table_.contains(key);
  }
  bool erase(const K& key) {
    const std::unique_lock writer(lock_);
    return table_.erase(key) == 1;
  }
  template <class Change>
  bool update(const K& key, Change change) {
    const std::unique_lock writer(lock_);
    const auto found = table_.find(key);
    if (found == table_.end()) return false;
    if constexpr (how == LargeValues::pointer) {
      V changed = *found->second;
      change(changed);
      found->second = stored(changed);
    } else {
      change(found->second);
    }
    return true;
  }
  std::size_t size() const {
    const std::shared_lock reader(lock_);
    return table_.size();
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::shared_lock reader(lock_);
    for (const auto& [key, kept] : table_) {
      if constexpr (how == LargeValues::pointer) {
        visit(key, *kept);
      } else {
        visit(key, kept);
      }
    }
  }
  /// By the table, in and out; the copies that a caller makes of an answer do not count.
  std::uint64_t bytes_copied() const { return bytes_copied_.load(); }
  /// Empty, or which invariant is broken.
  std::string validate() const {
    if constexpr (how == LargeValues::pointer) {
      const std::shared_lock reader(lock_);
      for (const auto& [key, kept] : table_) {
        if (kept == nullptr) return "a key without a value";
      }
    }
    return "";
  }
  std::string dump() const {
    return "keys=" + std::to_string(size()) + " bytes_copied=" + std::to_string(bytes_copied()) + "\n";
  }

 private:
  using Stored = std::conditional_t<how == LargeValues::pointer, std::shared_ptr<const V>, V>;

  void count(std::size_t bytes) const { bytes_copied_.fetch_add(bytes, std::memory_order_relaxed); }
  Stored stored(const V& value) const {
    count(sizeof(V));
    if constexpr (how == LargeValues::pointer) {
      return std::make_shared<const V>(value);
    } else {
      return value;
    }
  }

  mutable std::shared_mutex lock_;
  std::unordered_map<K, Stored, Hash> table_;
  mutable std::atomic<std::uint64_t> bytes_copied_{0};
};

}  // namespace mapquake::maps
