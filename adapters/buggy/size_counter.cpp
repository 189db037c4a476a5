// The size is counted outside of the lock, by a load and a store: invariant broken (size() disagrees with look-ups).
//
// A has inserted, loads the counter and is preempted; B inserts and counts; A stores what it loaded, plus one.
// Minimum: 2 threads, 2 operations (insert, insert), 1 preemption (A, between its load and its store).
#include "buggy/locked_entries.hpp"

#include <atomic>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class CountingMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "invariant broken");
  static constexpr const char* about =
      fixed ? "counts its entries under the lock" : "counts its entries after the lock";

  bool insert(Key k, Value v) {
    std::unique_lock writer(lock_);
    const bool added = entries_.emplace(k, v).second;
    if (!fixed) writer.unlock();
    if (added) size_.store(size_.load() + 1);
    return added;
  }
  bool erase(Key k) {
    std::unique_lock writer(lock_);
    const bool erased = entries_.erase(k) == 1;
    if (!fixed) writer.unlock();
    if (erased) size_.store(size_.load() - 1);
    return erased;
  }
  std::size_t size() const { return size_.load(); }

 private:
  std::atomic<std::size_t> size_{0};
};

MAPQUAKE_MAP("buggy_size_counter", CountingMap<false>);
MAPQUAKE_MAP("fixed_size_counter", CountingMap<true>);

}  // namespace
