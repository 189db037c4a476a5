// A map whose iterations pass a circuit breaker: one that takes longer than its budget trips it, and for a minute there
// are no iterations but a defined refusal, so that whoever only reads and writes is not held up (incident I16).
//
//            iteration over budget              60 s, then the next iteration tries
//   closed ─────────────────────────► open ───────────────────────────────────────► closed, or open again
//
// Invariant, checked by validate(): two trips are at least `open_ms` apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace mapquake::maps {

struct BreakerLimits {
  std::size_t entries_max = 64;   ///< visited by one iteration
  std::uint64_t duration_ms = 5;  ///< of one iteration
  std::uint64_t open_ms = 60'000;
};

/// How an iteration that is over budget trips the breaker.
enum class TripRule {
  once,   ///< looks and trips in one step: of two such iterations, one trips
  twice,  ///< each that began while the breaker was closed trips it
};

/// `Clock()` answers milliseconds and never goes back. Every operation is atomic; callbacks run under the lock.
template <class K, class V, TripRule rule, class Clock, class Hash = std::hash<K>>
class BreakerMap {
 public:
  explicit BreakerMap(BreakerLimits limits = {}) : limits_(limits) {}

  bool insert(const K& key, const V& value) {
    const std::lock_guard hold(mutex_);
    return entries_.emplace(key, value).second;
  }
  bool assign(const K& key, const V& value) {
    const std::lock_guard hold(mutex_);
    return entries_.insert_or_assign(key, value).second;
  }
  std::optional<V> find(const K& key) const {
    const std::lock_guard hold(mutex_);
    const auto at = entries_.find(key);
    return at == entries_.end() ? std::nullopt : std::optional<V>(at->second);
  }
  bool erase(const K& key) {
    const std::lock_guard hold(mutex_);
    return entries_.erase(key) == 1;
  }
  std::size_t size() const {
    const std::lock_guard hold(mutex_);
    return entries_.size();
  }
  /// visit(key, value) for every entry. False: refused, for the breaker is open, or given up, for this one tripped it;
  /// the entries visited until then are to be forgotten.
  template <class Visit>
  bool for_each(Visit visit) {
    if (is_open()) return false;
    {
      const std::lock_guard hold(mutex_);
      const std::uint64_t began_ms = clock_();
      std::size_t visited = 0;
      for (auto at = entries_.begin();; ++at) {
        if (at == entries_.end()) return true;
        if (visited++ == limits_.entries_max || clock_() - began_ms > limits_.duration_ms) break;
        visit(at->first, at->second);
      }
    }
    trip();
    return false;
  }
  /// The number of trips so far.
  std::size_t trips() const {
    const std::lock_guard hold(breaker_);
    return trips_ms_.size();
  }
  /// Empty, or which invariant is broken.
  std::string validate() const {
    const std::lock_guard hold(breaker_);
    for (std::size_t i = 1; i < trips_ms_.size(); ++i) {
      if (trips_ms_[i] - trips_ms_[i - 1] < limits_.open_ms) return "the breaker tripped while it was open";
    }
    return "";
  }
  std::string dump() const {
    const std::lock_guard hold(breaker_);
    std::string text = "trips=" + std::to_string(trips_ms_.size());
    for (const std::uint64_t at_ms : trips_ms_) text += " at_ms=" + std::to_string(at_ms);
    return text + "\n";
  }

 private:
  bool is_open_locked() const { return !trips_ms_.empty() && clock_() - trips_ms_.back() < limits_.open_ms; }
  bool is_open() const {
    const std::lock_guard hold(breaker_);
    return is_open_locked();
  }
  void trip() {
    const std::lock_guard hold(breaker_);
    if (rule == TripRule::once && is_open_locked()) return;
    trips_ms_.push_back(clock_());
  }

  BreakerLimits limits_;
  Clock clock_;
  mutable std::mutex mutex_;  ///< guards entries_
  std::unordered_map<K, V, Hash> entries_;
  mutable std::mutex breaker_;           ///< guards trips_ms_; never taken while mutex_ is held
  std::vector<std::uint64_t> trips_ms_;  ///< ascending
};

}  // namespace mapquake::maps
