// sharded_map (S9): 32 shards, one reader-writer lock each.
#include "maps/sharded_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

struct Adapter : mapquake::maps::ShardedMap<mapquake::Key, mapquake::Value> {
  using ShardedMap::ShardedMap;
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::weakly_consistent,
      .size = mapquake::SizeClaim::quiescent,
      .whole_map = mapquake::WholeMap::per_key,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .citation = "adapters/maps/sharded_map.hpp: a key lives in one shard; whole-map operations lock shard by shard",
  };
  static constexpr const char* about = "32 shards of std::unordered_map, a std::shared_mutex each";
};

MAPQUAKE_MAP("sharded_map", Adapter);

}  // namespace
