// Abseil's flat_hash_map, node_hash_map and btree_map, unmodified; alone, behind a lock, and with keys and values that
// throw. Their sampling profiler (hashtablez) is part of the prebuilt library, off by default and not seen by the
// harness.
#include "sequential_map.hpp"

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>
#include <absl/container/node_hash_map.h>

namespace {

using mapquake::Key;
using mapquake::TracedKey;
using mapquake::TracedValue;
using mapquake::Value;
using mapquake::maps::LockedMap;
using mapquake::maps::NothrowHash;
using mapquake::maps::PairAllocator;

constexpr mapquake::Claims thread_compatible = mapquake::maps::sequential_claims(
    mapquake::ExceptionGuarantee::none,
    "Abseil containers guide (abseil.io/docs/cpp/guides/container): they 'generally adhere to the properties of STL "
    "containers', so const members may run together; the guide says nothing of exceptions");

template <class K, class V, class Hash>
struct FlatHashMap
    : mapquake::maps::SequentialHashMap<absl::flat_hash_map<K, V, Hash, std::equal_to<K>, PairAllocator<K, V>>> {
  using Base =
      mapquake::maps::SequentialHashMap<absl::flat_hash_map<K, V, Hash, std::equal_to<K>, PairAllocator<K, V>>>;
  using Base::Base;
  static constexpr mapquake::Claims claims = thread_compatible;
  static constexpr const char* about = "Abseil flat_hash_map as it is";
  // raw_hash_set.h, erase(): 'in order to erase while iterating across a map, use the following idiom'.
  static constexpr mapquake::OpMask visits_may_call = mapquake::op_bit(mapquake::OpKind::erase);
};

template <class K, class V, class Hash>
struct NodeHashMap
    : mapquake::maps::SequentialHashMap<absl::node_hash_map<K, V, Hash, std::equal_to<K>, PairAllocator<K, V>>> {
  using Base =
      mapquake::maps::SequentialHashMap<absl::node_hash_map<K, V, Hash, std::equal_to<K>, PairAllocator<K, V>>>;
  using Base::Base;
  static constexpr mapquake::Claims claims = thread_compatible;
  static constexpr const char* about = "Abseil node_hash_map as it is";
  static constexpr mapquake::OpMask visits_may_call = mapquake::op_bit(mapquake::OpKind::erase);
};

template <class K, class V>
struct BtreeMap : mapquake::maps::SequentialOrderedMap<absl::btree_map<K, V, std::less<K>, PairAllocator<K, V>>> {
  using Base = mapquake::maps::SequentialOrderedMap<absl::btree_map<K, V, std::less<K>, PairAllocator<K, V>>>;
  using Base::Base;
  static constexpr mapquake::Claims claims = thread_compatible;
  static constexpr const char* about = "Abseil btree_map as it is";
};

using Flat = FlatHashMap<Key, Value, std::hash<Key>>;
using Node = NodeHashMap<Key, Value, std::hash<Key>>;
using Btree = BtreeMap<Key, Value>;

/// Growing notes the new capacity before it has the memory: docs/findings.md, finding 11.
struct FlatHashMapOutOfMemory : Flat {
  using Flat::Flat;
  static constexpr mapquake::Expectation expected{
      .outcomes = "abort|double free|out of bounds|use after free|uninitialised read|crash|hang",
      .threads = 1,
      .operations = 1,
      .faults = 1};
  static constexpr const char* about = "Abseil flat_hash_map, where memory runs out";
};

/// An entry counts as there before it is made, and as gone after it has been moved: docs/findings.md, finding 22.
template <class Inner>
struct Traced : Inner {
  using Inner::Inner;
  static constexpr const char* about = "the same with keys and values that throw: only its memory is looked at";
  static constexpr mapquake::Expectation expected{
      .outcomes =
          "crash|abort|uninitialised read|out of bounds|use after free|double free|leak|invariant broken|hang|stack "
          "overflow",
      .threads = 1,
      .operations = 1,
      .faults = 1};
};
using FlatTraced = Traced<FlatHashMap<TracedKey, TracedValue, NothrowHash>>;
using NodeTraced = Traced<NodeHashMap<TracedKey, TracedValue, NothrowHash>>;
using BtreeTraced = Traced<BtreeMap<TracedKey, TracedValue>>;

MAPQUAKE_MAP("absl_flat_hash_map", Flat);
MAPQUAKE_MAP("absl_flat_hash_map_out_of_memory", FlatHashMapOutOfMemory);
MAPQUAKE_MAP("absl_flat_hash_map_locked", LockedMap<Flat>);
MAPQUAKE_MAP("absl_flat_hash_map_traced", FlatTraced);
MAPQUAKE_MAP("absl_node_hash_map", Node);
MAPQUAKE_MAP("absl_node_hash_map_locked", LockedMap<Node>);
MAPQUAKE_MAP("absl_node_hash_map_traced", NodeTraced);
MAPQUAKE_MAP("absl_btree_map", Btree);
MAPQUAKE_MAP("absl_btree_map_locked", LockedMap<Btree>);
MAPQUAKE_MAP("absl_btree_map_traced", BtreeTraced);

}  // namespace
