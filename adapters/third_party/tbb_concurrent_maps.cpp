// oneTBB's concurrent_unordered_map (split-ordered list) and concurrent_map (skip list), unmodified. Both insert, look
// up and traverse concurrently; erasing is for one thread alone.
#include <mapquake/adapter.hpp>

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
using mapquake::Value;

// The default allocator goes past operator new.
using Allocator = std::allocator<std::pair<const Key, Value>>;

constexpr mapquake::Claims insert_only(const char* citation) {
  return {.concurrent_use = mapquake::ConcurrentUse::all_operations,
          .iteration = mapquake::Iteration::weakly_consistent,
          .size = mapquake::SizeClaim::quiescent,
          .whole_map = mapquake::WholeMap::linearizable,
          .on_bad_alloc = mapquake::ExceptionGuarantee::basic,
          .exclusive_operations = op_bit(OpKind::erase) | op_bit(OpKind::clear) | op_bit(OpKind::erase_if) |
                                  op_bit(OpKind::copy) | op_bit(OpKind::update),
          .citation = citation};
}

/// A value once in the map is only changed alone: the maps give no lock on an entry.
template <class Map>
class Adapter {
 public:
  static constexpr bool copyable = true;
  static constexpr bool movable = true;
  // "supports concurrent insertion, lookup, and traversal"
  static constexpr mapquake::OpMask visits_may_call = op_bit(OpKind::insert);

  Adapter() = default;
  template <class Iterator>
  Adapter(Iterator first, Iterator last) : map_(first, last) {}

  bool insert(Key key, Value value) { return map_.emplace(key, value).second; }
  std::optional<Value> find(Key key) const {
    const auto found = map_.find(key);
    return found == map_.end() ? std::nullopt : std::optional<Value>(found->second);
  }
  bool contains(Key key) const { return map_.contains(key); }
  bool erase(Key key) { return map_.unsafe_erase(key) == 1; }
  template <class Change>
  bool update(Key key, Change change) {
    const auto found = map_.find(key);
    if (found == map_.end()) return false;
    change(found->second);
    return true;
  }
  Value get_or_create(Key key, Value value) { return map_.emplace(key, value).first->second; }
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

 private:
  Map map_;
};

using UnorderedMap = oneapi::tbb::concurrent_unordered_map<Key, Value, std::hash<Key>, std::equal_to<Key>, Allocator>;
struct Unordered : Adapter<UnorderedMap> {
  using Adapter::Adapter;
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
using OrderedMap = oneapi::tbb::detail::d2::concurrent_skip_list<
    oneapi::tbb::detail::d2::map_traits<Key, Value, std::less<Key>, Heights, Allocator, false>>;
struct Ordered : Adapter<OrderedMap> {
  using Adapter::Adapter;
  static constexpr mapquake::Claims claims = insert_only(
      "oneTBB specification [containers.concurrent_map]: 'supports concurrent insertion, lookup, and traversal, but "
      "does not support concurrent erasure'; 'Concurrently unsafe modifiers': unsafe_erase, clear");
  static constexpr const char* about = "oneTBB concurrent_map, heights chosen by the harness; erasing is exclusive";
  // Findings 13 and 14: the node of an insertion whose next allocation fails is lost.
  static constexpr mapquake::Expectation expected{
      .outcomes = "exception guarantee broken", .threads = 1, .operations = 1, .faults = 1};
};

MAPQUAKE_MAP("tbb_concurrent_unordered_map", Unordered);
MAPQUAKE_MAP("tbb_concurrent_map", Ordered);

}  // namespace
