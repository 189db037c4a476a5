// find() looks whether the key is there and then fetches it with at(): unexpected exception (std::out_of_range).
//
// A sees the key and is preempted; B erases it; A's at() throws.
// Minimum: 2 threads, 2 operations (find, erase of one key) on 1 entry (prefill), 1 preemption (A, between its locks).
#include "buggy/locked_entries.hpp"

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class AtMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "unexpected exception");
  static constexpr const char* about =
      fixed ? "find() looks and fetches under one lock" : "find() looks, lets go, and fetches";

  std::optional<Value> find(Key k) const {
    std::shared_lock reader(lock_);
    if (!entries_.contains(k)) return std::nullopt;
    if (!fixed) {
      reader.unlock();
      reader.lock();
    }
    return entries_.at(k);
  }
};

MAPQUAKE_MAP("buggy_at_after_check", AtMap<false>);
MAPQUAKE_MAP("fixed_at_after_check", AtMap<true>);

}  // namespace
