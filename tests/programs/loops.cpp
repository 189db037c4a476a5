// Loops that never end, and such that only take long: what a livelock and a hang are (runtime/loop_watch.hpp).
#include "tests/programs/together.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <thread>

namespace {

std::atomic<int> taken{1}, tried{0};
std::mutex lock;
bool is_open = false;  // under lock
std::array<int, 30'000> table{};

/// Sixty attempts, which write, between two yields.
void waits_slowly() {
  for (;;) {
    for (int i = 0; i < 60; ++i) {
      ++tried;
      if (taken == 0) return;
      --tried;
    }
    std::this_thread::yield();
  }
}
void waits_slowly_in_the_end() {
  kernel::run_together(waits_slowly, [] {
    for (int i = 0; i < 300; ++i) std::this_thread::yield();
    taken = 0;
  });
}

/// No scheduling point lies in it, and nobody else can see what it reads.
void goes_round_alone() {
  volatile int mine = 0;
  while (mine == 0) mine = 0;
}

void three_go_round() {
  kernel::run_together(goes_round_alone, goes_round_alone, goes_round_alone);
}

void fills_the_table() {
  for (int round = 1; round <= 4; ++round) {
    for (int& entry : table) entry += round;
  }
}
void works_while_another_waits() {
  kernel::run_together(
      [] {
        fills_the_table();
        taken = 0;
      },
      [] {
        while (taken != 0) std::this_thread::yield();
      });
}

/// Nothing here looks like waiting: each look takes the lock and lets it go.
void looks_until_it_is_open() {
  for (;;) {
    const std::scoped_lock guard(lock);
    if (is_open) return;
  }
}
void looks_in_turns() {
  std::thread first(looks_until_it_is_open), second(looks_until_it_is_open);
  std::thread opens([] {
    for (int i = 0; i < 100; ++i) ++tried;
    const std::scoped_lock guard(lock);
    is_open = true;
  });
  for (std::thread* const thread : {&first, &second, &opens}) thread->join();
}

constexpr mapquake::Expectation fails_as(const char* outcomes) {
  return {.outcomes = outcomes};
}

}  // namespace

MAPQUAKE_PROGRAM("waits_slowly", waits_slowly, {.expected = fails_as("livelock")});
MAPQUAKE_PROGRAM("waits_slowly_in_the_end", waits_slowly_in_the_end);
MAPQUAKE_PROGRAM("goes_round_alone", goes_round_alone, {.expected = fails_as("hang")});
MAPQUAKE_PROGRAM("three_go_round", three_go_round, {.expected = fails_as("hang")});
MAPQUAKE_PROGRAM("works_while_another_waits", works_while_another_waits);
MAPQUAKE_PROGRAM("looks_in_turns", looks_in_turns);
MAPQUAKE_PROGRAM("looks_until_it_is_open", looks_until_it_is_open, {.expected = fails_as("livelock")});
