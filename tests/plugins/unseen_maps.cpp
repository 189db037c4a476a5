// Small maps with one defect each and their right twins, of kinds that other plugins do not have.
#include <mapquake/adapter.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

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

/// Buckets behind spin locks of one byte. Where unlocking does not release, all that they guard is a data race: between
/// operations that overlap, and between those that do not.
template <std::memory_order unlocking>
class ByteLocked {
 public:
  static constexpr Claims claims{.concurrent_use = ConcurrentUse::all_operations,
                                 .iteration = mapquake::Iteration::none,
                                 .citation = "tests/plugins/unseen_maps.cpp"};

  bool insert(Key key, Value value) {
    Bucket& bucket = bucket_of(key);
    const std::lock_guard held(bucket.lock);
    if (bucket.find(key) != bucket.entries.end()) return false;
    bucket.entries.emplace_back(key, value);
    return true;
  }
  std::optional<Value> find(Key key) {
    Bucket& bucket = bucket_of(key);
    const std::lock_guard held(bucket.lock);
    const auto at = bucket.find(key);
    return at == bucket.entries.end() ? std::nullopt : std::optional(at->second);
  }
  bool erase(Key key) {
    Bucket& bucket = bucket_of(key);
    const std::lock_guard held(bucket.lock);
    const auto at = bucket.find(key);
    if (at == bucket.entries.end()) return false;
    *at = bucket.entries.back();
    bucket.entries.pop_back();
    return true;
  }

 private:
  class ByteLock {
   public:
    void lock() {
      while (held_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
    }
    void unlock() { held_.store(false, unlocking); }

   private:
    std::atomic<bool> held_ = false;
  };
  struct Bucket {
    auto find(Key key) {
      return std::find_if(entries.begin(), entries.end(), [=](const auto& entry) { return entry.first == key; });
    }
    ByteLock lock;
    std::vector<std::pair<Key, Value>> entries;
  };
  Bucket& bucket_of(Key key) { return buckets_[std::hash<Key>()(key) % buckets_.size()]; }

  std::array<Bucket, 4> buckets_;
};
MAPQUAKE_MAP("byte_lock_relaxed", ByteLocked<std::memory_order_relaxed>);
MAPQUAKE_MAP("byte_lock_releases", ByteLocked<std::memory_order_release>);

enum class Takes { by_move, by_copy };

/// Grows into a new table. An entry whose move throws half way has left the old table, which stays.
template <Takes takes>
class Growing {
 public:
  using K = mapquake::TracedKey;
  using V = mapquake::TracedValue;
  static constexpr Claims claims{.concurrent_use = ConcurrentUse::all_operations,
                                 .iteration = mapquake::Iteration::none,
                                 .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
                                 .citation = "tests/plugins/unseen_maps.cpp"};

  bool insert(const K& key, const V& value) {
    const std::lock_guard held(lock_);
    if (const auto at = find_in(key); at != table_.end()) return false;
    if (table_.size() == table_.capacity()) {
      std::vector<Entry> larger;
      larger.reserve(2 * table_.capacity() + 2);
      for (Entry& entry : table_) {
        if constexpr (takes == Takes::by_move) {
          larger.push_back(std::move(entry));
        } else {
          larger.push_back(entry);
        }
      }
      table_.swap(larger);
    }
    table_.push_back({key, value});
    return true;
  }
  std::optional<V> find(const K& key) {
    const std::lock_guard held(lock_);
    const auto at = find_in(key);
    return at == table_.end() ? std::nullopt : std::optional(at->second);
  }

 private:
  using Entry = std::pair<K, V>;
  typename std::vector<Entry>::iterator find_in(const K& key) {
    return std::find_if(table_.begin(), table_.end(), [&](const Entry& entry) { return entry.first == key; });
  }

  std::mutex lock_;
  std::vector<Entry> table_;
};
MAPQUAKE_MAP("grows_by_move", Growing<Takes::by_move>);
MAPQUAKE_MAP("grows_by_copy", Growing<Takes::by_copy>);

}  // namespace
