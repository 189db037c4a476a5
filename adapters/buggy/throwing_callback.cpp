// update() calls user code between a lock and an unlock by hand: exception guarantee broken (lock left held).
//
// Minimum: 1 thread, 1 operation (update) on 1 entry (prefill), 1 fault (the callback throws), 0 preemptions.
#include "buggy/locked_faults.hpp"

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class CallbackMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::strong_claims;
  static constexpr mapquake::Expectation expected = mapquake::buggy::one_fault(fixed, "exception guarantee broken");
  static constexpr const char* about =
      fixed ? "update() unlocks by a guard" : "update() does not unlock where its callback throws";

  template <class Change>
  bool update(Key k, Change change) {
    std::unique_lock writer(lock_);
    if (!fixed) writer.release();
    const auto found = entries_.find(k);
    if (found != entries_.end()) change(found->second);
    if (!fixed) lock_.unlock();
    return found != entries_.end();
  }
};

MAPQUAKE_MAP("buggy_throwing_callback", CallbackMap<false>);
MAPQUAKE_MAP("fixed_throwing_callback", CallbackMap<true>);

}  // namespace
