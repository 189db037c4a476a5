// What the presets of `mapquake bench` compare: bundled maps with string keys, other numbers of shards, and values
// whose size can be set. Built plainly, for real threads; the deterministic campaigns have the maps of ../*.cpp.
#include "maps/cow_map.hpp"
#include "maps/delayed_write_map.hpp"
#include "maps/go_sync_map.hpp"
#include "maps/rwlock_map.hpp"
#include "maps/sharded_map.hpp"

#include <mapquake/adapter.hpp>
#include <mapquake/sized.hpp>

#include <memory>
#include <optional>
#include <string>

namespace {

using namespace mapquake;

constexpr Claims atomic_claims{.concurrent_use = ConcurrentUse::all_operations,
                               .iteration = Iteration::none,
                               .size = SizeClaim::none,
                               .citation = "adapters/maps/: the same as the bundled map"};

template <class K, class V>
struct Locked : maps::RwlockMap<K, V, Hash<K>> {
  static constexpr Claims claims = atomic_claims;
};

template <class K, class V>
class Sync {
 public:
  static constexpr Claims claims = atomic_claims;
  bool insert(const K& key, const V& value) { return !map_.load_or_store(key, value).second; }
  std::optional<V> find(const K& key) { return map_.load(key); }
  bool erase(const K& key) { return map_.load_and_delete(key).has_value(); }
  bool assign(const K& key, const V& value) { return !map_.swap(key, value).has_value(); }

 private:
  maps::GoSyncMap<K, V, Hash<K>> map_;
};

template <std::size_t shards>
struct Sharded : maps::ShardedMap<Key, SizedValue, shards, Hash<Key>> {
  static constexpr Claims claims = atomic_claims;
};

/// With the map's own threshold, half of its queue.
class Delayed {
 public:
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::none,
      .size = SizeClaim::none,
      .linearizable = false,
      .citation = "adapters/maps/delayed_write_map.hpp, contract: reads may miss writes that are not merged yet",
  };
  void assign(Key key, SizedValue value) { map_.set(key, value); }
  void erase(Key key) { map_.remove(key); }
  std::optional<SizedValue> find(Key key) const { return map_.find(key); }
  void quiesce() { map_.flush(); }

 private:
  maps::DelayedWriteMap<Key, SizedValue, Hash<Key>> map_;
};

/// What a map of pointers hands out: 16 bytes, whatever they point to.
using Shared = std::shared_ptr<const SizedValue>;

}  // namespace

template <>
struct mapquake::Convert<Shared> {
  static constexpr const char* name = "std::shared_ptr<const mapquake::Bytes>";
  static Shared from(std::int64_t number) {
    return std::make_shared<const SizedValue>(Convert<SizedValue>::from(number));
  }
  static std::int64_t to(const Shared& shared) { return shared->word[0]; }
};

namespace {

struct Cow : maps::CowMap<Key, SizedValue> {
  static constexpr Claims claims = atomic_claims;
};

MAPQUAKE_MAP("real_rwlock_string", Locked<std::string, SizedValue>);
MAPQUAKE_MAP("real_sync_string", Sync<std::string, SizedValue>);
MAPQUAKE_MAP("real_sharded_2", Sharded<2>);
MAPQUAKE_MAP("real_sharded_4", Sharded<4>);
MAPQUAKE_MAP("real_sharded_8", Sharded<8>);
MAPQUAKE_MAP("real_sharded_16", Sharded<16>);
MAPQUAKE_MAP("real_sharded_32", Sharded<32>);
MAPQUAKE_MAP("real_sharded_64", Sharded<64>);
MAPQUAKE_MAP("real_sharded_128", Sharded<128>);
MAPQUAKE_MAP("real_cow", Cow);
MAPQUAKE_MAP("real_delayed", Delayed);
MAPQUAKE_MAP("real_rwlock", Locked<Key, SizedValue>);
MAPQUAKE_MAP("real_sync", Sync<Key, SizedValue>);
MAPQUAKE_MAP("real_rwlock_pointer", Locked<Key, Shared>);

}  // namespace
