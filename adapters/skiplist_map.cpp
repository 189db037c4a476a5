// skiplist_map (S14): a versioned skip list in a pool of 256 nodes, and the same without looking at the version
// (broken). docs/maps/skiplist_map.md
#include "maps/skiplist_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

using namespace mapquake;

template <bool versioned>
class SkiplistAdapter : public maps::SkiplistMap<Key, Value, 256, versioned> {
  using Base = maps::SkiplistMap<Key, Value, 256, versioned>;

 public:
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::snapshot,
      .size = SizeClaim::quiescent,
      .whole_map = WholeMap::linearizable,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .may_refuse = op_bit(OpKind::insert) | op_bit(OpKind::assign),
      .citation = "adapters/maps/skiplist_map.hpp: every operation takes effect at one instant; full is an error",
  };
  bool insert(Key key, Value value) {
    return refusing([&] { return Base::insert(key, value); });
  }
  bool assign(Key key, Value value) {
    return refusing([&] { return Base::assign(key, value); });
  }

 private:
  template <class Call>
  static bool refusing(Call call) {
    try {
      return call();
    } catch (const maps::PoolExhausted& error) {
      throw Refused(error.what());
    }
  }
};

struct VersionedAdapter : SkiplistAdapter<true> {
  static constexpr const char* about = "S14: versioned skip list in a pool of 256 nodes; readers take no lock";
};
struct UnversionedAdapter : SkiplistAdapter<false> {
  static constexpr const char* about = "S14: the same, readers do not look at the version (broken)";
  // A reader stands on a node that is erased and, at once, used again for another key: it goes on from there.
  static constexpr Expectation expected{
      .outcomes = "not linearizable|iteration broken|budget exceeded", .threads = 2, .operations = 2, .preemptions = 1};
};

MAPQUAKE_MAP("skiplist_map", VersionedAdapter);
MAPQUAKE_MAP("skiplist_map_unversioned", UnversionedAdapter);

}  // namespace
