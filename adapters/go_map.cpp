// go_map, go_map_nodetector, go_map_locked, go_map_nil: Go's classic map as it is, without its write detector, behind
// a mutex, and never made. docs/maps/go_map.md
#include "maps/go_map.hpp"

#include "maps/go_map_inspect.hpp"
#include "maps/go_map_variable.hpp"
#include "maps/mutex_guarded.hpp"

#include <mapquake/adapter.hpp>

#include <optional>
#include <string>

namespace {

using namespace mapquake;
using maps::GoMapError;
using maps::GoMapOptions;

struct Choose {
  std::uint32_t operator()(std::uint32_t n) const { return choose(n); }
};
using Map = maps::GoMap<Key, Value, Hash<Key>, std::equal_to<Key>, Choose>;

/// Go's fatal errors and panics are errors that Go documents: refusals.
template <class Call>
decltype(auto) refusing(Call call) {
  try {
    return call();
  } catch (const GoMapError& error) {
    throw Refused(error.what());
  }
}

template <bool detector>
class GoAdapter {
 public:
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::readers,
      .iteration = Iteration::exclusive,
      .size = SizeClaim::quiescent,
      .on_bad_alloc = ExceptionGuarantee::basic,
      .citation =
          "https://go.dev/doc/faq#atomic_maps: reads only may go on concurrently; any write must be alone. "
          "https://go.dev/ref/spec#For_range: entries removed or created during iteration. "
          "bad_alloc: adapters/maps/go_map.hpp",
  };
  static constexpr const char* about = detector ? "S1-S3: Go's map before 1.24, with its concurrent-write detector"
                                                : "S1-S3: Go's map before 1.24, with the detector switched off";
  static constexpr bool copyable = true;

  GoAdapter() : GoAdapter(CapacityHint{}) {}
  explicit GoAdapter(CapacityHint hint) : map_(GoMapOptions{.hint = hint.entries, .detector = detector}) {}
  template <class Iterator>
  GoAdapter(Iterator first, Iterator last) : GoAdapter() {
    for (; first != last; ++first) insert((*first).first, (*first).second);
  }
  /// maps.Clone: a map of its own, made for as many entries.
  GoAdapter(const GoAdapter& other) : GoAdapter(CapacityHint{other.size()}) {
    other.for_each([this](const Key& key, const Value& value) { map_.assign(key, value); });
  }

  bool insert(Key key, Value value) {
    return refusing([&] { return !map_.contains(key) && map_.assign(key, value); });
  }
  std::optional<Value> find(Key key) const {
    return refusing([&] { return map_.find(key); });
  }
  bool contains(Key key) const {
    return refusing([&] { return map_.contains(key); });
  }
  bool erase(Key key) {
    return refusing([&] { return map_.erase(key); });
  }
  bool assign(Key key, Value value) {
    return refusing([&] { return map_.assign(key, value); });
  }
  /// if v, ok := m[key]; ok { change(&v); m[key] = v }
  template <class Change>
  bool update(Key key, Change change) {
    return refusing([&] {
      std::optional<Value> value = map_.find(key);
      if (!value) return false;
      change(*value);
      map_.assign(key, *value);
      return true;
    });
  }
  Value get_or_create(Key key, Value value) {
    return refusing([&] {
      if (const std::optional<Value> present = map_.find(key)) return *present;
      map_.assign(key, value);
      return value;
    });
  }
  std::size_t size() const { return map_.size(); }
  void clear() {
    refusing([&] { map_.clear(); });
  }
  template <class Visit>
  void for_each(Visit visit) const {
    refusing([&] {
      for (Map::Iterator it(map_); !it.ended(); it.next()) visit(it.key(), it.value());
    });
  }
  /// for k, v := range m { if pred(k, v) { delete(m, k) } }: allowed by the language.
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    return refusing([&] {
      std::size_t erased = 0;
      for (Map::Iterator it(map_); !it.ended(); it.next()) {
        if (pred(it.key(), it.value())) erased += map_.erase(Key{it.key()}) ? 1 : 0;
      }
      return erased;
    });
  }
  std::string validate() const { return maps::GoMapInspector(map_).validate(); }
  std::string dump() const { return maps::GoMapInspector(map_).dump(); }

 private:
  Map map_;
};

/// What Go's FAQ tells to do: one mutex round every use.
class LockedAdapter : public maps::MutexGuarded<GoAdapter<true>> {
 public:
  using MutexGuarded::MutexGuarded;
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::snapshot,
      .size = SizeClaim::linearizable,
      .whole_map = WholeMap::linearizable,
      .on_bad_alloc = ExceptionGuarantee::basic,
      .citation =
          "https://go.dev/doc/faq#atomic_maps: with a lock round every use; bad_alloc: adapters/maps/go_map.hpp",
  };
  static constexpr const char* about = "S1-S3: Go's map before 1.24 behind one mutex";
  static constexpr bool copyable = true;
};

class NilAdapter {
 public:
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::readers,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation =
          "https://go.dev/ref/spec#Map_types: a nil map is equivalent to an empty map except that no elements "
          "may be added",
  };
  static constexpr const char* about = "S1-S3: Go's nil map: reads as empty, refuses writes";

  bool insert(Key key, Value value) { return assign(key, value); }
  std::optional<Value> find(Key key) const { return map_.find(key); }
  bool contains(Key key) const { return map_.contains(key); }
  bool erase(Key key) { return map_.erase(key); }
  bool assign(Key key, Value value) {
    return refusing([&] { return map_.assign(key, value); });
  }
  std::size_t size() const { return map_.size(); }
  void clear() { map_.clear(); }
  template <class Visit>
  void for_each(Visit visit) const {
    map_.for_each(visit);
  }

 private:
  maps::GoMapVariable<Map> map_;
};

}  // namespace

MAPQUAKE_MAP("go_map", GoAdapter<true>);
MAPQUAKE_MAP("go_map_nodetector", GoAdapter<false>);
MAPQUAKE_MAP("go_map_locked", LockedAdapter);
MAPQUAKE_MAP("go_map_nil", NilAdapter);
