// A map behind a gate that lets one caller in at a time: a flag, a mutex and a condition variable, as people write
// them.
//
// Invariant: at most one caller is inside; `taken_` tells whether.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace mapquake::maps {

/// Where a caller looks whether it must wait.
enum class GateCheck {
  under_mutex,   ///< under the mutex of the condition variable, again after every wake-up
  before_mutex,  ///< before: the wake-up that comes between the look and the wait is lost
};

template <GateCheck check>
class Gate {
 public:
  /// Blocks until nobody is inside.
  void lock() {
    if constexpr (check == GateCheck::under_mutex) {
      std::unique_lock hold(mutex_);
      free_.wait(hold, [this] { return !taken_.load(); });
      taken_.store(true);
    } else {
      while (taken_.exchange(true)) {
        std::unique_lock hold(mutex_);
        free_.wait(hold);
      }
    }
  }
  void unlock() {
    {
      const std::lock_guard hold(mutex_);
      taken_.store(false);
    }
    free_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable free_;
  std::atomic<bool> taken_{false};
};

/// All operations are atomic; callbacks run inside the gate.
template <class K, class V, GateCheck check, class Hash = std::hash<K>>
class GatedMap {
 public:
  bool insert(const K& key, const V& value) {
    const std::lock_guard inside(gate_);
    return entries_.emplace(key, value).second;
  }
  bool assign(const K& key, const V& value) {
    const std::lock_guard inside(gate_);
    return entries_.insert_or_assign(key, value).second;
  }
  std::optional<V> find(const K& key) {
    const std::lock_guard inside(gate_);
    const auto at = entries_.find(key);
    return at == entries_.end() ? std::nullopt : std::optional<V>(at->second);
  }
  bool erase(const K& key) {
    const std::lock_guard inside(gate_);
    return entries_.erase(key) == 1;
  }
  std::size_t size() {
    const std::lock_guard inside(gate_);
    return entries_.size();
  }
  template <class Visit>
  void for_each(Visit visit) {
    const std::lock_guard inside(gate_);
    for (const auto& [key, value] : entries_) visit(key, value);
  }

 private:
  Gate<check> gate_;
  std::unordered_map<K, V, Hash> entries_;
};

}  // namespace mapquake::maps
