// large_value_map (S13): 1,024-byte values in the table, behind pointers, and in the table without the lock (broken).
// docs/maps/large_value_map.md
#include "maps/large_value_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

using namespace mapquake;
using maps::LargeValues;

using Large = Blob<1024>;

template <LargeValues how>
class LargeAdapter : public maps::LargeValueMap<Key, Large, how, Hash<Key>> {
 public:
  using key_type = Key;
  using mapped_type = Large;
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::snapshot,
      .size = SizeClaim::linearizable,
      .whole_map = WholeMap::linearizable,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation = "adapters/maps/large_value_map.hpp: every operation is atomic",
  };
};

struct InlineAdapter : LargeAdapter<LargeValues::inline_locked> {
  static constexpr const char* about = "S13: 1,024-byte values in the table, copied under the lock";
};
struct PointerAdapter : LargeAdapter<LargeValues::pointer> {
  static constexpr const char* about = "S13: 1,024-byte values behind pointers";
};
struct BrokenAdapter : LargeAdapter<LargeValues::inline_unlocked> {
  static constexpr const char* about = "S13: 1,024-byte values in the table, copied after the lock was let go (broken)";
  // find(k) has let go of the lock when assign(k) overwrites the value, or erase(k) frees it.
  static constexpr Expectation expected{
      .outcomes = "invariant broken|data race|use after free|not linearizable|crash|out of bounds",
      .threads = 2,
      .operations = 2,
      .preemptions = 1};
};

MAPQUAKE_MAP("large_value_map_inline", InlineAdapter);
MAPQUAKE_MAP("large_value_map_pointer", PointerAdapter);
MAPQUAKE_MAP("large_value_map_broken", BrokenAdapter);

}  // namespace
