// Two threads add, a third one must not see both sums: wrong only if it runs last.
#include "tests/programs/together.hpp"

#include <mutex>

namespace {

std::mutex mutex;
int sum = 0;

template <int amount>
void add() {
  const std::lock_guard lock(mutex);
  sum += amount;
}

template <int limit>
void look() {
  const std::lock_guard lock(mutex);
  MAPQUAKE_CHECK(sum < limit);
}

template <int limit>
void lazy() {
  kernel::run_together(add<1>, add<2>, look<limit>);
}

}  // namespace

MAPQUAKE_PROGRAM("lazy01", lazy<3>, {.expected = {.outcomes = "invariant broken", .preemptions = 0}});
MAPQUAKE_PROGRAM("lazy01_right", lazy<4>);
