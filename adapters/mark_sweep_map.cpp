// mark_sweep_map: erase marks; what has been marked for 72 virtual hours is archived and swept.
// docs/maps/mark_sweep_map.md
#include "maps/mark_sweep_map.hpp"

#include <mapquake/adapter.hpp>

#include <optional>
#include <string>

namespace {

using namespace mapquake;

struct VirtualClock {
  std::uint64_t operator()() const { return now_ms(); }
};

class MarkSweepAdapter {
 public:
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::snapshot,
      .size = SizeClaim::linearizable,
      .whole_map = WholeMap::linearizable,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation = "adapters/maps/mark_sweep_map.hpp: all operations are atomic",
  };
  static constexpr const char* about = "S12: deletion by mark and sweep: active, marked, archived and swept after 72 h";

  bool insert(Key key, Value value) {
    map_.sweep();
    return map_.add_or_revive(key, value);
  }
  std::optional<Value> find(Key key) const { return map_.find(key); }
  bool contains(Key key) const { return map_.find(key).has_value(); }
  bool erase(Key key) {
    map_.sweep();
    return map_.mark(key) == maps::MarkSweepAnswer::done;
  }
  bool assign(Key key, Value value) { return map_.put_or_revive(key, value); }
  template <class Change>
  bool update(Key key, Change change) {
    return map_.update(key, change) == maps::MarkSweepAnswer::done;
  }
  std::size_t size() const { return map_.size(); }
  template <class Visit>
  void for_each(Visit visit) const {
    map_.for_each(visit);
  }
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    return map_.mark_if(pred);
  }
  std::string validate() const { return map_.validate(); }
  std::string dump() const { return map_.dump(); }

 private:
  maps::MarkSweepMap<Key, Value, VirtualClock, Hash<Key>> map_;
};

}  // namespace

MAPQUAKE_MAP("mark_sweep_map", MarkSweepAdapter);
