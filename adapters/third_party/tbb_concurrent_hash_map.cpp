// tbb_concurrent_hash_map: oneTBB's concurrent_hash_map, unmodified. Accessors are locks on one entry; an operation
// here takes one and lets it go.
#include <mapquake/adapter.hpp>

#include <oneapi/tbb/concurrent_hash_map.h>

#include <memory>
#include <optional>
#include <utility>

namespace {

using mapquake::Key;
using mapquake::OpKind;
using mapquake::Value;

// The default allocator goes past operator new.
using Map = oneapi::tbb::concurrent_hash_map<Key, Value, oneapi::tbb::tbb_hash_compare<Key>,
                                             std::allocator<std::pair<const Key, Value>>>;

class Adapter {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::exclusive,
      .size = mapquake::SizeClaim::quiescent,
      .whole_map = mapquake::WholeMap::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::basic,
      .exclusive_operations = mapquake::op_bit(OpKind::clear) | mapquake::op_bit(OpKind::reserve) |
                              mapquake::op_bit(OpKind::iterate) | mapquake::op_bit(OpKind::copy),
      .citation =
          "oneTBB specification [containers.concurrent_hash_map]: concurrent insertion, lookup and erasure; "
          "'Iterators', 'Concurrently unsafe modifiers' (clear) and copying 'can only be performed serially'; "
          "size() 'may differ ... in case of pending concurrent insertions or erasures'; rehash: header, "
          "'before or after concurrent operations'",
  };
  static constexpr const char* about = "oneTBB concurrent_hash_map with accessors";
  static constexpr bool copyable = true;

  Adapter() = default;
  explicit Adapter(mapquake::CapacityHint hint) : map_(hint.entries) {}
  bool insert(Key k, Value v) { return map_.insert(Map::value_type(k, v)); }
  std::optional<Value> find(Key k) const {
    Map::const_accessor entry;
    return map_.find(entry, k) ? std::optional<Value>(entry->second) : std::nullopt;
  }
  bool contains(Key k) const { return map_.count(k) == 1; }
  bool erase(Key k) { return map_.erase(k); }
  bool assign(Key k, Value v) {
    Map::accessor entry;
    const bool added = map_.insert(entry, Map::value_type(k, v));
    if (!added) entry->second = v;
    return added;
  }
  template <class Change>
  bool update(Key k, Change change) {
    Map::accessor entry;
    if (!map_.find(entry, k)) return false;
    change(entry->second);
    return true;
  }
  Value get_or_create(Key k, Value v) {
    Map::const_accessor entry;
    map_.insert(entry, Map::value_type(k, v));
    return entry->second;
  }
  std::size_t size() const { return map_.size(); }
  void clear() { map_.clear(); }
  void reserve(std::size_t entries) { map_.rehash(entries); }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& entry : map_) visit(entry.first, entry.second);
  }

 protected:
  Map map_;
};

MAPQUAKE_MAP("tbb_concurrent_hash_map", Adapter);

/// "If the range includes multiple elements with equivalent keys, it is unspecified which will be inserted"
/// ([containers.concurrent_hash_map], constructors): one of them, and not both (docs/findings.md, 16).
struct FromRange : Adapter {
  static constexpr const char* about = "oneTBB concurrent_hash_map constructed from a range with a key twice";
  static constexpr mapquake::Expectation expected{
      .outcomes = "not linearizable|iteration broken|invariant broken", .threads = 1, .operations = 1, .rare = true};

  FromRange() = default;
  explicit FromRange(mapquake::CapacityHint hint) : Adapter(hint) {}
  template <class Iterator>
  FromRange(Iterator first, Iterator last) {
    map_ = Map(first, last);
  }
};
MAPQUAKE_MAP("tbb_concurrent_hash_map_from_range", FromRange);

}  // namespace
