// bpf_style_map_broken: doubles and migrates lazily under an iterator that does not know; bpf_fixed_map: the kernel's
// fixed-size hash map as its manual describes it; bpf_fixed_map_linux_6_1: as Linux 6.1 replaces elements.
// docs/maps/bpf_style_map.md
#include "maps/bpf_style_map.hpp"

#include "maps/bpf_fixed_map.hpp"

#include <mapquake/adapter.hpp>

#include <optional>
#include <string>

namespace {

using namespace mapquake;

class BrokenAdapter : public maps::BpfStyleMap<Key, Value, Hash<Key>> {
 public:
  using key_type = Key;
  using mapped_type = Value;
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::weakly_consistent,
      .size = SizeClaim::linearizable,
      .whole_map = WholeMap::per_key,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation = "docs/maps/bpf_style_map.md: what the post-mortem's authors believed",
  };
  static constexpr const char* about =
      "S15: doubles above load 0.8, migrates on touch, iterator unaware of it (broken)";
  // An iteration stopped between two entries; an insert that crosses 0.8 and takes along a key not yet visited.
  static constexpr Expectation expected{
      .outcomes = "iteration broken|use after free|crash", .threads = 2, .operations = 2, .preemptions = 1};

  BrokenAdapter() = default;

  bool contains(Key key) { return find(key).has_value(); }
  template <class Visit>
  void for_each(Visit visit) {
    Iterator it(*this);
    while (const auto entry = it.next()) visit(entry->first, entry->second);
  }
};

template <maps::BpfReplacement replacement>
class FixedAdapter {
 public:
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::exclusive,
      .size = SizeClaim::quiescent,
      .whole_map = WholeMap::per_key,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation =
          "man 2 bpf: map_update_elem() replaces existing elements atomically; BPF_MAP_GET_NEXT_KEY: if key is "
          "not found, next_key is the first key; E2BIG: max_entries reached. https://docs.kernel.org/bpf/"
          "map_hash.html",
  };
  bool insert(Key key, Value value) {
    return checked(map_.update(key, value, maps::BpfUpdate::no_exist)) == maps::BpfError::none;
  }
  /// The kernel does not tell whether the key was new; BPF_EXIST and BPF_NOEXIST do.
  bool assign(Key key, Value value) {
    while (true) {
      if (checked(map_.update(key, value, maps::BpfUpdate::exist)) == maps::BpfError::none) return false;
      if (checked(map_.update(key, value, maps::BpfUpdate::no_exist)) == maps::BpfError::none) return true;
    }
  }
  std::optional<Value> find(Key key) const { return map_.lookup(key); }
  bool contains(Key key) const { return map_.lookup(key).has_value(); }
  bool erase(Key key) { return map_.remove(key); }
  template <class Change>
  bool update(Key key, Change change) {
    return map_.modify(key, change) == maps::BpfError::none;
  }
  std::size_t size() const { return map_.count(); }
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::optional<Key> key = map_.next_key({}); key; key = map_.next_key(key)) {
      if (const std::optional<Value> value = map_.lookup(*key)) visit(*key, *value);
    }
  }
  /// Asks for the next key before it deletes this one, or the walk would start over.
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    std::size_t erased = 0;
    std::optional<Key> key = map_.next_key({});
    while (key) {
      const std::optional<Key> next = map_.next_key(key);
      if (!pred.quietly(*key)) {
        if (const std::optional<Value> value = map_.lookup(*key)) pred(*key, *value);
      } else if (const std::optional<Value> value = map_.lookup_and_delete(*key)) {
        pred(*key, *value);
        ++erased;
      }
      key = next;
    }
    return erased;
  }
  std::string validate() const { return map_.validate(); }
  std::string dump() const { return map_.dump(); }

 private:
  static maps::BpfError checked(maps::BpfError error) {
    if (error == maps::BpfError::e2big) throw Refused("E2BIG: the map holds max_entries already");
    return error;
  }

  static constexpr std::size_t max_entries = 1024;
  maps::BpfFixedMap<Key, Value, Hash<Key>, std::equal_to<Key>, replacement> map_{max_entries};
};

class InPlaceAdapter : public FixedAdapter<maps::BpfReplacement::in_place> {
 public:
  static constexpr const char* about = "S15: the kernel's fixed-size hash map: full is an error, iteration restarts";
};

class Linux61Adapter : public FixedAdapter<maps::BpfReplacement::head_first> {
 public:
  static constexpr const char* about =
      "S15: the same, replacing elements in the order of Linux 6.1 (a reader may miss both)";
  // Two colliding keys, the first inserted is behind the second: a find(first) that has stopped at the second while
  // assign(first) runs finds nothing.
  static constexpr Expectation expected{
      .outcomes = "not linearizable", .threads = 2, .operations = 2, .preemptions = 1, .rare = true};
};

}  // namespace

MAPQUAKE_MAP("bpf_style_map_broken", BrokenAdapter);
MAPQUAKE_MAP("bpf_fixed_map", InPlaceAdapter);
MAPQUAKE_MAP("bpf_fixed_map_linux_6_1", Linux61Adapter);
