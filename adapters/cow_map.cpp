// cow_map (S10): copy on write with compare-and-swap. Its broken brother: buggy/cow_map_lost_update.cpp
#include "maps/cow_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

struct Adapter : mapquake::maps::CowMap<mapquake::Key, mapquake::Value> {
  using CowMap::CowMap;
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::snapshot,
      .size = mapquake::SizeClaim::linearizable,
      .whole_map = mapquake::WholeMap::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .progress = mapquake::Progress::lock_free,
      .citation =
          "adapters/maps/cow_map.hpp: one version per operation; a failed publication means that another "
          "succeeded (as far as the allocator is lock-free)",
  };
  static constexpr const char* about =
      "S10: copy on write: compare-and-swap of an immutable table, split reference counts";
};

MAPQUAKE_MAP("cow_map", Adapter);

}  // namespace
