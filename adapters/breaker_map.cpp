// breaker_map: iterations over budget trip a circuit breaker; breaker_map_twice: two of them trip it twice (broken).
// docs/maps/breaker_map.md
#include "maps/breaker_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

using namespace mapquake;
using maps::TripRule;

struct VirtualClock {
  std::uint64_t operator()() const { return now_ms(); }
};

template <TripRule rule>
class BreakerAdapter : public maps::BreakerMap<Key, Value, rule, VirtualClock, Hash<Key>> {
  using Base = maps::BreakerMap<Key, Value, rule, VirtualClock, Hash<Key>>;

 public:
  using key_type = Key;
  using mapped_type = Value;
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::snapshot,
      .size = SizeClaim::linearizable,
      .whole_map = WholeMap::linearizable,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .may_refuse = op_bit(OpKind::iterate),
      .citation =
          "adapters/maps/breaker_map.hpp: every operation is atomic; an iteration is refused while the breaker is open",
  };
  // So that programs of a dozen operations see trips.
  BreakerAdapter() : Base({.entries_max = 4}) {}

  template <class Visit>
  void for_each(Visit visit) {
    if (!Base::for_each(visit)) throw Refused("the circuit breaker is open");
  }
};

struct OnceAdapter : BreakerAdapter<TripRule::once> {
  static constexpr const char* about = "iterations over budget trip a circuit breaker for 60 s";
};
struct TwiceAdapter : BreakerAdapter<TripRule::twice> {
  static constexpr const char* about = "the same, but two iterations at once trip it twice (broken)";
  // Five entries; an iteration has counted four and is preempted before it trips the breaker; another does so
  // meanwhile.
  static constexpr Expectation expected{
      .outcomes = "invariant broken", .threads = 2, .operations = 2, .preemptions = 1};
};

MAPQUAKE_MAP("breaker_map", OnceAdapter);
MAPQUAKE_MAP("breaker_map_twice", TwiceAdapter);

}  // namespace
