// n maps behind n reader-writer locks (S9): operations on different shards never wait for each other.
#pragma once

#include "maps/rwlock_map.hpp"

#include <array>
#include <bit>

namespace mapquake::maps {

/// A key lives in shard hash & (shards - 1) and nowhere else, so operations on one key are those of that shard.
/// size, clear, reserve, for_each, erase_if and the copy go from shard to shard: one instant per shard, none for the
/// whole.
template <class K, class V, std::size_t shards = 32, class Hasher = std::hash<K>>
class ShardedMap {
  static_assert(std::has_single_bit(shards));

 public:
  using key_type = K;
  using mapped_type = V;
  static constexpr bool copyable = true;

  ShardedMap() = default;
  template <class Iterator>
  ShardedMap(Iterator first, Iterator last) {
    for (; first != last; ++first) {
      const auto entry = *first;
      insert(entry.first, entry.second);
    }
  }
  explicit ShardedMap(CapacityHint hint) { reserve(hint.entries); }
  ShardedMap(const ShardedMap&) = default;

  bool insert(const K& key, const V& value) { return shard(key).insert(key, value); }
  std::optional<V> find(const K& key) const { return shard(key).find(key); }
  bool contains(const K& key) const { return shard(key).contains(key); }
  bool erase(const K& key) { return shard(key).erase(key); }
  bool assign(const K& key, const V& value) { return shard(key).assign(key, value); }
  template <class Change>
  bool update(const K& key, Change change) {
    return shard(key).update(key, change);
  }
  template <class Make>
  V get_or_create(const K& key, Make make) {
    return shard(key).get_or_create(key, make);
  }
  std::size_t size() const {
    std::size_t sum = 0;
    for (const Shard& each : shards_) sum += each.size();
    return sum;
  }
  void clear() {
    for (Shard& each : shards_) each.clear();
  }
  void reserve(std::size_t entries) {
    for (Shard& each : shards_) each.reserve((entries + shards - 1) / shards);
  }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Shard& each : shards_) each.for_each(visit);
  }
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    std::size_t erased = 0;
    for (Shard& each : shards_) erased += each.erase_if(pred);
    return erased;
  }

 private:
  using Shard = RwlockMap<K, V, Hasher>;
  Shard& shard(const K& key) { return shards_[Hasher{}(key) & (shards - 1)]; }
  const Shard& shard(const K& key) const { return shards_[Hasher{}(key) & (shards - 1)]; }

  std::array<Shard, shards> shards_;
};

}  // namespace mapquake::maps
