// rwlock_map (S7): std::unordered_map behind one std::shared_mutex, with four kinds of keys and values.
#include "maps/rwlock_map.hpp"

#include <mapquake/adapter.hpp>

#include <string>

namespace {

using mapquake::Key;
using mapquake::Value;

template <class K, class V, class Hasher = std::hash<K>>
struct Adapter : mapquake::maps::RwlockMap<K, V, Hasher> {
  using mapquake::maps::RwlockMap<K, V, Hasher>::RwlockMap;
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::snapshot,
      .size = mapquake::SizeClaim::linearizable,
      .whole_map = mapquake::WholeMap::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .citation = "adapters/maps/rwlock_map.hpp: the lock is held from the beginning to the end of every operation",
  };
  static constexpr const char* about = "S7: std::unordered_map behind one std::shared_mutex";
};

MAPQUAKE_MAP("rwlock_map", Adapter<Key, Value>);
MAPQUAKE_MAP("rwlock_map_string", Adapter<std::string, std::string, mapquake::Hash<std::string>>);
MAPQUAKE_MAP("rwlock_map_blob", Adapter<Key, mapquake::Blob<256>>);
MAPQUAKE_MAP("rwlock_map_traced", Adapter<mapquake::TracedKey, mapquake::TracedValue>);

}  // namespace
