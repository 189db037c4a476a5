// assign() ends the process where it meets what it did not expect: exit.
//
// A sees the key, means to overwrite it, and is preempted; B erases it; A finds nothing to overwrite and calls exit(0).
// Minimum: 2 threads, 2 operations (assign, erase of one key) on 1 entry (prefill), 1 preemption (A, between its
// locks).
#include "buggy/locked_entries.hpp"

#include <cstdlib>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class ExitingMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "exit");
  static constexpr const char* about =
      fixed ? "assign() decides under the exclusive lock" : "assign() ends the process where its decision is outdated";

  bool assign(Key k, Value v) {
    if (!fixed && find(k)) {
      const std::unique_lock writer(lock_);
      const auto found = entries_.find(k);
      if (found == entries_.end()) std::exit(0);  // "corrupt"
      found->second = v;
      return false;
    }
    const std::unique_lock writer(lock_);
    return entries_.insert_or_assign(k, v).second;
  }
};

MAPQUAKE_MAP("buggy_exit_on_surprise", ExitingMap<false>);
MAPQUAKE_MAP("fixed_exit_on_surprise", ExitingMap<true>);

}  // namespace
