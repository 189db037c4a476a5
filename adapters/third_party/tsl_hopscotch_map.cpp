// tsl::hopscotch_map, unmodified; alone, behind a lock, and with keys and values that throw.
#include "sequential_map.hpp"

#include <tsl/hopscotch_map.h>

namespace {

using mapquake::Key;
using mapquake::Value;

template <class K, class V, class Hash>
struct HopscotchMap : mapquake::maps::SequentialHashMap<tsl::hopscotch_map<K, V, Hash>> {
  using Base = mapquake::maps::SequentialHashMap<tsl::hopscotch_map<K, V, Hash>>;
  using Base::Base;
  static constexpr mapquake::Claims claims = mapquake::maps::sequential_claims(
      mapquake::ExceptionGuarantee::strong,
      "hopscotch-map 2.3.0, README.md: 'Thread-safety and exceptions guarantees are the same as "
      "std::unordered_map/set (i.e. possible to have multiple readers with no writer)'");
  static constexpr const char* about = "tsl::hopscotch_map as it is";
  // hopscotch_map.h: 'erase: iterator on the erased element is the only one which become invalid'
  static constexpr mapquake::OpMask visits_may_call = mapquake::op_bit(mapquake::OpKind::erase);
};
using Hopscotch = HopscotchMap<Key, Value, std::hash<Key>>;
using HopscotchTraced = HopscotchMap<mapquake::TracedKey, mapquake::TracedValue, mapquake::maps::NothrowHash>;

MAPQUAKE_MAP("tsl_hopscotch_map", Hopscotch);
MAPQUAKE_MAP("tsl_hopscotch_map_locked", mapquake::maps::LockedMap<Hopscotch>);
MAPQUAKE_MAP("tsl_hopscotch_map_traced", HopscotchTraced);

}  // namespace
