// tbb_concurrent_hash_map: oneTBB's concurrent_hash_map, unmodified. Accessors are locks on one entry; an operation
// here takes one and lets it go.
#include <mapquake/adapter.hpp>
#include <mapquake/traced.hpp>

#include <oneapi/tbb/concurrent_hash_map.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace {

using mapquake::Key;
using mapquake::op_bit;
using mapquake::OpKind;
using mapquake::TracedKey;
using mapquake::TracedValue;
using mapquake::Value;

/// Keys that throw, but for their hash.
struct TracedHashCompare {
  static std::size_t hash(const TracedKey& key) { return std::hash<Key>{}(Key{key.number()}); }
  static bool equal(const TracedKey& a, const TracedKey& b) { return a == b; }
};

template <class K, class V, class HashCompare>
class Adapter {
 protected:
  // The default allocator goes past operator new.
  using Map = oneapi::tbb::concurrent_hash_map<K, V, HashCompare, std::allocator<std::pair<const K, V>>>;

 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::exclusive,
      .size = mapquake::SizeClaim::quiescent,
      .whole_map = mapquake::WholeMap::per_key,
      .on_bad_alloc = mapquake::ExceptionGuarantee::basic,
      .exclusive_operations =
          op_bit(OpKind::clear) | op_bit(OpKind::reserve) | op_bit(OpKind::iterate) | op_bit(OpKind::copy),
      .citation =
          "oneTBB specification [containers.concurrent_hash_map]: concurrent insertion, lookup and erasure; "
          "'Iterators', 'Concurrently unsafe modifiers' (clear) and copying 'can only be performed serially'; "
          "size() 'may differ ... in case of pending concurrent insertions or erasures'; rehash: header, "
          "'before or after concurrent operations'; insert(first, last) is among the 'Concurrently safe modifiers'",
  };
  static constexpr const char* about = "oneTBB concurrent_hash_map with accessors";
  static constexpr bool copyable = true;
  static constexpr bool copy_assignable = true;

  Adapter() = default;
  explicit Adapter(mapquake::CapacityHint hint) : map_(hint.entries) {}
  bool insert(const K& k, const V& v) { return map_.insert(Entry(k, v)); }
  std::optional<V> find(const K& k) const {
    typename Map::const_accessor entry;
    return map_.find(entry, k) ? std::optional<V>(entry->second) : std::nullopt;
  }
  bool contains(const K& k) const { return map_.count(k) == 1; }
  bool erase(const K& k) { return map_.erase(k); }
  std::optional<V> extract(const K& k) {
    std::optional<V> taken;
    typename Map::accessor entry;
    if (!map_.find(entry, k)) return taken;
    taken.emplace(entry->second);
    if (!map_.erase(entry)) taken.reset();  // unlinked by an erase that waits for the accessor
    return taken;
  }
  bool assign(const K& k, const V& v) {
    typename Map::accessor entry;
    const bool added = map_.insert(entry, Entry(k, v));
    if (!added) entry->second = v;
    return added;
  }
  bool replace(const K& k, const V& v) {
    return update(k, [&v](V& present) { present = v; });
  }
  bool compare_exchange(const K& k, const V& expected, const V& desired) {
    bool exchanged = false;
    update(k, [&](V& present) {
      if (!(present == expected)) return;
      present = desired;
      exchanged = true;
    });
    return exchanged;
  }
  template <class Change>
  bool update(const K& k, Change change) {
    typename Map::accessor entry;
    if (!map_.find(entry, k)) return false;
    change(entry->second);
    return true;
  }
  template <class Change>
  bool upsert(const K& k, const V& v, Change change) {
    typename Map::accessor entry;
    const bool added = map_.emplace(entry, k, v);
    if (!added) change(entry->second);
    return added;
  }
  V get_or_create(const K& k, const V& v) {
    typename Map::const_accessor entry;
    map_.insert(entry, Entry(k, v));
    return entry->second;
  }
  template <class Iterator>
  void insert_range(Iterator first, Iterator last) {
    map_.insert(first, last);
  }
  std::size_t size() const { return map_.size(); }
  void clear() { map_.clear(); }
  void swap(Adapter& other) { map_.swap(other.map_); }
  void reserve(std::size_t entries) { map_.rehash(entries); }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& entry : map_) visit(entry.first, entry.second);
  }

 protected:
  using Entry = typename Map::value_type;
  Map map_;
};
using Numbers = Adapter<Key, Value, oneapi::tbb::tbb_hash_compare<Key>>;

MAPQUAKE_MAP("tbb_concurrent_hash_map", Numbers);

struct Traced : Adapter<TracedKey, TracedValue, TracedHashCompare> {
  using Adapter::Adapter;
  static constexpr const char* about = "oneTBB concurrent_hash_map with keys and values that throw";
  // The node of an emplace() whose key comparison throws is lost: docs/findings.md, finding 21.
  static constexpr mapquake::Expectation expected{
      .outcomes = "exception guarantee broken", .threads = 1, .operations = 1, .faults = 1};
};
MAPQUAKE_MAP("tbb_concurrent_hash_map_traced", Traced);

/// [containers.concurrent_hash_map], assignment, replaces what was there: it is leaked (docs/findings.md, 19).
struct MoveAssigned : Numbers {
  using Numbers::Numbers;
  static constexpr bool movable = true;
  static constexpr const char* about = "oneTBB concurrent_hash_map, moved to one that holds something";
  static constexpr mapquake::Expectation expected{.outcomes = "leak", .threads = 1, .operations = 1};
};
MAPQUAKE_MAP("tbb_concurrent_hash_map_move_assigned", MoveAssigned);

/// "If the range includes multiple elements with equivalent keys, it is unspecified which will be inserted"
/// ([containers.concurrent_hash_map], constructors): one of them, and not both (docs/findings.md, 16).
struct FromRange : Numbers {
  static constexpr const char* about = "oneTBB concurrent_hash_map constructed from a range with a key twice";
  static constexpr mapquake::Expectation expected{
      .outcomes = "not linearizable|iteration broken|invariant broken", .threads = 1, .operations = 1, .rare = true};

  FromRange() = default;
  explicit FromRange(mapquake::CapacityHint hint) : Numbers(hint) {}
  template <class Iterator>
  FromRange(Iterator first, Iterator last) {
    map_ = Map(first, last);
  }
};
MAPQUAKE_MAP("tbb_concurrent_hash_map_from_range", FromRange);

}  // namespace
