// What shows after tens or hundreds of operations: a retirement list that is drained when it is full (use after free),
// a count of entries in eight bits (not linearizable), and one that forgets how far it would have come (the same).
//
// Minimum: 1 thread, 8 keys of one hash, 7 of them erased, and a find of the last; 2 threads, 24 operations that retire
// and a find, 1 preemption (the reader holds a node that is freed when the list is full); 1 thread, a size behind 256
// entries.
#include "buggy/locked_entries.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

constexpr mapquake::Expectation fails_as(bool fixed, const char* outcomes) {
  return {.outcomes = fixed ? "" : outcomes};
}

/// Readers look at a node when they no longer hold the lock; what is taken out is freed later.
template <bool fixed>
class RetiringMap {
 public:
  static constexpr mapquake::Claims claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                           .on_bad_alloc = mapquake::ExceptionGuarantee::none,
                                           .citation = "tests/plugins/late_thresholds.cpp"};
  static constexpr mapquake::Expectation expected = fails_as(fixed, "use after free|data race");
  static constexpr const char* about =
      fixed ? "drains its full list when nobody reads" : "drains its full list whoever reads";

  ~RetiringMap() { drain(); }
  RetiringMap() = default;
  RetiringMap(const RetiringMap&) = delete;
  RetiringMap& operator=(const RetiringMap&) = delete;

  bool insert(Key key, Value value) {
    const std::scoped_lock hold(lock_);
    auto& entry = entries_[key];
    if (entry != nullptr) return false;
    entry = std::make_unique<Node>(Node{value});
    return true;
  }
  std::optional<Value> find(Key key) {
    const Node* node = nullptr;
    {
      const std::scoped_lock hold(lock_);
      const auto found = entries_.find(key);
      if (found == entries_.end() || found->second == nullptr) return std::nullopt;
      node = found->second.get();
      ++readers_;
    }
    const Value value = node->value;
    const std::scoped_lock hold(lock_);
    --readers_;
    return value;
  }
  bool erase(Key key) {
    const std::scoped_lock hold(lock_);
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second == nullptr) return false;
    retired_.push_back(std::move(found->second));
    if (retired_.size() >= retired_max && (!fixed || readers_ == 0)) drain();
    return true;
  }

 private:
  static constexpr std::size_t retired_max = 24;
  struct Node {
    Value value;
  };
  void drain() { retired_.clear(); }

  std::mutex lock_;
  std::map<Key, std::unique_ptr<Node>> entries_;
  std::vector<std::unique_ptr<Node>> retired_;
  int readers_ = 0;
};

MAPQUAKE_MAP("late_full_retirement_list", RetiringMap<false>);
MAPQUAKE_MAP("right_full_retirement_list", RetiringMap<true>);

template <class Count>
class CountedMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                           .iteration = mapquake::Iteration::snapshot,
                                           .size = mapquake::SizeClaim::linearizable,
                                           .on_bad_alloc = mapquake::ExceptionGuarantee::none,
                                           .citation = "tests/plugins/late_thresholds.cpp"};
  static constexpr bool fixed = sizeof(Count) > 1;
  static constexpr mapquake::Expectation expected = fails_as(fixed, "not linearizable|invariant broken");
  static constexpr const char* about = fixed ? "counts in 32 bits" : "counts its entries in eight bits";

  std::size_t size() const { return static_cast<Count>(LockedEntries::size()); }
};

MAPQUAKE_MAP("late_count_of_eight_bits", CountedMap<std::uint8_t>);
MAPQUAKE_MAP("right_count_of_eight_bits", CountedMap<std::uint32_t>);

/// Says of most absent keys without a search that they are absent: counts how many keys there are of each hash.
template <bool fixed>
class FilteredMap {
 public:
  static constexpr mapquake::Claims claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                           .on_bad_alloc = mapquake::ExceptionGuarantee::none,
                                           .citation = "tests/plugins/late_thresholds.cpp"};
  static constexpr mapquake::Expectation expected = fails_as(fixed, "not linearizable");
  static constexpr const char* about =
      fixed ? "a count that is full stays so" : "counts down where the count was full, and may have been more";

  bool insert(Key key, Value value) {
    const std::scoped_lock hold(lock_);
    if (!entries_.emplace(key, value).second) return false;
    std::uint8_t& count = count_of(key);
    count += count < full;
    return true;
  }
  std::optional<Value> find(Key key) {
    const std::scoped_lock hold(lock_);
    if (count_of(key) == 0) return std::nullopt;
    const auto found = entries_.find(key);
    return found == entries_.end() ? std::nullopt : std::optional(found->second);
  }
  bool erase(Key key) {
    const std::scoped_lock hold(lock_);
    if (entries_.erase(key) == 0) return false;
    std::uint8_t& count = count_of(key);
    if (!fixed || count < full) --count;
    return true;
  }

 private:
  static constexpr std::uint8_t full = 7;
  std::uint8_t& count_of(Key key) { return counts_[std::hash<Key>{}(key) % counts_.size()]; }

  std::mutex lock_;
  std::map<Key, Value> entries_;
  std::array<std::uint8_t, 4> counts_{};
};

MAPQUAKE_MAP("late_saturated_filter", FilteredMap<false>);
MAPQUAKE_MAP("right_saturated_filter", FilteredMap<true>);

}  // namespace
