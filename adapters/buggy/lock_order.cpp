// Two locks in two orders: deadlock.
//
// insert() locks the entries and then the journal, erase() the journal and then the entries. A has the entries and is
// preempted; B takes the journal and waits for the entries; A waits for the journal.
// Minimum: 2 threads, 2 operations (insert, erase), 1 preemption (A, between its two locks; B's wait is no preemption).
#include "buggy/locked_entries.hpp"

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class JournalingMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "deadlock");
  static constexpr const char* about =
      fixed ? "entries and journal, locked in one order" : "entries and journal, locked in two orders";

  bool insert(Key k, Value v) {
    const std::unique_lock writer(lock_);
    const std::lock_guard journal(journal_lock_);
    if (!entries_.emplace(k, v).second) return false;
    ++inserted_;
    return true;
  }
  bool erase(Key k) {
    std::unique_lock writer(lock_, std::defer_lock);
    if (fixed) writer.lock();
    const std::lock_guard journal(journal_lock_);
    if (!fixed) writer.lock();
    if (entries_.erase(k) == 0) return false;
    ++erased_;
    return true;
  }
  std::string validate() const {
    const std::shared_lock reader(lock_);
    const std::lock_guard journal(journal_lock_);
    return inserted_ - erased_ == entries_.size() ? "" : "the journal disagrees with the entries";
  }

 private:
  mutable std::mutex journal_lock_;
  std::size_t inserted_ = 0;
  std::size_t erased_ = 0;
};

MAPQUAKE_MAP("buggy_lock_order", JournalingMap<false>);
MAPQUAKE_MAP("fixed_lock_order", JournalingMap<true>);

}  // namespace
