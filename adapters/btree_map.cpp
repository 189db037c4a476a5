// btree_map (S14): a B-tree of minimum degree 2 behind one reader-writer lock. docs/maps/btree_map.md
#include "maps/btree_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

using namespace mapquake;

struct Adapter : maps::BtreeMap<Key, Value> {
  using key_type = Key;
  using mapped_type = Value;
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::snapshot,
      .size = SizeClaim::linearizable,
      .whole_map = WholeMap::linearizable,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation = "adapters/maps/btree_map.hpp: the lock is held from the beginning to the end of every operation",
  };
  static constexpr const char* about = "S14: a B-tree of minimum degree 2 behind one std::shared_mutex";
};

MAPQUAKE_MAP("btree_map", Adapter);

}  // namespace
