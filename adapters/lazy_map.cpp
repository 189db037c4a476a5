// lazy_map: made once by its first write; lazy_map_unsynchronised: `if null {make}` without synchronisation.
// docs/maps/lazy_map.md
#include "maps/lazy_map.hpp"

#include <mapquake/adapter.hpp>

#include <optional>
#include <string>

namespace {

using namespace mapquake;

constexpr Claims lazy_claims{
    .concurrent_use = ConcurrentUse::all_operations,
    .iteration = Iteration::snapshot,
    .size = SizeClaim::linearizable,
    .whole_map = WholeMap::linearizable,
    .on_bad_alloc = ExceptionGuarantee::strong,
    .citation =
        "adapters/maps/lazy_map.hpp: every single operation is atomic; https://go.dev/ref/spec#Map_types: a nil "
        "map reads as an empty one",
};

template <template <class> class Lazy>
class LazyAdapter : public maps::LazyMap<Key, Value, Lazy, Hash<Key>> {
 public:
  using key_type = Key;
  using mapped_type = Value;
  static constexpr Claims claims = lazy_claims;
};

class OnceAdapter : public LazyAdapter<maps::OnceLazy> {
 public:
  static constexpr const char* about = "S4: a map made by its first write, with std::call_once";
};

class UnsynchronisedAdapter : public LazyAdapter<maps::UnsynchronisedLazy> {
 public:
  static constexpr const char* about = "S4: a map made by its first write, `if null {make}` unsynchronised (broken)";
  // Two first writes; the first is stopped between its check and its store while the second runs.
  static constexpr Expectation expected{
      .outcomes = "not linearizable|data race|leak", .threads = 2, .operations = 2, .preemptions = 1};
};

}  // namespace

MAPQUAKE_MAP("lazy_map", OnceAdapter);
MAPQUAKE_MAP("lazy_map_unsynchronised", UnsynchronisedAdapter);
