// A thread that nobody joins. std::thread's destructor ends the process where it is still joinable, and does so under
// every schedule; a detached thread is worse: most of the time it has finished when its result is read.
//
// Smallest counterexamples, by hand: no preemption at all in both; a detached thread that has not begun has no result.
#include <mapquake/program.hpp>

#include <atomic>
#include <thread>

namespace {

std::atomic<int> result{0};

void compute() {
  result = 42;
}

void missing_join() {
  std::thread worker(compute);
  while (result == 0) std::this_thread::yield();
}

void missing_join_detached() {
  std::thread(compute).detach();
  std::this_thread::yield();
  MAPQUAKE_CHECK(result == 42);
}

void missing_join_fixed() {
  std::thread worker(compute);
  worker.join();
  MAPQUAKE_CHECK(result == 42);
}

}  // namespace

MAPQUAKE_PROGRAM("missing_join", missing_join,
                 {.about = "a joinable std::thread is destroyed", .expected = {.outcomes = "abort", .threads = 2}});
MAPQUAKE_PROGRAM("missing_join_detached", missing_join_detached,
                 {.about = "the result of a detached thread is read without waiting for it",
                  .expected = {.outcomes = "invariant broken", .threads = 2}});
MAPQUAKE_PROGRAM("missing_join_fixed", missing_join_fixed, {.about = "the thread is joined"});
