// Two threads add each other's number to their own, five times. Only if they take turns exactly does one of them reach
// the twelfth Fibonacci number: the deepest defect of the collection, eight preemptions.
#include "tests/programs/together.hpp"

#include <atomic>

namespace {

constexpr int rounds = 5;
std::atomic<int> i{1};
std::atomic<int> j{1};

void add_to(std::atomic<int>& own, const std::atomic<int>& other) {
  for (int round = 0; round < rounds; ++round) own = own + other;
}

template <int bound>
void fibonacci() {
  kernel::run_together([] { add_to(i, j); }, [] { add_to(j, i); });
  MAPQUAKE_CHECK(i < bound && j < bound);
}

}  // namespace

MAPQUAKE_PROGRAM("fibonacci", fibonacci<144>, {.expected = {.outcomes = "invariant broken", .preemptions = 8}});
MAPQUAKE_PROGRAM("fibonacci_right", fibonacci<145>);
