// libcds, maps made of lists, unmodified: Michael's hash map (fixed number of buckets), the split-ordered map (grows
// without moving entries) and the skip list; with hazard pointers.
#include "cds_session.hpp"

#include <mapquake/traced.hpp>

#include <cds/container/iterable_kvlist_hp.h>
#include <cds/container/michael_kvlist_hp.h>
#include <cds/container/michael_list_hp.h>
#include <cds/container/michael_map.h>
#include <cds/container/skip_list_map_hp.h>
#include <cds/container/split_list_map.h>

#include <cstdint>
#include <functional>
#include <optional>
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

struct MapTraits : cc::michael_map::traits {
  using hash = std::hash<Key>;
};

struct ListTraits : cc::michael_list::traits {
  using less = std::less<Key>;
};
using MichaelMap = cc::MichaelHashMap<HP, cc::MichaelKVList<HP, Key, Value, ListTraits>, MapTraits>;
struct Michael : IterableAdapter<MichaelMap, 8> {
  // Two buckets: programs have few keys, and lists of one entry have no neighbours.
  Michael() : IterableAdapter(std::in_place, std::size_t{4}, std::size_t{2}) {}
  static constexpr mapquake::Claims claims = mapquake::cds_maps::claims(
      Iteration::exclusive, Progress::lock_free,
      "libcds 2.3.3, cds/container/michael_map.h: after M. Michael, 'High performance dynamic lock-free hash tables'; "
      "iterators over MichaelKVList: 'a crash is possible when you try to iterate the next element that has been "
      "deleted by concurrent thread'");
  static constexpr const char* about = "libcds MichaelHashMap of MichaelKVList, hazard pointers";
};

struct MichaelClear : Michael {
  static constexpr mapquake::Claims claims = mapquake::cds_maps::with_concurrent_clear(Michael::claims);
  static constexpr const char* about =
      "the same, clear() concurrently: sets the count to 0 whatever was inserted since";
  static constexpr mapquake::Expectation expected{
      .outcomes = "invariant broken|not linearizable", .threads = 2, .operations = 2, .preemptions = 1};
};

struct IterableListTraits : cc::iterable_list::traits {
  using less = std::less<Key>;
};
using MichaelIterableMap = cc::MichaelHashMap<HP, cc::IterableKVList<HP, Key, Value, IterableListTraits>, MapTraits>;
struct MichaelIterable : IterableAdapter<MichaelIterableMap, 8> {
  MichaelIterable() : IterableAdapter(std::in_place, std::size_t{4}, std::size_t{2}) {}
  // Not lock-free, though its documentation says so: link_data() of an insertion waits for another that has marked its
  // neighbour (found with stalled threads).
  static constexpr mapquake::Claims claims = mapquake::cds_maps::claims(
      Iteration::weakly_consistent, Progress::blocking,
      "libcds 2.3.3, cds/container/michael_map.h: 'for IterableList: iterator is thread-safe. You may use it freely in "
      "concurrent environment'");
  static constexpr const char* about = "libcds MichaelHashMap of IterableKVList, hazard pointers";
  // Searches load `next` relaxed and then read the node that they find (docs/findings.md, 17).
  static constexpr mapquake::Expectation expected{.outcomes = "data race", .threads = 2, .operations = 2};
};

struct NumberMapTraits : cc::michael_map::traits {
  using hash = std::hash<std::int64_t>;
};
struct NumberListTraits : cc::iterable_list::traits {
  using less = std::less<std::int64_t>;
};
using NumberMap =
    cc::MichaelHashMap<HP, cc::IterableKVList<HP, std::int64_t, std::int64_t, NumberListTraits>, NumberMapTraits>;
/// With upsert(), which compiles only where values hash like keys, as in the documentation's example: it looks for the
/// bucket of the value.
struct MichaelUpsert {
  MichaelUpsert() : session_(8), map_(4, 2) {}
  void thread_started() { session_.attach(); }
  void thread_ending() { session_.detach(); }
  bool insert(std::int64_t key, std::int64_t value) { return map_.insert(key, value); }
  bool assign(std::int64_t key, std::int64_t value) { return map_.upsert(key, value).second; }
  std::optional<std::int64_t> find(std::int64_t key) {
    std::optional<std::int64_t> found;
    map_.find(key, [&found](auto& entry) { found = entry.second; });
    return found;
  }
  bool erase(std::int64_t key) { return map_.erase(key); }
  // Not lock-free, though its documentation says so: link_data() of an insertion waits for another that has marked its
  // neighbour (found with stalled threads).
  static constexpr mapquake::Claims claims = mapquake::cds_maps::claims(
      Iteration::none, Progress::blocking,
      "libcds 2.3.3, cds/container/michael_map.h, upsert(): 'If key is not found in the map, then key is inserted iff "
      "bAllowInsert is true. Otherwise, the value of key is changed to val'");
  static constexpr const char* about = "libcds MichaelHashMap of IterableKVList with upsert()";
  static constexpr mapquake::Expectation expected{
      .outcomes = "not linearizable|data race", .threads = 1, .operations = 1};

 private:
  mapquake::cds_maps::Session session_;
  NumberMap map_;
};

struct SplitListTraits : cc::split_list::traits {
  using ordered_list = cc::michael_list_tag;
  using hash = std::hash<Key>;
  struct ordered_list_traits : cc::michael_list::traits {
    using less = std::less<Key>;
  };
};
using SplitListMap = cc::SplitListMap<HP, Key, Value, SplitListTraits>;
struct SplitList : IterableAdapter<SplitListMap, 10> {
  SplitList() : IterableAdapter(std::in_place, std::size_t{64}, std::size_t{1}) {}
  // Not lock-free, though its documentation says so: who needs a bucket waits for the thread that makes it (found with
  // stalled threads).
  static constexpr mapquake::Claims claims = mapquake::cds_maps::claims(
      Iteration::exclusive, Progress::blocking,
      "libcds 2.3.3, cds/container/split_list_map.h: 'Hash table implementation based on split-ordered list algorithm' "
      "of Shalev and Shavit, 'the first lock-free extensible hash table'; 'no guarantee that you iterate all item' "
      "while others delete");
  static constexpr const char* about = "libcds SplitListMap of MichaelList, hazard pointers";
};

struct SplitListClear : SplitList {
  static constexpr mapquake::Claims claims = mapquake::cds_maps::with_concurrent_clear(SplitList::claims);
  static constexpr const char* about = "the same, clear() concurrently: walks on from entries that others unlinked";
  static constexpr mapquake::Expectation expected{.outcomes = "crash|use after free|invariant broken|not linearizable",
                                                  .threads = 2,
                                                  .operations = 2,
                                                  .preemptions = 1};
};

struct SkipListTraits : cc::skip_list::traits {
  using less = std::less<Key>;
  using item_counter = cds::atomicity::item_counter;
  // Levels come from the harness, so that they are recorded and replayed.
  struct random_level_generator {
    static constexpr unsigned c_nUpperBound = 8;
    unsigned operator()() { return mapquake::choose(4); }
  };
};
using SkipListMap = cc::SkipListMap<HP, Key, Value, SkipListTraits>;
struct SkipList : IterableAdapter<SkipListMap, SkipListMap::c_nHazardPtrCount + 4> {
  // Not lock-free, though its documentation says so: find_position() starts again until an erasure has unlinked its
  // node (found with stalled threads).
  static constexpr mapquake::Claims claims = mapquake::cds_maps::claims(
      Iteration::exclusive, Progress::blocking,
      "libcds 2.3.3, cds/container/impl/skip_list_map.h: 'Lock-free skip-list map'; 'there is no guarantee that you "
      "iterate all item in the list' while others delete");
  static constexpr const char* about = "libcds SkipListMap, hazard pointers, up to four levels; insert is emplace()";
  // An erased entry that is marked but still linked: erase() by another thread says no, contains() says yes.
  static constexpr mapquake::Expectation expected{
      .outcomes = "not linearizable", .threads = 2, .operations = 3, .rare = true};
  bool insert(Key key, Value value) { return map_.emplace(key, value); }
};
struct SkipListInsert : IterableAdapter<SkipListMap, SkipListMap::c_nHazardPtrCount + 4> {
  static constexpr mapquake::Claims claims = SkipList::claims;
  static constexpr const char* about = "the same with insert(key, value): links the entry, then writes its value";
  static constexpr mapquake::Expectation expected{
      .outcomes = "not linearizable|data race", .threads = 2, .operations = 2, .preemptions = 1};
};

/// Keys and values that throw, but for their hash. libcds says nothing of exceptions: what is left must not be used or
/// freed twice, and go.
struct TracedLess {
  bool operator()(const TracedKey& a, const TracedKey& b) const { return a < b; }
};
struct TracedHash {
  std::size_t operator()(const TracedKey& key) const noexcept { return std::hash<Key>{}(Key{key.number()}); }
};
struct TracedMapTraits : cc::michael_map::traits {
  using hash = TracedHash;
};
struct TracedListTraits : cc::michael_list::traits {
  using less = TracedLess;
};
struct TracedSplitListTraits : cc::split_list::traits {
  using ordered_list = cc::michael_list_tag;
  using hash = TracedHash;
  using ordered_list_traits = TracedListTraits;
};
struct TracedSkipListTraits : SkipListTraits {
  using less = TracedLess;
};
/// The node of an insertion that throws is lost, or freed although it is linked: docs/findings.md, 23 and 25.
constexpr mapquake::Expectation thrown_at{
    .outcomes = "leak|invariant broken", .threads = 1, .operations = 1, .faults = 1};
constexpr mapquake::Claims silent(mapquake::Claims claims) {
  claims.iteration = Iteration::exclusive;
  claims.progress = Progress::blocking;
  return claims;
}
using MichaelTracedMap =
    cc::MichaelHashMap<HP, cc::MichaelKVList<HP, TracedKey, TracedValue, TracedListTraits>, TracedMapTraits>;
struct MichaelTraced : IterableAdapter<MichaelTracedMap, 8> {
  MichaelTraced() : IterableAdapter(std::in_place, std::size_t{4}, std::size_t{2}) {}
  static constexpr mapquake::Claims claims = silent(Michael::claims);
  static constexpr mapquake::Expectation expected = thrown_at;
  static constexpr const char* about = "libcds MichaelHashMap with keys and values that throw: only its memory";
};
using SplitListTracedMap = cc::SplitListMap<HP, TracedKey, TracedValue, TracedSplitListTraits>;
struct SplitListTraced : IterableAdapter<SplitListTracedMap, 10> {
  SplitListTraced() : IterableAdapter(std::in_place, std::size_t{64}, std::size_t{1}) {}
  static constexpr mapquake::Claims claims = silent(SplitList::claims);
  static constexpr mapquake::Expectation expected = thrown_at;
  static constexpr const char* about = "libcds SplitListMap with keys and values that throw: only its memory";
};
using SkipListTracedMap = cc::SkipListMap<HP, TracedKey, TracedValue, TracedSkipListTraits>;
struct SkipListTraced : IterableAdapter<SkipListTracedMap, SkipListTracedMap::c_nHazardPtrCount + 4> {
  static constexpr mapquake::Claims claims = silent(SkipList::claims);
  static constexpr mapquake::Expectation expected{
      .outcomes = "leak|invariant broken|use after free|double free|crash|not linearizable|hang",
      .threads = 1,
      .operations = 1,
      .faults = 1};
  static constexpr const char* about = "libcds SkipListMap with keys and values that throw: only its memory";
  bool insert(const TracedKey& key, const TracedValue& value) { return map_.emplace(key, value); }
};

MAPQUAKE_MAP("cds_michael_hash_map_traced", MichaelTraced);
MAPQUAKE_MAP("cds_split_list_map_traced", SplitListTraced);
MAPQUAKE_MAP("cds_skip_list_map_traced", SkipListTraced);
MAPQUAKE_MAP("cds_skip_list_map_insert", SkipListInsert);
MAPQUAKE_MAP("cds_michael_hash_map", Michael);
MAPQUAKE_MAP("cds_michael_hash_map_clear", MichaelClear);
MAPQUAKE_MAP("cds_michael_hash_map_iterable", MichaelIterable);
MAPQUAKE_MAP("cds_michael_hash_map_upsert", MichaelUpsert);
MAPQUAKE_MAP("cds_split_list_map", SplitList);
MAPQUAKE_MAP("cds_split_list_map_clear", SplitListClear);
MAPQUAKE_MAP("cds_skip_list_map", SkipList);

}  // namespace
