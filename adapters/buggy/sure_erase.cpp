// erase() is sure that what it saw is still there, and aborts where it is not: abort.
//
// A sees the key under the shared lock and is preempted; B erases it; A's own check under the exclusive lock fails.
// Minimum: 2 threads, 2 operations (erase, erase of one key) on 1 entry (prefill), 1 preemption (A, between its locks).
#include "buggy/locked_entries.hpp"

#include <cstdlib>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class SureMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "abort");
  static constexpr const char* about =
      fixed ? "erase() looks again under the exclusive lock" : "erase() trusts what it saw under the shared lock";

  bool erase(Key k) {
    if (!find(k)) return false;
    const std::unique_lock writer(lock_);
    const bool erased = entries_.erase(k) == 1;
    if (!fixed && !erased) std::abort();  // "cannot happen"
    return erased;
  }
};

MAPQUAKE_MAP("buggy_sure_erase", SureMap<false>);
MAPQUAKE_MAP("fixed_sure_erase", SureMap<true>);

}  // namespace
