// insert() locks and unlocks by hand, and the exception between the two passes by the unlock: exception guarantee
// broken (lock left held).
//
// Minimum: 1 thread, 1 operation (insert of a new key), 1 fault (the node's allocation), 0 preemptions. Whoever comes
// next waits for ever.
#include "buggy/locked_faults.hpp"

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class HandLockedMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::strong_claims;
  static constexpr mapquake::Expectation expected = mapquake::buggy::one_fault(fixed, "exception guarantee broken");
  static constexpr const char* about = fixed ? "insert() unlocks by a guard" : "insert() unlocks by hand";

  bool insert(Key k, Value v) {
    if constexpr (fixed) return LockedEntries::insert(k, v);
    lock_.lock();
    const bool added = entries_.emplace(k, v).second;
    lock_.unlock();
    return added;
  }
};

MAPQUAKE_MAP("buggy_lock_kept_on_throw", HandLockedMap<false>);
MAPQUAKE_MAP("fixed_lock_kept_on_throw", HandLockedMap<true>);

}  // namespace
