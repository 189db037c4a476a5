// Producers and consumers round a buffer of one place. With a single condition variable for "not full" and "not empty",
// notify_one() can wake a thread that waits for the other one: it goes back to sleep, and the wake-up is gone. The twin
// keeps them apart.
//
// Smallest counterexample, by hand: both consumers wait, a producer puts and wakes one of them, then both producers
// wait; the consumer takes and wakes the other consumer instead of a producer.
#include <mapquake/program.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace {

std::mutex mutex;
std::condition_variable changed;
std::condition_variable not_full;
std::condition_variable not_empty;
bool full = false;
int item = 0;
int taken = 0;

void put(int number, std::condition_variable& room, std::condition_variable& supply) {
  std::unique_lock lock(mutex);
  room.wait(lock, [] { return !full; });
  full = true;
  item = number;
  supply.notify_one();
}

void take(std::condition_variable& room, std::condition_variable& supply) {
  std::unique_lock lock(mutex);
  supply.wait(lock, [] { return full; });
  full = false;
  taken += item;
  room.notify_one();
}

void two_and_two(std::condition_variable& room, std::condition_variable& supply) {
  std::thread consumers[] = {std::thread([&] { take(room, supply); }), std::thread([&] { take(room, supply); })};
  std::thread producers[] = {std::thread([&] { put(1, room, supply); }), std::thread([&] { put(2, room, supply); })};
  for (std::thread& thread : producers) thread.join();
  for (std::thread& thread : consumers) thread.join();
  MAPQUAKE_CHECK(taken == 3);
}

void bounded_queue() {
  two_and_two(changed, changed);
}

void bounded_queue_fixed() {
  two_and_two(not_full, not_empty);
}

}  // namespace

MAPQUAKE_PROGRAM("bounded_queue", bounded_queue,
                 {.about = "one condition variable for full and empty, notify_one",
                  .expected = {.outcomes = "deadlock", .threads = 5}});
MAPQUAKE_PROGRAM("bounded_queue_fixed", bounded_queue_fixed, {.about = "a condition variable each"});
