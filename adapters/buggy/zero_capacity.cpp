// A capacity that is 0 for a moment is doubled until it suffices: hang (a loop that touches no memory).
//
// insert() loads the capacity before it takes the lock; a growth sets it to 0 while it works. B grows and is preempted
// in the middle; A loads the 0 and waits for the lock; B ends; A doubles 0 for ever.
// Minimum: 2 threads, 2 operations (insert, insert) on a full map (prefill of 1), 1 preemption (B, between its two
// stores; A's wait is no preemption). The only 0 is the one inside a growth, so a growth must be interrupted.
#include "buggy/locked_entries.hpp"

#include <atomic>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class DoublingMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "hang");
  static constexpr const char* about =
      fixed ? "loads its capacity under the lock" : "loads its capacity while somebody else may be changing it";

  bool insert(Key k, Value v) {
    std::size_t capacity = capacity_.load();
    const std::unique_lock writer(lock_);
    if (fixed) capacity = capacity_.load();
    if (!entries_.emplace(k, v).second) return false;
    const std::size_t needed = entries_.size();
    if (capacity < needed) {
      capacity_.store(0);  // "being rebuilt"
      while (capacity < needed) capacity *= 2;
      capacity_.store(capacity);
    }
    return true;
  }

 private:
  std::atomic<std::size_t> capacity_{1};
};

MAPQUAKE_MAP("buggy_zero_capacity", DoublingMap<false>);
MAPQUAKE_MAP("fixed_zero_capacity", DoublingMap<true>);

}  // namespace
