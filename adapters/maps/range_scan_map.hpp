// S17 range_scan_map: every key keeps its versions, each with the timestamp of its write; a scan reads as of a
// timestamp. A scan is made in two parts, lower and upper half of the keys. With one common timestamp both halves show
// the same instant; with a timestamp of its own each half is right, and the two together never existed (incident I10).
//
// Invariants: 1. The versions of a key are in the order of their timestamps. 2. A version is dropped only when no open
// scan is older than its successor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mapquake::maps {

enum class ScanTimestamp { common, of_each_part };

/// Single operations are atomic. for_each is a snapshot with ScanTimestamp::common. The mutex is held for single
/// operations and for one key of a scan at a time, never by callbacks of for_each. K is ordered by <.
template <class K, class V, ScanTimestamp timestamps>
class RangeScanMap {
 public:
  using Timestamp = std::uint64_t;

  bool insert(const K& key, const V& value) {
    const std::scoped_lock lock(mutex_);
    if (live(key) != nullptr) return false;
    write(key, value);
    return true;
  }
  bool assign(const K& key, const V& value) {
    const std::scoped_lock lock(mutex_);
    const bool added = live(key) == nullptr;
    write(key, value);
    return added;
  }
  bool erase(const K& key) {
    const std::scoped_lock lock(mutex_);
    if (live(key) == nullptr) return false;
    write(key, std::nullopt);
    return true;
  }
  std::optional<V> find(const K& key) const {
    const std::scoped_lock lock(mutex_);
    const V* value = live(key);
    return value == nullptr ? std::nullopt : std::optional<V>(*value);
  }
  std::size_t size() const {
    const std::scoped_lock lock(mutex_);
    return live_keys_;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    if constexpr (timestamps == ScanTimestamp::common) {
      const OpenScan both(*this);
      const std::optional<K> middle = middle_key();
      scan(both.as_of(), std::nullopt, middle, visit);
      if (middle) scan(both.as_of(), middle, std::nullopt, visit);
    } else {
      const std::optional<K> middle = middle_key();
      {
        const OpenScan lower(*this);
        scan(lower.as_of(), std::nullopt, middle, visit);
      }
      if (!middle) return;
      const OpenScan upper(*this);
      scan(upper.as_of(), middle, std::nullopt, visit);
    }
  }
  /// Versions kept, tombstones included.
  std::size_t versions() const {
    const std::scoped_lock lock(mutex_);
    std::size_t sum = 0;
    for (const auto& [key, history] : keys_) sum += history.size();
    return sum;
  }
  /// Empty, or which invariant is broken.
  std::string validate() const {
    const std::scoped_lock lock(mutex_);
    std::size_t live_keys = 0;
    for (const auto& [key, history] : keys_) {
      if (history.empty()) return "a key without versions";
      for (std::size_t i = 1; i < history.size(); ++i) {
        if (history[i - 1].written >= history[i].written) return "versions are out of order";
      }
      live_keys += history.back().value ? 1 : 0;
    }
    return live_keys == live_keys_ ? "" : "the count of live keys is wrong";
  }
  std::string dump() const {
    const std::size_t kept = versions();
    const std::scoped_lock lock(mutex_);
    return "clock=" + std::to_string(clock_) + " keys=" + std::to_string(live_keys_) +
           " versions=" + std::to_string(kept) + " open_scans=" + std::to_string(open_scans_.size()) + "\n";
  }

 private:
  struct Version {
    Timestamp written;
    std::optional<V> value;  // none: erased
  };
  using History = std::vector<Version>;

  class OpenScan {
   public:
    explicit OpenScan(const RangeScanMap& map) : map_(map) {
      const std::scoped_lock lock(map_.mutex_);
      open_ = map_.open_scans_.insert(map_.clock_);
    }
    OpenScan(const OpenScan&) = delete;
    OpenScan& operator=(const OpenScan&) = delete;
    ~OpenScan() {
      const std::scoped_lock lock(map_.mutex_);
      map_.open_scans_.erase(open_);
    }
    Timestamp as_of() const { return *open_; }

   private:
    const RangeScanMap& map_;
    std::multiset<Timestamp>::iterator open_;
  };

  const V* live(const K& key) const {
    const auto found = keys_.find(key);
    if (found == keys_.end() || !found->second.back().value) return nullptr;
    return &*found->second.back().value;
  }
  /// Requires the mutex. If it throws, it has done nothing.
  void write(const K& key, std::optional<V> value) {
    const bool was_live = live(key) != nullptr;
    const bool is_live = value.has_value();
    const auto [entry, fresh] = keys_.try_emplace(key);
    try {
      entry->second.push_back({clock_ + 1, std::move(value)});
    } catch (...) {
      if (fresh) keys_.erase(entry);
      throw;
    }
    ++clock_;
    live_keys_ = live_keys_ + std::size_t{is_live} - std::size_t{was_live};
    prune(entry);
  }
  void prune(typename std::map<K, History>::iterator entry) {
    const Timestamp oldest = open_scans_.empty() ? clock_ : *open_scans_.begin();
    History& history = entry->second;
    std::size_t first = 0;
    while (first + 1 < history.size() && history[first + 1].written <= oldest) ++first;
    history.erase(history.begin(), history.begin() + static_cast<std::ptrdiff_t>(first));
    if (history.size() == 1 && !history.front().value && history.front().written <= oldest) keys_.erase(entry);
  }
  /// Where the second part of a scan begins; none where there are no keys.
  std::optional<K> middle_key() const {
    const std::scoped_lock lock(mutex_);
    if (keys_.empty()) return std::nullopt;
    return std::next(keys_.begin(), static_cast<std::ptrdiff_t>(keys_.size() / 2))->first;
  }
  /// Visits [from, to) as of `as_of`, one key at a time.
  template <class Visit>
  void scan(Timestamp as_of, std::optional<K> from, const std::optional<K>& to, Visit& visit) const {
    bool inclusive = true;
    for (;;) {
      std::optional<V> value;
      {
        const std::scoped_lock lock(mutex_);
        auto at = !from ? keys_.begin() : inclusive ? keys_.lower_bound(*from) : keys_.upper_bound(*from);
        if (at == keys_.end() || (to && !(at->first < *to))) return;
        from = at->first;
        inclusive = false;
        for (const Version& version : at->second) {
          if (version.written <= as_of) value = version.value;
        }
      }
      if (value) visit(*from, *value);
    }
  }

  mutable std::mutex mutex_;
  std::map<K, History> keys_;
  Timestamp clock_ = 0;
  std::size_t live_keys_ = 0;
  mutable std::multiset<Timestamp> open_scans_;
};

}  // namespace mapquake::maps
