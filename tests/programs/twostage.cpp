// The second of two values is derived from the first under another lock: a reader that takes the locks one after the
// other gets between the stages.
#include "tests/programs/together.hpp"

#include <mutex>

namespace {

std::mutex first_lock;
std::mutex second_lock;
int first = 0;
int second = 0;

void write() {
  {
    const std::lock_guard lock(first_lock);
    first = 1;
  }
  const std::lock_guard lock(second_lock);
  second = 2;
}

void write_at_once() {
  const std::scoped_lock locks(first_lock, second_lock);
  first = 1;
  second = 2;
}

void read() {
  int seen_first;
  {
    const std::lock_guard lock(first_lock);
    seen_first = first;
  }
  if (seen_first == 0) return;
  const std::lock_guard lock(second_lock);
  MAPQUAKE_CHECK(second == seen_first + 1);
}

template <unsigned writers>
void twostage() {
  kernel::run_many_and_one<writers>(write, read);
}
template <unsigned writers>
void twostage_right() {
  kernel::run_many_and_one<writers>(write_at_once, read);
}

constexpr mapquake::Expectation fails{.outcomes = "invariant broken", .preemptions = 1};

}  // namespace

MAPQUAKE_PROGRAM("twostage_2", twostage<1>, {.expected = fails});
MAPQUAKE_PROGRAM("twostage_20", twostage<19>, {.expected = {.outcomes = "invariant broken"}});
MAPQUAKE_PROGRAM("twostage_50", twostage<49>, {.expected = {.outcomes = "invariant broken"}});
MAPQUAKE_PROGRAM("twostage_100", twostage<99>, {.expected = {.outcomes = "invariant broken"}});
MAPQUAKE_PROGRAM("twostage_right", twostage_right<2>);
MAPQUAKE_PROGRAM("twostage_100_right", twostage_right<99>);
