// sharded_map (S9): 32 shards, one reader-writer lock each; and 8. docs/maps/sharded_map.md
#include "maps/sharded_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

template <std::size_t shards>
struct Adapter : mapquake::maps::ShardedMap<mapquake::Key, mapquake::Value, shards> {
  using mapquake::maps::ShardedMap<mapquake::Key, mapquake::Value, shards>::ShardedMap;
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::weakly_consistent,
      .size = mapquake::SizeClaim::quiescent,
      .whole_map = mapquake::WholeMap::per_key,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .citation = "adapters/maps/sharded_map.hpp: a key lives in one shard; whole-map operations lock shard by shard",
  };
  static constexpr const char* about = shards == 32 ? "S9: 32 shards of std::unordered_map, a std::shared_mutex each"
                                                    : "S9: 8 shards of std::unordered_map, a std::shared_mutex each";
};

MAPQUAKE_MAP("sharded_map", Adapter<32>);
MAPQUAKE_MAP("sharded_map_8", Adapter<8>);

}  // namespace
