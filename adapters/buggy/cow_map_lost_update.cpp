// Copy on write without a comparison: not linearizable (lost update).
//
// A copies the table and is preempted before it publishes; B copies the same table, adds its key and publishes; A
// publishes its copy over B's. B's insert answered true, and its key is gone.
// Minimum: 2 threads, 2 operations (insert, insert), 1 preemption (A, between its copy and its publication). Without
// a preemption the operations follow each other, and one operation alone loses nothing.
#include "maps/cow_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

template <bool fixed>
struct Adapter : mapquake::maps::CowMap<mapquake::Key, mapquake::Value, fixed> {
  using mapquake::maps::CowMap<mapquake::Key, mapquake::Value, fixed>::CowMap;
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::snapshot,
      .size = mapquake::SizeClaim::linearizable,
      .whole_map = mapquake::WholeMap::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .citation = "adapters/maps/cow_map.hpp",
  };
  static constexpr mapquake::Expectation expected =
      fixed ? mapquake::Expectation{}
            : mapquake::Expectation{.outcomes = "not linearizable|iteration broken|exception guarantee broken",
                                    .threads = 2,
                                    .operations = 2,
                                    .preemptions = 1};
  static constexpr const char* about =
      fixed ? "copy on write that publishes by compare-and-swap" : "copy on write that publishes over anything";
};

MAPQUAKE_MAP("buggy_cow_map_lost_update", Adapter<false>);
MAPQUAKE_MAP("fixed_cow_map_lost_update", Adapter<true>);

}  // namespace
