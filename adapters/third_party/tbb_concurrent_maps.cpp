// oneTBB's concurrent_unordered_map (split-ordered list) and concurrent_map (skip list), unmodified. Both insert, look
// up and traverse concurrently; erasing is for one thread alone.
#include <mapquake/adapter.hpp>
#include <mapquake/traced.hpp>

#include <oneapi/tbb/concurrent_map.h>
#include <oneapi/tbb/concurrent_unordered_map.h>

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

// The default allocator goes past operator new.
template <class K, class V>
using Allocator = std::allocator<std::pair<const K, V>>;

constexpr mapquake::Claims insert_only(const char* citation) {
  return {.concurrent_use = mapquake::ConcurrentUse::all_operations,
          .iteration = mapquake::Iteration::weakly_consistent,
          .size = mapquake::SizeClaim::quiescent,
          .whole_map = mapquake::WholeMap::per_key,
          .on_bad_alloc = mapquake::ExceptionGuarantee::basic,
          .exclusive_operations = op_bit(OpKind::erase) | op_bit(OpKind::clear) | op_bit(OpKind::erase_if) |
                                  op_bit(OpKind::copy) | op_bit(OpKind::update) | op_bit(OpKind::extract) |
                                  op_bit(OpKind::reserve),
          .beside_cursors = op_bit(OpKind::insert) | op_bit(OpKind::find) | op_bit(OpKind::contains) |
                            op_bit(OpKind::get_or_create) | op_bit(OpKind::size) | op_bit(OpKind::iterate),
          .citation = citation};
}

/// A value once in the map is only changed alone: the maps give no lock on an entry.
template <class Map, class K, class V>
class Adapter {
 public:
  static constexpr bool copyable = true;
  static constexpr bool copy_assignable = true;
  static constexpr bool movable = true;
  // The specification leaves it valid and unspecified.
  static constexpr bool usable_when_moved_from = true;
  // "supports concurrent insertion, lookup, and traversal"
  static constexpr mapquake::OpMask visits_may_call = op_bit(OpKind::insert);

  Adapter() = default;
  template <class Iterator>
  Adapter(Iterator first, Iterator last) : map_(first, last) {}

  bool insert(const K& key, const V& value) { return map_.emplace(key, value).second; }
  std::optional<V> find(const K& key) const {
    const auto found = map_.find(key);
    return found == map_.end() ? std::nullopt : std::optional<V>(found->second);
  }
  bool contains(const K& key) const { return map_.contains(key); }
  bool erase(const K& key) { return map_.unsafe_erase(key) == 1; }
  std::optional<V> extract(const K& key) {
    std::optional<V> taken;
    const auto found = map_.find(key);
    if (found == map_.end()) return taken;
    taken.emplace(found->second);
    static_cast<void>(map_.unsafe_extract(found));
    return taken;
  }
  template <class Change>
  bool update(const K& key, Change change) {
    const auto found = map_.find(key);
    if (found == map_.end()) return false;
    change(found->second);
    return true;
  }
  V get_or_create(const K& key, const V& value) { return map_.emplace(key, value).first->second; }
  template <class Iterator>
  void insert_range(Iterator first, Iterator last) {
    map_.insert(first, last);
  }
  std::size_t size() const { return map_.size(); }
  void clear() { map_.clear(); }
  void swap(Adapter& other) { map_.swap(other.map_); }
  void merge(Adapter& other) requires requires(Map& map) { map.merge(map); }
  { map_.merge(other.map_); }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [key, value] : map_) visit(key, value);
  }
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    std::size_t erased = 0;
    for (auto it = map_.begin(); it != map_.end();) {
      if (pred(it->first, it->second)) {
        it = map_.unsafe_erase(it);
        ++erased;
      } else {
        ++it;
      }
    }
    return erased;
  }

  class Cursor {
   public:
    explicit Cursor(const Map& map) : at_(map.begin()), end_(map.end()) {}
    std::optional<std::pair<K, V>> next() {
      if (at_ == end_) return std::nullopt;
      return *at_++;
    }

   private:
    decltype(std::declval<const Map&>().begin()) at_, end_;
  };
  Cursor cursor() const { return Cursor(map_); }

 protected:
  Map map_;
};

template <class K, class V, class Hash>
struct Unordered : Adapter<oneapi::tbb::concurrent_unordered_map<K, V, Hash, std::equal_to<K>, Allocator<K, V>>, K, V> {
  using Base = Adapter<oneapi::tbb::concurrent_unordered_map<K, V, Hash, std::equal_to<K>, Allocator<K, V>>, K, V>;
  using Base::Base;
  static constexpr mapquake::Claims claims = insert_only(
      "oneTBB specification [containers.concurrent_unordered_map]: 'supports concurrent insertion, lookup, and "
      "traversal, but does not support concurrent erasure'; 'Concurrently unsafe modifiers': unsafe_erase, clear");
  static constexpr const char* about = "oneTBB concurrent_unordered_map; erasing is exclusive";
  // Findings 13 and 14: the node of an insertion whose next allocation fails is lost.
  static constexpr mapquake::Expectation expected{
      .outcomes = "exception guarantee broken", .threads = 1, .operations = 1, .faults = 1};
};

/// Heights of towers come from the harness, so that they are recorded and replayed. concurrent_map itself draws them
/// from a generator per thread that libtbbmalloc allocates, behind the back of the harness.
struct Heights {
  static constexpr std::size_t max_level = 8;
  std::size_t operator()() { return 1 + mapquake::choose(3); }
};
// What concurrent_map derives from, with these heights.
template <class K, class V>
using OrderedMap = oneapi::tbb::detail::d2::concurrent_skip_list<
    oneapi::tbb::detail::d2::map_traits<K, V, std::less<K>, Heights, Allocator<K, V>, false>>;
template <class K, class V>
struct Ordered : Adapter<OrderedMap<K, V>, K, V> {
  using Adapter<OrderedMap<K, V>, K, V>::Adapter;
  std::optional<std::pair<K, V>> lower_bound(const K& key) const { return entry_at(this->map_.lower_bound(key)); }
  std::optional<std::pair<K, V>> upper_bound(const K& key) const { return entry_at(this->map_.upper_bound(key)); }
  static constexpr mapquake::Claims claims = insert_only(
      "oneTBB specification [containers.concurrent_map]: 'supports concurrent insertion, lookup, and traversal, but "
      "does not support concurrent erasure'; 'Concurrently unsafe modifiers': unsafe_erase, clear");
  static constexpr const char* about = "oneTBB concurrent_map, heights chosen by the harness; erasing is exclusive";
  // Findings 13 and 14: the node of an insertion whose next allocation fails is lost.
  static constexpr mapquake::Expectation expected{
      .outcomes = "exception guarantee broken", .threads = 1, .operations = 1, .faults = 1};

 private:
  template <class Iterator>
  std::optional<std::pair<K, V>> entry_at(Iterator at) const {
    if (at == this->map_.end()) return std::nullopt;
    return std::optional<std::pair<K, V>>(std::in_place, at->first, at->second);
  }
};

/// A hash of keys that throw where all else does.
struct NothrowHash {
  std::size_t operator()(const TracedKey& key) const noexcept { return std::hash<Key>{}(Key{key.number()}); }
};
using UnorderedNumbers = Unordered<Key, Value, std::hash<Key>>;
/// Findings 13 and 14 again: what is lost is a node with a key and a value, which is noticed by itself.
template <class Inner>
struct Traced : Inner {
  using Inner::Inner;
  static constexpr const char* about = "the same with keys and values that throw";
  static constexpr mapquake::Expectation expected{
      .outcomes = "exception guarantee broken|invariant broken", .threads = 1, .operations = 1, .faults = 1};
};
using UnorderedTraced = Traced<Unordered<TracedKey, TracedValue, NothrowHash>>;

/// [containers.concurrent_unordered_map], hash policy: does not return where there is room already (docs/findings.md,
/// 18).
struct UnorderedReserve : UnorderedNumbers {
  using UnorderedNumbers::UnorderedNumbers;
  static constexpr const char* about = "the same with reserve()";
  static constexpr mapquake::Expectation expected{
      .outcomes = "hang|exception guarantee broken", .threads = 1, .operations = 1};
  void reserve(std::size_t entries) { map_.reserve(entries); }
};
using OrderedNumbers = Ordered<Key, Value>;
using OrderedTraced = Traced<Ordered<TracedKey, TracedValue>>;

MAPQUAKE_MAP("tbb_concurrent_unordered_map", UnorderedNumbers);
MAPQUAKE_MAP("tbb_concurrent_unordered_map_reserve", UnorderedReserve);
MAPQUAKE_MAP("tbb_concurrent_unordered_map_traced", UnorderedTraced);
MAPQUAKE_MAP("tbb_concurrent_map", OrderedNumbers);
MAPQUAKE_MAP("tbb_concurrent_map_traced", OrderedTraced);

}  // namespace
