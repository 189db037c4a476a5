// gated_map: one caller at a time, waiting on a condition variable; gated_map_lost_wake_up: looks before it locks.
// docs/maps/gated_map.md
#include "maps/gated_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

using namespace mapquake;
using maps::GateCheck;

template <GateCheck check>
struct GatedAdapter : maps::GatedMap<Key, Value, check, Hash<Key>> {
  using key_type = Key;
  using mapped_type = Value;
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::snapshot,
      .size = SizeClaim::linearizable,
      .whole_map = WholeMap::linearizable,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation = "adapters/maps/gated_map.hpp: one caller is inside from the beginning to the end of every operation",
  };
};

struct RightAdapter : GatedAdapter<GateCheck::under_mutex> {
  static constexpr const char* about = "std::unordered_map behind a gate: flag, mutex and condition variable";
};
struct LostWakeUpAdapter : GatedAdapter<GateCheck::before_mutex> {
  static constexpr const char* about = "the same, looks at the flag before it locks the mutex (broken)";
  // A leaves and is preempted with the mutex in hand; B finds the gate taken and waits for the mutex; A opens the gate
  // and wakes nobody; B goes to sleep.
  static constexpr Expectation expected{
      .outcomes = "deadlock|exception guarantee broken", .threads = 2, .operations = 2, .preemptions = 1};
};

MAPQUAKE_MAP("gated_map", RightAdapter);
MAPQUAKE_MAP("gated_map_lost_wake_up", LostWakeUpAdapter);

}  // namespace
