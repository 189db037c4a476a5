// Each of n philosophers takes the fork on the left, then the one on the right: a deadlock once all have taken the
// first. One preemption does it, where the others then come in the one order in which each waits for the one before. It
// helps that the last one takes them the other way round.
#include "tests/programs/together.hpp"

#include <array>
#include <mutex>

namespace {

template <unsigned count, bool last_turns_round>
void philosophers() {
  std::array<std::mutex, count> forks;
  std::array<std::thread, count> threads;
  for (unsigned i = 0; i < count; ++i) {
    threads[i] = std::thread([&forks, i] {
      const bool turned = last_turns_round && i + 1 == count;
      const unsigned next = (i + 1) % count;
      const std::lock_guard first(forks[turned ? next : i]);
      const std::lock_guard second(forks[turned ? i : next]);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

constexpr mapquake::Expectation fails{.outcomes = "deadlock", .preemptions = 1};
/// One preemption here, too, but shrinking does not always get there among so many schedules.
constexpr mapquake::Expectation fails_somehow{.outcomes = "deadlock"};

// A macro's arguments end at commas.
constexpr auto philosophers_2 = philosophers<2, false>;
constexpr auto philosophers_3 = philosophers<3, false>;
constexpr auto philosophers_5 = philosophers<5, false>;
constexpr auto philosophers_turned = philosophers<5, true>;

}  // namespace

MAPQUAKE_PROGRAM("philosophers_2", philosophers_2, {.expected = fails});
MAPQUAKE_PROGRAM("philosophers_3", philosophers_3, {.expected = fails});
MAPQUAKE_PROGRAM("philosophers_5", philosophers_5, {.expected = fails_somehow});
MAPQUAKE_PROGRAM("philosophers_right", philosophers_turned);
