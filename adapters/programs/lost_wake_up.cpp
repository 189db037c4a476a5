// A flag is set and a condition variable notified without the lock that the waiter holds between looking at the flag
// and going to sleep. Where both happen in that gap, the waiter sleeps for good.
//
// Smallest counterexample, by hand: the waiter has seen that nothing is ready and is preempted before it waits, the
// other thread sets the flag and notifies nobody; one preemption.
#include <mapquake/program.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace {

std::mutex mutex;
std::condition_variable condition;
std::atomic<bool> ready{false};

void announce_unlocked() {
  ready = true;
  condition.notify_one();
}

void announce() {
  {
    const std::lock_guard lock(mutex);
    ready = true;
  }
  condition.notify_one();
}

void wait_for(void (*announcement)()) {
  std::thread announcer(announcement);
  std::unique_lock lock(mutex);
  condition.wait(lock, [] { return ready.load(); });
  lock.unlock();
  announcer.join();
}

void lost_wake_up() {
  wait_for(announce_unlocked);
}

void lost_wake_up_fixed() {
  wait_for(announce);
}

}  // namespace

MAPQUAKE_PROGRAM("lost_wake_up", lost_wake_up,
                 {.about = "a condition variable is notified without its lock",
                  .expected = {.outcomes = "deadlock", .threads = 2, .preemptions = 1}});
MAPQUAKE_PROGRAM("lost_wake_up_fixed", lost_wake_up_fixed, {.about = "notified after a change under the lock"});
