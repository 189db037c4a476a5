// Hundreds of threads at once, and a thousand one after the other.
#include "tests/programs/together.hpp"

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace {

constexpr int crowd_size = 256;

template <class Member>
void crowd(Member member) {
  std::vector<std::thread> threads;
  for (int number = 0; number < crowd_size; ++number) threads.emplace_back(member, number);
  for (std::thread& thread : threads) thread.join();
}

void count_in_a_crowd() {
  std::mutex mutex;
  int count = 0;
  crowd([&](int) {
    const std::lock_guard guard(mutex);
    ++count;
  });
  MAPQUAKE_CHECK(count == crowd_size);
}
/// Two that are 128 apart, and only they.
void two_of_a_crowd_race() {
  int shared = 0;
  crowd([&](int number) {
    if (number == 100 || number == 228) ++shared;
  });
}
void a_thousand_in_a_row() {
  int count = 0;
  for (int number = 0; number < 1000; ++number) std::thread([&] { ++count; }).join();
  MAPQUAKE_CHECK(count == 1000);
}

}  // namespace

MAPQUAKE_PROGRAM("count_in_a_crowd", count_in_a_crowd);
MAPQUAKE_PROGRAM("two_of_a_crowd_race", two_of_a_crowd_race, {.expected = {.outcomes = "data race"}});
MAPQUAKE_PROGRAM("a_thousand_in_a_row", a_thousand_in_a_row);
