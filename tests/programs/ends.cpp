// How programs begin and end: what program.hpp promises, one promise each.
#include "tests/programs/together.hpp"

#include <pthread.h>

#include <atomic>
#include <cassert>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace {

// Each execution finds these as they are here.
int runs = 0;
thread_local int runs_of_thread = 0;
std::atomic<int> arrived{0};
std::mutex never_unlocked;

int& runs_of_static() {
  static int count = 0;
  return count;
}

void begins_anew() {
  MAPQUAKE_CHECK(++runs == 1 && ++runs_of_thread == 1 && ++runs_of_static() == 1);
  kernel::run_together([] { MAPQUAKE_CHECK(++runs_of_thread == 1); }, [] { MAPQUAKE_CHECK(++runs_of_thread == 1); });
}

void exits_in_order() {
  kernel::run_together([] { std::exit(0); }, [] { ++arrived; });
}

int returns_status() {
  return 3;
}

/// As main(): the other thread is cut off, although it would wait for ever.
int returns_early() {
  never_unlocked.lock();
  std::thread([] { never_unlocked.lock(); }).detach();
  return 0;
}

/// Not as main(): what is still running belongs to the execution.
void leaves_a_waiting_thread() {
  never_unlocked.lock();
  std::thread([] { never_unlocked.lock(); }).detach();
}
void leaves_a_failing_thread() {
  std::thread([] { std::thread([] { MAPQUAKE_CHECK(++arrived != 1); }).detach(); }).detach();
}
void leaves_a_working_thread() {
  std::thread([] { ++arrived; }).detach();
}

void ends_its_own_thread() {
  std::thread([] { ++arrived; }).detach();
  pthread_exit(nullptr);
}

void throws() {
  throw std::runtime_error("nobody catches this");
}
void asserts() {
  assert(arrived == 1);
}
void never_ends() {
  while (arrived == 0) std::this_thread::yield();
}

constexpr mapquake::Expectation fails_as(const char* outcomes) {
  return {.outcomes = outcomes};
}

}  // namespace

MAPQUAKE_PROGRAM("begins_anew", begins_anew);
MAPQUAKE_PROGRAM("exits_in_order", exits_in_order);
MAPQUAKE_PROGRAM("returns_status", returns_status, {.expected = fails_as("exit")});
MAPQUAKE_PROGRAM("returns_early", returns_early);
MAPQUAKE_PROGRAM("leaves_a_waiting_thread", leaves_a_waiting_thread, {.expected = fails_as("deadlock")});
MAPQUAKE_PROGRAM("leaves_a_failing_thread", leaves_a_failing_thread, {.expected = fails_as("invariant broken")});
MAPQUAKE_PROGRAM("leaves_a_working_thread", leaves_a_working_thread);
MAPQUAKE_PROGRAM("ends_its_own_thread", ends_its_own_thread);
MAPQUAKE_PROGRAM("throws", throws, {.expected = fails_as("abort")});
MAPQUAKE_PROGRAM("asserts", asserts, {.expected = fails_as("abort")});
MAPQUAKE_PROGRAM("never_ends", never_ends, {.expected = fails_as("livelock")});
