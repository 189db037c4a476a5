// ring_buffer (S14): a byte vector replaced mid-run by a ring, with dual write and without (broken). reserve() is the
// switch. docs/maps/ring_buffer.md
#include "maps/ring_buffer.hpp"

#include <mapquake/adapter.hpp>

namespace {

using namespace mapquake;

template <bool dual_write>
class RingAdapter {
 public:
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::snapshot,
      .size = SizeClaim::linearizable,
      .whole_map = WholeMap::linearizable,
      .on_bad_alloc = ExceptionGuarantee::basic,
      .may_refuse = op_bit(OpKind::insert) | op_bit(OpKind::assign) | op_bit(OpKind::erase) | op_bit(OpKind::reserve),
      .citation =
          "adapters/maps/ring_buffer.hpp: operations are atomic, whatever becomes of the backend; full is an error",
  };

  bool insert(Key key, Value value) {
    return refusing([&] { return store_.insert(key, value); });
  }
  bool assign(Key key, Value value) {
    return refusing([&] { return store_.assign(key, value); });
  }
  bool erase(Key key) {
    return refusing([&] { return store_.erase(key); });
  }
  std::optional<Value> find(Key key) const { return store_.find(key); }
  std::size_t size() const { return store_.size(); }
  void reserve(std::size_t) {
    refusing([&] {
      store_.switch_backend();
      return true;
    });
  }
  template <class Visit>
  void for_each(Visit visit) const {
    store_.for_each(visit);
  }
  std::string validate() const { return store_.validate(); }
  std::string dump() const { return store_.dump(); }

 private:
  template <class Call>
  static bool refusing(Call call) {
    try {
      return call();
    } catch (const maps::RingIsFull& error) {
      throw Refused(error.what());
    }
  }

  maps::RingBufferStore<Key, Value, dual_write> store_;
};

struct DualWriteAdapter : RingAdapter<true> {
  static constexpr const char* about = "S14: a byte vector replaced by a ring mid-run (reserve), with dual write";
};
struct BrokenAdapter : RingAdapter<false> {
  static constexpr const char* about =
      "S14: a byte vector replaced by a ring mid-run (reserve), without dual write (broken)";
  // reserve() has copied the keys that there were; insert(k) goes to the byte vector; reserve() switches. find(k) is
  // the final look-up.
  static constexpr Expectation expected{.outcomes = "not linearizable|iteration broken|invariant broken",
                                        .threads = 2,
                                        .operations = 2,
                                        .preemptions = 1};
};

MAPQUAKE_MAP("ring_buffer", DualWriteAdapter);
MAPQUAKE_MAP("ring_buffer_broken", BrokenAdapter);

}  // namespace
