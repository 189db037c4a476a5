// copied_struct_map: a copy shares the original's entries and not its lock (broken). docs/maps/copied_struct_map.md
#include "maps/copied_struct_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

using namespace mapquake;

struct Adapter : maps::CopiedStructMap<Key, Value, Hash<Key>> {
  using key_type = Key;
  using mapped_type = Value;
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::snapshot,
      .size = SizeClaim::linearizable,
      .whole_map = WholeMap::linearizable,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation = "docs/maps/copied_struct_map.md: what those who passed it by value believed",
  };
  static constexpr const char* about = "a struct of a lock and a map, copied: another lock, the same map (broken)";
  static constexpr bool copyable = true;
  // The harness empties the copy that it made; the original's only entry is gone.
  static constexpr Expectation expected{
      .outcomes =
          "not linearizable|iteration broken|invariant broken|data race|use after free|double free|crash|hang|"
          "out of bounds|abort|leak|livelock|unexpected exception",
      .threads = 1,
      .operations = 1};
};

MAPQUAKE_MAP("copied_struct_map", Adapter);

}  // namespace
