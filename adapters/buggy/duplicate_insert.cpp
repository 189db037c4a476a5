// insert() looks under one lock and adds under another: not linearizable (both inserts of one key answer true).
//
// A finds the key absent and is preempted; B inserts it; A adds it again, over B's value.
// Minimum: 2 threads, 2 operations (insert, insert of one key), 1 preemption (A, between its two locks).
#include "buggy/locked_entries.hpp"

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class CheckThenInsert : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "not linearizable");
  static constexpr const char* about =
      fixed ? "insert() looks again under the lock that it adds under" : "insert() looks, lets go, and adds";

  bool insert(Key k, Value v) {
    if (find(k)) return false;
    const std::unique_lock writer(lock_);
    if (fixed && entries_.contains(k)) return false;
    entries_[k] = v;
    return true;
  }
};

MAPQUAKE_MAP("buggy_duplicate_insert", CheckThenInsert<false>);
MAPQUAKE_MAP("fixed_duplicate_insert", CheckThenInsert<true>);

}  // namespace
