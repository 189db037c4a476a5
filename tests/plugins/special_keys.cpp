// Keys that maps treat apart. One map reserves two of them, which is its right; one keeps all, and is wrong only where
// two threads use such keys (data race); one takes keys for one that are alike in their lower 32 bits (not
// linearizable); one sorts keys below 0 behind the others, as unsigned numbers are (not
// linearizable); one is wrong about all keys alike
// (not linearizable).
//
// Minimum: 2 threads, 2 operations (insert, insert) on keys below 0, no preemption; 1 thread, 2 operations on keys that
// are 2^32 apart.
#include <mapquake/adapter.hpp>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

namespace {

using mapquake::Value;

constexpr mapquake::Claims locked_claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                         .on_bad_alloc = mapquake::ExceptionGuarantee::basic,
                                         .citation = "tests/plugins/special_keys.cpp"};

/// Open addressing. An empty slot has key 0, and one whose entry was erased has key -1; neither can be a key.
class ReservingTable {
 public:
  static constexpr mapquake::Claims claims = locked_claims;
  static constexpr mapquake::Expectation expected{};
  static constexpr const char* about = "open addressing that reserves keys 0 and -1";

  bool insert(std::int64_t key, Value value) {
    const std::scoped_lock hold(lock_);
    if (key == empty || key == erased) std::abort();
    if (slot_of(key) != nullptr) return false;
    for (Slot& slot : slots_) {
      if (slot.key != empty && slot.key != erased) continue;
      slot = {key, value};
      return true;
    }
    throw mapquake::Refused("full");
  }
  std::optional<Value> find(std::int64_t key) {
    const std::scoped_lock hold(lock_);
    const Slot* const slot = slot_of(key);
    return slot == nullptr ? std::nullopt : std::optional(slot->value);
  }
  bool erase(std::int64_t key) {
    const std::scoped_lock hold(lock_);
    Slot* const slot = slot_of(key);
    if (slot != nullptr) slot->key = erased;
    return slot != nullptr;
  }

 private:
  static constexpr std::int64_t empty = 0, erased = -1;
  struct Slot {
    std::int64_t key = empty;
    Value value = mapquake::Convert<Value>::from(0);
  };
  Slot* slot_of(std::int64_t key) {
    for (Slot& slot : slots_) {
      if (slot.key == key) return &slot;
    }
    return nullptr;
  }

  std::mutex lock_;
  std::array<Slot, 512> slots_{};
};

/// Shards by the key's remainder. What is below 0 has a shard of its own, which the broken one does not lock.
template <bool fixed>
class SignedShards {
 public:
  static constexpr mapquake::Claims claims = locked_claims;
  static constexpr mapquake::Expectation expected{
      .outcomes =
          fixed ? ""
                : "data race|not linearizable|use after free|double free|leak|crash|hang|livelock|invariant broken"};
  static constexpr const char* about = fixed ? "locks the shard of negative keys" : "forgets the lock of negative keys";

  bool insert(std::int64_t key, Value value) {
    const auto hold = locked(key);
    return shard(key).entries.emplace(key, value).second;
  }
  std::optional<Value> find(std::int64_t key) {
    const auto hold = locked(key);
    const auto found = shard(key).entries.find(key);
    return found == shard(key).entries.end() ? std::nullopt : std::optional(found->second);
  }
  bool erase(std::int64_t key) {
    const auto hold = locked(key);
    return shard(key).entries.erase(key) != 0;
  }

 private:
  struct Shard {
    std::mutex lock;
    std::map<std::int64_t, Value> entries;
  };
  Shard& shard(std::int64_t key) { return key < 0 ? shards_.back() : shards_[static_cast<std::size_t>(key % 4)]; }
  std::unique_lock<std::mutex> locked(std::int64_t key) {
    return fixed || key >= 0 ? std::unique_lock(shard(key).lock) : std::unique_lock<std::mutex>();
  }

  std::array<Shard, 5> shards_;
};

/// Keys are kept in `Id`, and in the order of `Id`.
template <class Id, class Key = std::int64_t>
class Index {
 public:
  static constexpr mapquake::Claims claims = locked_claims;
  static constexpr bool is_narrow = sizeof(Id) < 8;
  static constexpr bool is_misordered = std::is_unsigned_v<Id> != std::is_unsigned_v<Key>;
  static constexpr mapquake::Expectation expected{
      .outcomes = is_narrow || is_misordered ? "not linearizable|iteration broken" : ""};
  static constexpr const char* about = is_narrow       ? "an index by ids that are too narrow"
                                       : is_misordered ? "an index by ids that are ordered otherwise"
                                                       : "an index by ids";

  bool insert(Key key, Value value) {
    const std::scoped_lock hold(lock_);
    return entries_.emplace(static_cast<Id>(key), value).second;
  }
  std::optional<Value> find(Key key) {
    const std::scoped_lock hold(lock_);
    const auto found = entries_.find(static_cast<Id>(key));
    return found == entries_.end() ? std::nullopt : std::optional(found->second);
  }
  bool erase(Key key) {
    const std::scoped_lock hold(lock_);
    return entries_.erase(static_cast<Id>(key)) != 0;
  }
  std::optional<std::pair<Key, Value>> lower_bound(Key key) {
    const std::scoped_lock hold(lock_);
    const auto found = entries_.lower_bound(static_cast<Id>(key));
    if (found == entries_.end()) return std::nullopt;
    return std::pair(static_cast<Key>(found->first), found->second);
  }

 private:
  std::mutex lock_;
  std::map<Id, Value> entries_;
};

/// With any key. That one thread alone meets this says nothing of keys apart.
class EagerErase : public Index<std::int64_t> {
 public:
  static constexpr mapquake::Expectation expected{.outcomes = "not linearizable"};
  static constexpr const char* about = "erases what is not there, and says so";

  bool erase(std::int64_t key) {
    Index::erase(key);
    return true;
  }
};

MAPQUAKE_MAP("special_eager_erase", EagerErase);

/// Finds its shard by the magnitude of a key, which the least key does not have.
template <bool fixed>
class ShardsByMagnitude {
 public:
  static constexpr mapquake::Claims claims = locked_claims;
  static constexpr mapquake::Expectation expected{.outcomes = fixed ? "" : "out of bounds|crash|use after free"};
  static constexpr const char* about = fixed ? "shards by the lower bits of a key" : "shards by the magnitude of a key";

  bool insert(std::int64_t key, Value value) {
    const std::scoped_lock hold(lock_);
    return shard(key).emplace(key, value).second;
  }
  std::optional<Value> find(std::int64_t key) {
    const std::scoped_lock hold(lock_);
    const auto found = shard(key).find(key);
    return found == shard(key).end() ? std::nullopt : std::optional(found->second);
  }
  bool erase(std::int64_t key) {
    const std::scoped_lock hold(lock_);
    return shard(key).erase(key) != 0;
  }

 private:
  using Shard = std::map<std::int64_t, Value>;
  Shard& shard(std::int64_t key) {
    constexpr std::int64_t count = 13;
    const auto unsigned_key = static_cast<std::uint64_t>(key);
    const auto magnitude = static_cast<std::int64_t>(key < 0 ? 0 - unsigned_key : unsigned_key);
    return shards_[fixed ? unsigned_key % count : magnitude % count];
  }

  std::mutex lock_;
  std::unique_ptr<Shard[]> shards_ = std::make_unique<Shard[]>(13);
};
MAPQUAKE_MAP("special_magnitude", ShardsByMagnitude<false>);
MAPQUAKE_MAP("right_magnitude", ShardsByMagnitude<true>);
MAPQUAKE_MAP("special_reserving_table", ReservingTable);
MAPQUAKE_MAP("special_narrow_ids", Index<std::int32_t>);
MAPQUAKE_MAP("special_unsigned_order", Index<std::uint64_t>);
MAPQUAKE_MAP("right_unsigned_order", Index<std::uint64_t, std::uint64_t>);
MAPQUAKE_MAP("right_ids", Index<std::int64_t>);
MAPQUAKE_MAP("special_signed_shards", SignedShards<false>);
MAPQUAKE_MAP("right_signed_shards", SignedShards<true>);

}  // namespace
