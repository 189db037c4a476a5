// Abseil's flat_hash_map, node_hash_map and btree_map, unmodified; alone and behind a lock. Their sampling profiler
// (hashtablez) is part of the prebuilt library, off by default and not seen by the harness.
#include "sequential_map.hpp"

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>
#include <absl/container/node_hash_map.h>

namespace {

using mapquake::Key;
using mapquake::Value;
using mapquake::maps::LockedMap;
using mapquake::maps::NodelessHashMap;
using mapquake::maps::PairAllocator;

constexpr mapquake::Claims thread_compatible = mapquake::maps::sequential_claims(
    mapquake::ExceptionGuarantee::none,
    "Abseil containers guide (abseil.io/docs/cpp/guides/container): they 'generally adhere to the properties of STL "
    "containers', so const members may run together; the guide says nothing of exceptions");

struct FlatHashMap
    : NodelessHashMap<absl::flat_hash_map<Key, Value, std::hash<Key>, std::equal_to<Key>, PairAllocator<Key, Value>>> {
  using NodelessHashMap::NodelessHashMap;
  static constexpr mapquake::Claims claims = thread_compatible;
  static constexpr const char* about = "Abseil flat_hash_map as it is";
};

struct NodeHashMap
    : NodelessHashMap<absl::node_hash_map<Key, Value, std::hash<Key>, std::equal_to<Key>, PairAllocator<Key, Value>>> {
  using NodelessHashMap::NodelessHashMap;
  static constexpr mapquake::Claims claims = thread_compatible;
  static constexpr const char* about = "Abseil node_hash_map as it is";
};

struct BtreeMap : mapquake::maps::StandardMap<absl::btree_map<Key, Value, std::less<Key>, PairAllocator<Key, Value>>> {
  using StandardMap::StandardMap;
  static constexpr mapquake::Claims claims = thread_compatible;
  static constexpr const char* about = "Abseil btree_map as it is";
};

/// Growing notes the new capacity before it has the memory: docs/findings.md, finding 11.
struct FlatHashMapOutOfMemory : FlatHashMap {
  using FlatHashMap::FlatHashMap;
  static constexpr mapquake::Expectation expected{
      .outcomes = "abort|double free|out of bounds|use after free|uninitialised read|crash|hang",
      .threads = 1,
      .operations = 1,
      .faults = 1};
  static constexpr const char* about = "Abseil flat_hash_map, where memory runs out";
};

MAPQUAKE_MAP("absl_flat_hash_map", FlatHashMap);
MAPQUAKE_MAP("absl_flat_hash_map_out_of_memory", FlatHashMapOutOfMemory);
MAPQUAKE_MAP("absl_flat_hash_map_locked", LockedMap<FlatHashMap>);
MAPQUAKE_MAP("absl_node_hash_map", NodeHashMap);
MAPQUAKE_MAP("absl_node_hash_map_locked", LockedMap<NodeHashMap>);
MAPQUAKE_MAP("absl_btree_map", BtreeMap);
MAPQUAKE_MAP("absl_btree_map_locked", LockedMap<BtreeMap>);

}  // namespace
