// Two threads that give way to each other for ever, each with the lock that the other wants: livelock.
//
// Nobody waits here: who does not get its second lock yields and tries again, but keeps the first. insert() takes the
// entries first, erase() the journal. A has the entries and is preempted; B takes the journal; from then on both try
// in vain, under any schedule.
// Minimum: 2 threads, 2 operations (insert, erase), 1 preemption (A, between its two locks; a yield is no preemption).
#include "buggy/locked_entries.hpp"

#include <thread>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class PoliteMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "livelock");
  static constexpr const char* about =
      fixed ? "tries locks in one order, and yields" : "tries locks in two orders, yields, and keeps what it has";

  bool insert(Key k, Value v) {
    const std::unique_lock writer(lock_);
    const std::unique_lock journal = acquire(journal_lock_);
    if (!entries_.emplace(k, v).second) return false;
    ++changes_;
    return true;
  }
  bool erase(Key k) {
    std::unique_lock<std::shared_mutex> writer;
    if (fixed) writer = std::unique_lock(lock_);
    const std::unique_lock journal = acquire(journal_lock_);
    if (!fixed) writer = acquire(lock_);
    if (entries_.erase(k) == 0) return false;
    ++changes_;
    return true;
  }

 private:
  template <class Lock>
  static std::unique_lock<Lock> acquire(Lock& wanted) {
    while (!wanted.try_lock()) std::this_thread::yield();
    return std::unique_lock<Lock>(wanted, std::adopt_lock);
  }

  std::mutex journal_lock_;
  std::size_t changes_ = 0;
};

MAPQUAKE_MAP("buggy_polite_locks", PoliteMap<false>);
MAPQUAKE_MAP("fixed_polite_locks", PoliteMap<true>);

}  // namespace
