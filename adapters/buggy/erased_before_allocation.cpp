// assign() takes the old entry out before it has the memory for the new one: exception guarantee broken (effect after a
// throw).
//
// Minimum: 1 thread, 1 operation (assign) on 1 entry (prefill), 1 fault (the node's allocation), 0 preemptions.
#include "buggy/locked_faults.hpp"

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class ReplacingMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::strong_claims;
  static constexpr mapquake::Expectation expected = mapquake::buggy::one_fault(fixed, "exception guarantee broken");
  static constexpr const char* about =
      fixed ? "assign() makes the new entry, then swaps" : "assign() erases the old entry, then makes the new one";

  bool assign(Key k, Value v) {
    const std::unique_lock writer(lock_);
    std::map<Key, Value> one;
    if (fixed) one.emplace(k, v);
    const bool added = entries_.erase(k) == 0;
    if (!fixed) one.emplace(k, v);
    entries_.merge(one);
    return added;
  }
};

MAPQUAKE_MAP("buggy_erased_before_allocation", ReplacingMap<false>);
MAPQUAKE_MAP("fixed_erased_before_allocation", ReplacingMap<true>);

}  // namespace
