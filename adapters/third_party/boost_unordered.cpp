// Boost.Unordered: unordered_flat_map (open addressing) and unordered_map (chained), unmodified; alone and behind a
// lock. unordered_node_map came with Boost 1.82.
#include "sequential_map.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered_map.hpp>

namespace {

using mapquake::Key;
using mapquake::Value;
using mapquake::maps::LockedMap;

constexpr mapquake::Claims thread_compatible = mapquake::maps::sequential_claims(
    mapquake::ExceptionGuarantee::strong,
    "Boost.Unordered 1.81 reference, emplace and insert: 'If an exception is thrown by an operation other than a call "
    "to hasher the function has no effect'; the containers follow the standard's, const members may run together");

struct FlatMap
    : mapquake::maps::NodelessHashMap<boost::unordered_flat_map<Key, Value, std::hash<Key>, std::equal_to<Key>>> {
  using NodelessHashMap::NodelessHashMap;
  static constexpr mapquake::Claims claims = thread_compatible;
  static constexpr const char* about = "Boost unordered_flat_map as it is";
};

struct ChainedMap
    : mapquake::maps::StandardHashMap<boost::unordered_map<Key, Value, std::hash<Key>, std::equal_to<Key>>> {
  using StandardHashMap::StandardHashMap;
  static constexpr mapquake::Claims claims = thread_compatible;
  static constexpr const char* about = "Boost unordered_map as it is";
};

MAPQUAKE_MAP("boost_unordered_flat_map", FlatMap);
MAPQUAKE_MAP("boost_unordered_flat_map_locked", LockedMap<FlatMap>);
MAPQUAKE_MAP("boost_unordered_map", ChainedMap);
MAPQUAKE_MAP("boost_unordered_map_locked", LockedMap<ChainedMap>);

}  // namespace
