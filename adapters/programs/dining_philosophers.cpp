// Three philosophers, three forks. Each takes the fork on the left, then the one on the right: if all have their left
// one, none gets another. The twin takes the fork with the lower number first, so that no circle of waiting can close
// (E. W. Dijkstra, "Hierarchical ordering of sequential processes", 1971).
//
// Smallest counterexample, by hand: the third is preempted between its forks, the second then waits for it, and the
// first for the second; one preemption.
#include <mapquake/program.hpp>

#include <algorithm>
#include <array>
#include <mutex>
#include <thread>

namespace {

constexpr unsigned seats = 3;
std::array<std::mutex, seats> forks;
unsigned meals = 0;
std::mutex meals_mutex;

void eat_with(unsigned first, unsigned second) {
  const std::lock_guard one(forks[first]);
  const std::lock_guard other(forks[second]);
  const std::lock_guard counting(meals_mutex);
  ++meals;
}

template <class Philosopher>
void dine(Philosopher philosopher) {
  std::array<std::thread, seats> threads;
  for (unsigned seat = 0; seat < seats; ++seat) threads[seat] = std::thread(philosopher, seat, (seat + 1) % seats);
  for (std::thread& thread : threads) thread.join();
  MAPQUAKE_CHECK(meals == seats);
}

void left_first() {
  dine([](unsigned left, unsigned right) { eat_with(left, right); });
}

void lower_first() {
  dine([](unsigned left, unsigned right) { eat_with(std::min(left, right), std::max(left, right)); });
}

}  // namespace

MAPQUAKE_PROGRAM("dining_philosophers", left_first,
                 {.about = "everyone takes the left fork first",
                  .expected = {.outcomes = "deadlock", .threads = 4, .preemptions = 1}});
MAPQUAKE_PROGRAM("dining_philosophers_fixed", lower_first, {.about = "the lower fork first"});
