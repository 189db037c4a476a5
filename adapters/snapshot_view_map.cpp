// snapshot_view_map (S18): iterates a copy that was made under the lock. docs/maps/snapshot_view_map.md
#include "maps/snapshot_view_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

struct Adapter : mapquake::maps::SnapshotViewMap<mapquake::Key, mapquake::Value> {
  using SnapshotViewMap::SnapshotViewMap;
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::snapshot,
      .size = mapquake::SizeClaim::linearizable,
      .whole_map = mapquake::WholeMap::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .citation = "adapters/maps/snapshot_view_map.hpp: the copy is made under the lock",
  };
  static constexpr const char* about = "S18: copies under the lock, iterates the copy; the view refuses changes";
};

MAPQUAKE_MAP("snapshot_view_map", Adapter);

}  // namespace
