// Setters write a and then b; a checker between the first setter's two writes sees one of them. The more setters there
// are, the shorter is that time among all schedules.
#include "tests/programs/together.hpp"

#include <atomic>

namespace {

std::atomic<int> a{0};
std::atomic<int> b{0};

void set() {
  a = 1;
  b = -1;
}

void check() {
  const int seen_a = a;
  const int seen_b = b;
  MAPQUAKE_CHECK((seen_a == 0 && seen_b == 0) || (seen_a == 1 && seen_b == -1));
}

/// The twin: what was read first was written last.
void check_backwards() {
  const int seen_b = b;
  const int seen_a = a;
  MAPQUAKE_CHECK(seen_b == 0 || seen_a == 1);
}

template <unsigned setters>
void reorder() {
  kernel::run_many_and_one<setters>(set, check);
}
template <unsigned setters>
void reorder_right() {
  kernel::run_many_and_one<setters>(set, check_backwards);
}

constexpr mapquake::Expectation fails{.outcomes = "invariant broken", .preemptions = 1};
/// One preemption here, too, but shrinking does not always get there among so many schedules.
constexpr mapquake::Expectation fails_somehow{.outcomes = "invariant broken"};

}  // namespace

MAPQUAKE_PROGRAM("reorder_3", reorder<2>, {.expected = fails});
MAPQUAKE_PROGRAM("reorder_5", reorder<4>, {.expected = fails});
MAPQUAKE_PROGRAM("reorder_10", reorder<9>, {.expected = fails_somehow});
MAPQUAKE_PROGRAM("reorder_20", reorder<19>, {.expected = fails_somehow});
MAPQUAKE_PROGRAM("reorder_50", reorder<49>, {.expected = fails_somehow});
MAPQUAKE_PROGRAM("reorder_100", reorder<99>, {.expected = fails_somehow});
MAPQUAKE_PROGRAM("reorder_right", reorder_right<3>);
MAPQUAKE_PROGRAM("reorder_100_right", reorder_right<99>);
