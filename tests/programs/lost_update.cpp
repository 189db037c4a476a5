// Threads read a counter, add to what they read and write it back: one that is preempted between loses the others'
// sums.
#include "tests/programs/together.hpp"

#include <atomic>

namespace {

std::atomic<int> counter{0};

void add_in_two_steps() {
  const int before = counter;
  counter = before + 1;
}

void add_at_once() {
  ++counter;
}

template <unsigned others, void (*add)()>
void lost_update() {
  kernel::run_many_and_one<others>(add, add);
  MAPQUAKE_CHECK(counter == others + 1);
}

constexpr mapquake::Expectation fails{.outcomes = "invariant broken", .preemptions = 1};
/// One preemption here, too, but shrinking does not always get there among so many schedules.
constexpr mapquake::Expectation fails_somehow{.outcomes = "invariant broken"};

// A macro's arguments end at commas.
constexpr auto lost_update_2 = lost_update<1, add_in_two_steps>;
constexpr auto lost_update_8 = lost_update<7, add_in_two_steps>;
constexpr auto kept_update_8 = lost_update<7, add_at_once>;

}  // namespace

MAPQUAKE_PROGRAM("lost_update_2", lost_update_2, {.expected = fails});
MAPQUAKE_PROGRAM("lost_update_8", lost_update_8, {.expected = fails_somehow});
MAPQUAKE_PROGRAM("lost_update_right", kept_update_8);
