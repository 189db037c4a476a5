// go_sync_map: Go's sync.Map before 1.24; go_sync_map_range_delete: the same under a sweeper that looks, then deletes
// (broken). docs/maps/go_sync_map.md
#include "maps/go_sync_map.hpp"

#include <mapquake/adapter.hpp>

#include <optional>
#include <string>

namespace {

using namespace mapquake;

struct Choose {
  std::uint32_t operator()(std::uint32_t n) const { return choose(n); }
};

class GoSyncMapAdapter {
 public:
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::weakly_consistent,
      .size = SizeClaim::none,
      .whole_map = WholeMap::per_key,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation =
          "https://pkg.go.dev/sync#Map: safe for concurrent use by multiple goroutines; Map.Range: no key "
          "visited more than once, not a consistent snapshot; bad_alloc: adapters/maps/go_sync_map.hpp",
  };
  static constexpr const char* about = "S5: Go's sync.Map before 1.24: read, dirty, misses, expunged";

  bool insert(Key key, Value value) { return !map_.load_or_store(key, value).second; }
  std::optional<Value> find(Key key) { return map_.load(key); }
  bool contains(Key key) { return map_.load(key).has_value(); }
  bool erase(Key key) { return map_.load_and_delete(key).has_value(); }
  bool assign(Key key, Value value) { return !map_.swap(key, value).has_value(); }
  template <class Change>
  bool update(Key key, Change change) {
    while (const std::optional<Value> old = map_.load(key)) {
      Value changed = *old;
      change(changed);
      if (map_.compare_and_swap(key, *old, changed)) return true;
    }
    return false;
  }
  Value get_or_create(Key key, Value value) { return map_.load_or_store(key, value).first; }
  void clear() { map_.clear(); }
  template <class Visit>
  void for_each(Visit visit) {
    map_.range([&](const Key& key, const Value& value) {
      visit(key, value);
      return true;
    });
  }
  /// m.Range with m.LoadAndDelete inside: reports as erased what this call itself took out.
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    std::size_t erased = 0;
    map_.range([&](const Key& key, const Value& value) {
      if (!pred.quietly(key)) {
        pred(key, value);
      } else if (const std::optional<Value> taken = map_.load_and_delete(key)) {
        pred(key, *taken);
        ++erased;
      }
      return true;
    });
    return erased;
  }
  std::string validate() const { return map_.validate(); }
  std::string dump() const { return map_.dump(); }

 protected:
  maps::GoSyncMap<Key, Value, Hash<Key>, std::equal_to<Key>, Choose> map_{Choose{}};
};

class RangeDeleteAdapter : public GoSyncMapAdapter {
 public:
  static constexpr const char* about =
      "S5: sync.Map under a sweeper that ranges and deletes what it has looked at (broken)";
  // erase_if has looked at k when assign(k) gives it another value; then it deletes that one.
  static constexpr Expectation expected{
      .outcomes = "not linearizable", .threads = 2, .operations = 2, .preemptions = 1};

  /// m.Range(func(k, v) { if expired(v) { m.Delete(k) } })
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    std::size_t erased = 0;
    map_.range([&](const Key& key, const Value& value) {
      if (pred(key, value)) erased += map_.load_and_delete(key) ? 1 : 0;
      return true;
    });
    return erased;
  }
};

}  // namespace

MAPQUAKE_MAP("go_sync_map", GoSyncMapAdapter);
MAPQUAKE_MAP("go_sync_map_range_delete", RangeDeleteAdapter);
