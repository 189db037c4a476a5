// A lock that is handed over to a waiting thread, which believes every wake-up: not linearizable (duplicate insert).
//
// Without spurious wake-ups the hand-over is right: a thread is notified exactly when the lock is its own. B waits and
// wakes up for no reason while A, preempted after it has looked for the key, still has the lock; both add the key.
// Minimum: 2 threads, 2 operations (insert, insert of one key), 1 preemption (A, between its look-up and its insert),
// 1 fault (B's wait returns without a notification).
#include "buggy/locked_faults.hpp"

#include <condition_variable>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class HandOverLock {
 public:
  void lock() {
    std::unique_lock hold(mutex_);
    if (!taken_) {
      taken_ = true;
      return;
    }
    const unsigned ticket = ++waiting_;
    if constexpr (fixed) {
      given_.wait(hold, [&] { return served_ >= ticket; });
    } else {
      given_.wait(hold);
    }
  }
  void unlock() {
    const std::lock_guard hold(mutex_);
    if (served_ == waiting_) {
      taken_ = false;
      return;
    }
    ++served_;
    fixed ? given_.notify_all() : given_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable given_;
  bool taken_ = false;
  unsigned waiting_ = 0;
  unsigned served_ = 0;
};

template <bool fixed>
class HandOverMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected =
      mapquake::buggy::one_fault_between_two(fixed, "not linearizable|invariant broken|exception guarantee broken", 1);
  static constexpr const char* about =
      fixed ? "its lock waits for its turn" : "its lock takes every wake-up for its turn";

  bool insert(Key k, Value v) {
    const std::lock_guard writing(writers_);
    if (find(k)) return false;
    LockedEntries::insert(k, v);
    return true;
  }
  bool erase(Key k) {
    const std::lock_guard writing(writers_);
    return LockedEntries::erase(k);
  }

 private:
  HandOverLock<fixed> writers_;
};

MAPQUAKE_MAP("buggy_handed_over_lock", HandOverMap<false>);
MAPQUAKE_MAP("fixed_handed_over_lock", HandOverMap<true>);

}  // namespace
