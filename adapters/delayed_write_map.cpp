// delayed_write_map: writes reach the table in batches. docs/maps/delayed_write_map.md
#include "maps/delayed_write_map.hpp"

#include <mapquake/adapter.hpp>

#include <optional>
#include <string>

namespace {

using namespace mapquake;

class DelayedWriteAdapter {
 public:
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::weakly_consistent,
      .size = SizeClaim::quiescent,
      .whole_map = WholeMap::per_key,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .linearizable = false,
      .citation = "adapters/maps/delayed_write_map.hpp, contract: reads may miss writes that are not merged yet",
  };
  static constexpr const char* about = "S8: bounded write queues, merged in batches; no read-your-writes";

  /// Whether the key is new is not known before the merge: true stands for "accepted", here and in erase().
  bool assign(Key key, Value value) {
    map_.set(key, value);
    return true;
  }
  bool erase(Key key) {
    map_.remove(key);
    return true;
  }
  std::optional<Value> find(Key key) const { return map_.find(key); }
  bool contains(Key key) const { return map_.find(key).has_value(); }
  std::size_t size() const { return map_.size(); }
  template <class Visit>
  void for_each(Visit visit) const {
    map_.for_each(visit);
  }
  void quiesce() { map_.flush(); }
  std::string validate() const { return map_.validate(); }
  std::string dump() const { return map_.dump(); }

 private:
  // So that programs of a dozen operations see merges; the map's own default is half of its queue of 64.
  static constexpr std::size_t threshold = 2;
  maps::DelayedWriteMap<Key, Value, Hash<Key>> map_{threshold};
};

}  // namespace

MAPQUAKE_MAP("delayed_write_map", DelayedWriteAdapter);
