// Small maps with one defect each and their right twins, of kinds that other plugins do not have.
#include <mapquake/adapter.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace {

using mapquake::Claims;
using mapquake::ConcurrentUse;
using mapquake::Key;
using mapquake::Value;

template <class Entries>
std::optional<Value> value_in(const Entries& entries, Key key) {
  const auto found = entries.find(key);
  return found == entries.end() ? std::nullopt : std::optional<Value>(found->second);
}

enum class Hold { each_in_turn, both };

/// Two shards by hash. A bound must have both: in turn, they are seen at different instants.
template <Hold hold>
class OrderedShards {
 public:
  static constexpr Claims claims{.concurrent_use = ConcurrentUse::all_operations,
                                 .citation = "tests/plugins/unseen_maps.cpp"};

  bool insert(Key key, Value value) {
    Shard& shard = shard_of(key);
    const std::scoped_lock held(shard.lock);
    return shard.entries.emplace(key, value).second;
  }
  bool erase(Key key) {
    Shard& shard = shard_of(key);
    const std::scoped_lock held(shard.lock);
    return shard.entries.erase(key) != 0;
  }
  std::optional<Value> find(Key key) {
    Shard& shard = shard_of(key);
    const std::scoped_lock held(shard.lock);
    return value_in(shard.entries, key);
  }
  std::optional<std::pair<Key, Value>> lower_bound(Key key) {
    std::optional<std::pair<Key, Value>> least;
    std::array<std::unique_lock<std::mutex>, 2> held;
    if (hold == Hold::both) {
      for (unsigned i = 0; i < 2; ++i) held[i] = std::unique_lock(shards_[i].lock);
    }
    for (Shard& shard : shards_) {
      std::unique_lock<std::mutex> one;
      if (hold == Hold::each_in_turn) one = std::unique_lock(shard.lock);
      const auto found = shard.entries.lower_bound(key);
      if (found != shard.entries.end() && (!least || found->first < least->first)) least = *found;
    }
    return least;
  }

 private:
  struct Shard {
    std::mutex lock;
    std::map<Key, Value> entries;
  };
  Shard& shard_of(Key key) { return shards_[std::hash<Key>{}(key) % 2]; }
  std::array<Shard, 2> shards_;
};

MAPQUAKE_MAP("ordered_shards_in_turn", OrderedShards<Hold::each_in_turn>);
MAPQUAKE_MAP("ordered_shards_together", OrderedShards<Hold::both>);

enum class Count { before_the_lock, under_the_lock };

/// A copy takes over the count of its original, which may change before the entries are copied.
template <Count count>
class CountedCopy {
 public:
  static constexpr Claims claims{.concurrent_use = ConcurrentUse::all_operations,
                                 .iteration = mapquake::Iteration::snapshot,
                                 .whole_map = mapquake::WholeMap::linearizable,
                                 .citation = "tests/plugins/unseen_maps.cpp"};
  static constexpr bool copyable = true;

  CountedCopy() = default;
  CountedCopy(const CountedCopy& other) : count_(count == Count::before_the_lock ? other.count_.load() : 0) {
    const std::scoped_lock held(other.lock_);
    entries_ = other.entries_;
    if (count == Count::under_the_lock) count_ = entries_.size();
  }
  bool insert(Key key, Value value) {
    const std::scoped_lock held(lock_);
    const bool added = entries_.emplace(key, value).second;
    if (added) ++count_;
    return added;
  }
  bool erase(Key key) {
    const std::scoped_lock held(lock_);
    const bool erased = entries_.erase(key) != 0;
    if (erased) --count_;
    return erased;
  }
  std::optional<Value> find(Key key) const {
    const std::scoped_lock held(lock_);
    return value_in(entries_, key);
  }
  std::size_t size() const { return count_.load(); }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::scoped_lock held(lock_);
    for (const auto& [key, value] : entries_) visit(key, value);
  }

 private:
  mutable std::mutex lock_;
  std::atomic<std::size_t> count_{0};
  std::unordered_map<Key, Value> entries_;
};

MAPQUAKE_MAP("counted_copy_before", CountedCopy<Count::before_the_lock>);
MAPQUAKE_MAP("counted_copy_under", CountedCopy<Count::under_the_lock>);

enum class TimedOut { goes_on, waits };

/// Whoever waits too long goes another way, which must not be one without the lock.
template <TimedOut timed_out>
class Impatient {
 public:
  static constexpr Claims claims{.concurrent_use = ConcurrentUse::all_operations,
                                 .citation = "tests/plugins/unseen_maps.cpp"};

  bool insert(Key key, Value value) {
    const std::scoped_lock held(lock_);
    return entries_.emplace(key, value).second;
  }
  bool erase(Key key) {
    std::unique_lock held(lock_, std::chrono::milliseconds(5));
    if (!held && timed_out == TimedOut::waits) held.lock();
    return entries_.erase(key) != 0;
  }
  std::optional<Value> find(Key key) {
    const std::scoped_lock held(lock_);
    return value_in(entries_, key);
  }

 private:
  std::timed_mutex lock_;
  std::unordered_map<Key, Value> entries_;
};

MAPQUAKE_MAP("impatient_goes_on", Impatient<TimedOut::goes_on>);
MAPQUAKE_MAP("impatient_waits", Impatient<TimedOut::waits>);

}  // namespace
