// libcds, maps made of trees and arrays, unmodified: Feldman's multi-level array and Ellen's binary search tree; with
// hazard pointers.
#include "cds_session.hpp"

#include <mapquake/traced.hpp>

#include <cds/container/ellen_bintree_map_hp.h>
#include <cds/container/feldman_hashmap_hp.h>

#include <bit>
#include <cstdint>
#include <functional>
#include <utility>

namespace {

using cds::gc::HP;
using mapquake::Iteration;
using mapquake::Key;
using mapquake::Progress;
using mapquake::TracedKey;
using mapquake::TracedValue;
using mapquake::Value;
using mapquake::cds_maps::Adapter;
using mapquake::cds_maps::IterableAdapter;
namespace cc = cds::container;

/// The map requires that different keys hash differently, whatever the scenario says. Small numbers share their low
/// byte, so that the array of arrays grows two levels deep.
struct PerfectHash {
  std::uint64_t operator()(Key key) const { return std::rotl(static_cast<std::uint64_t>(key.id), 8); }
};
struct FeldmanTraits : cc::feldman_hashmap::traits {
  using hash = PerfectHash;
};
using FeldmanMap = cc::FeldmanHashMap<HP, Key, Value, FeldmanTraits>;
struct Feldman : IterableAdapter<FeldmanMap, FeldmanMap::c_nHazardPtrCount + 4> {
  Feldman() : IterableAdapter(std::in_place, std::size_t{4}, std::size_t{2}) {}
  static constexpr mapquake::Claims claims =
      mapquake::cds_maps::claims(Iteration::exclusive, Progress::blocking,
                                 "libcds 2.3.3, cds/container/impl/feldman_hashmap.h: iterators are thread-safe, but "
                                 "'it is possible the item can be "
                                 "iterated more that once'; clear(): 'not atomic but is thread-safe'");
  static constexpr const char* about = "libcds FeldmanHashMap, hazard pointers";
};
struct FeldmanIterated : Feldman {
  static constexpr mapquake::Claims claims =
      mapquake::cds_maps::claims(Iteration::weakly_consistent, Progress::blocking,
                                 "libcds 2.3.3, cds/container/impl/feldman_hashmap.h: 'The map supports thread-safe "
                                 "iterators: you may iterate over "
                                 "the map in multi-threaded environment'");
  static constexpr const char* about = "the same, iterating concurrently: skips the entry of a slot being split";
  static constexpr mapquake::Expectation expected{
      .outcomes = "iteration broken", .threads = 2, .operations = 2, .preemptions = 1};
};

struct KeyExtractor {
  void operator()(Key& to, const std::pair<const Key, Value>& entry) const { to = entry.first; }
};
struct TreeTraits : cc::ellen_bintree::traits {
  using less = std::less<Key>;
  using key_extractor = KeyExtractor;
  using item_counter = cds::atomicity::item_counter;
};
using EllenMap = cc::EllenBinTreeMap<HP, Key, Value, TreeTraits>;
struct Ellen : Adapter<EllenMap, EllenMap::c_nHazardPtrCount + 4> {
  static constexpr mapquake::Claims claims = mapquake::cds_maps::claims(
      Iteration::none, Progress::blocking,
      "libcds 2.3.3, cds/container/impl/ellen_bintree_map.h: after Ellen, Fatourou, Ruppert, van Breugel, "
      "'Non-blocking "
      "binary search trees'; 'when a thread encounters a concurrent operation it just spins'");
  static constexpr const char* about = "libcds EllenBinTreeMap, hazard pointers; no iterator";
};

/// Keys and values that throw, but for their hash. libcds says nothing of exceptions: what is left must not be used or
/// freed twice, and go.
/// The node of an insertion that throws is lost: docs/findings.md, finding 23.
constexpr mapquake::Expectation node_lost{
    .outcomes = "leak|invariant broken", .threads = 1, .operations = 1, .faults = 1};
struct PerfectTracedHash {
  std::uint64_t operator()(const TracedKey& key) const noexcept { return PerfectHash{}(Key{key.number()}); }
};
struct FeldmanTracedTraits : cc::feldman_hashmap::traits {
  using hash = PerfectTracedHash;
};
using FeldmanTracedMap = cc::FeldmanHashMap<HP, TracedKey, TracedValue, FeldmanTracedTraits>;
struct FeldmanTraced : IterableAdapter<FeldmanTracedMap, FeldmanTracedMap::c_nHazardPtrCount + 4> {
  FeldmanTraced() : IterableAdapter(std::in_place, std::size_t{4}, std::size_t{2}) {}
  static constexpr mapquake::Claims claims = Feldman::claims;
  static constexpr mapquake::Expectation expected = node_lost;
  static constexpr const char* about = "libcds FeldmanHashMap with keys and values that throw: only its memory";
};
struct TracedKeyExtractor {
  void operator()(TracedKey& to, const std::pair<const TracedKey, TracedValue>& entry) const { to = entry.first; }
};
struct TreeTracedTraits : cc::ellen_bintree::traits {
  using less = std::less<TracedKey>;
  using key_extractor = TracedKeyExtractor;
  using item_counter = cds::atomicity::item_counter;
};
using EllenTracedMap = cc::EllenBinTreeMap<HP, TracedKey, TracedValue, TreeTracedTraits>;
struct EllenTraced : Adapter<EllenTracedMap, EllenTracedMap::c_nHazardPtrCount + 4> {
  static constexpr mapquake::Claims claims = Ellen::claims;
  static constexpr mapquake::Expectation expected = node_lost;
  static constexpr const char* about = "libcds EllenBinTreeMap with keys and values that throw: only its memory";
};

MAPQUAKE_MAP("cds_feldman_hash_map_traced", FeldmanTraced);
MAPQUAKE_MAP("cds_ellen_tree_map_traced", EllenTraced);
MAPQUAKE_MAP("cds_feldman_hash_map", Feldman);
MAPQUAKE_MAP("cds_feldman_hash_map_iterated", FeldmanIterated);
MAPQUAKE_MAP("cds_ellen_tree_map", Ellen);

}  // namespace
