// Where its second lock cannot be had in time, insert() starts over, and still has the first: deadlock.
//
// B stands still with the journal; A locks the entries and waits for the journal in vain; it starts over and waits for
// itself.
// Minimum: 2 threads, 2 operations (insert, insert), 1 fault. Under B's delay, longer than A is willing to wait, 0
// preemptions; under an early time-out of A's wait 1: B must be preempted while it has the journal. Without a fault
// nobody holds the journal for as long as a millisecond.
#include "buggy/locked_faults.hpp"

#include <chrono>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class ImpatientMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected =
      mapquake::buggy::one_fault_between_two(fixed, "deadlock|exception guarantee broken", 1);
  static constexpr const char* about =
      fixed ? "a time-out gives back what it has" : "a time-out keeps the first lock and starts over";

  bool insert(Key k, Value v) {
    for (;;) {
      entries_lock_.lock();
      if (journal_lock_.try_lock_for(std::chrono::milliseconds(1))) break;
      if (fixed) entries_lock_.unlock();
    }
    const std::unique_lock journal(journal_lock_, std::adopt_lock);
    std::unique_lock entries(entries_lock_, std::adopt_lock);
    const bool added = entries_.emplace(k, v).second;
    entries.unlock();
    inserted_ += added;
    return added;
  }
  std::optional<Value> find(Key k) {
    const std::lock_guard entries(entries_lock_);
    const auto found = entries_.find(k);
    return found == entries_.end() ? std::nullopt : std::optional<Value>(found->second);
  }

 private:
  std::mutex entries_lock_;
  std::timed_mutex journal_lock_;
  std::map<Key, Value> entries_;
  std::size_t inserted_ = 0;
};

MAPQUAKE_MAP("buggy_timeout_keeps_lock", ImpatientMap<false>);
MAPQUAKE_MAP("fixed_timeout_keeps_lock", ImpatientMap<true>);

}  // namespace
