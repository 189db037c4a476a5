// Boost.Unordered: unordered_flat_map (open addressing) and unordered_map (chained), unmodified; alone, behind a lock,
// and with keys and values that throw. unordered_node_map came with Boost 1.82.
#include "sequential_map.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered_map.hpp>

namespace {

using mapquake::Key;
using mapquake::TracedKey;
using mapquake::TracedValue;
using mapquake::Value;
using mapquake::maps::LockedMap;
using mapquake::maps::NothrowHash;

constexpr mapquake::Claims thread_compatible = mapquake::maps::sequential_claims(
    mapquake::ExceptionGuarantee::strong,
    "Boost.Unordered 1.81 reference, emplace and insert: 'If an exception is thrown by an operation other than a call "
    "to hasher the function has no effect'; the containers follow the standard's, const members may run together");

template <class K, class V, class Hash>
struct FlatMap : mapquake::maps::SequentialHashMap<boost::unordered_flat_map<K, V, Hash, std::equal_to<K>>> {
  using Base = mapquake::maps::SequentialHashMap<boost::unordered_flat_map<K, V, Hash, std::equal_to<K>>>;
  using Base::Base;
  static constexpr mapquake::Claims claims = thread_compatible;
  static constexpr const char* about = "Boost unordered_flat_map as it is";
  // erase: 'Invalidates pointers, references and iterators to the erased element' alone.
  static constexpr mapquake::OpMask visits_may_call = mapquake::op_bit(mapquake::OpKind::erase);
  // The standard's [lib.types.movedfrom].
  static constexpr bool usable_when_moved_from = true;
};

template <class K, class V, class Hash>
struct ChainedMap : mapquake::maps::SequentialHashMap<boost::unordered_map<K, V, Hash, std::equal_to<K>>> {
  using Base = mapquake::maps::SequentialHashMap<boost::unordered_map<K, V, Hash, std::equal_to<K>>>;
  using Base::Base;
  static constexpr mapquake::Claims claims = thread_compatible;
  static constexpr const char* about = "Boost unordered_map as it is";
  static constexpr mapquake::OpMask visits_may_call = mapquake::op_bit(mapquake::OpKind::erase);
  static constexpr bool usable_when_moved_from = true;
};

using Flat = FlatMap<Key, Value, std::hash<Key>>;
using Chained = ChainedMap<Key, Value, std::hash<Key>>;
using FlatTraced = FlatMap<TracedKey, TracedValue, NothrowHash>;
using ChainedTraced = ChainedMap<TracedKey, TracedValue, NothrowHash>;

MAPQUAKE_MAP("boost_unordered_flat_map", Flat);
MAPQUAKE_MAP("boost_unordered_flat_map_locked", LockedMap<Flat>);
MAPQUAKE_MAP("boost_unordered_flat_map_traced", FlatTraced);
MAPQUAKE_MAP("boost_unordered_map", Chained);
MAPQUAKE_MAP("boost_unordered_map_locked", LockedMap<Chained>);
MAPQUAKE_MAP("boost_unordered_map_traced", ChainedTraced);

}  // namespace
