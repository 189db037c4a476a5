// One thread increments under a lock and expects that nobody else did; the others hold a lock, too, but another one.
#include "tests/programs/together.hpp"

#include <atomic>
#include <mutex>

namespace {

std::mutex own_lock;
std::mutex other_lock;
std::atomic<int> value{0};

void increment_and_look() {
  const std::lock_guard lock(own_lock);
  const int before = value;
  ++value;
  MAPQUAKE_CHECK(value == before + 1);
}

template <std::mutex& lock_taken>
void increment() {
  const std::lock_guard lock(lock_taken);
  ++value;
}

template <unsigned others, std::mutex& lock_taken>
void wronglock() {
  kernel::run_many_and_one<others>(increment<lock_taken>, increment_and_look);
}

constexpr mapquake::Expectation fails{.outcomes = "invariant broken", .preemptions = 1};

// A macro's arguments end at commas.
constexpr auto wronglock_1 = wronglock<1, other_lock>;
constexpr auto wronglock_3 = wronglock<3, other_lock>;
constexpr auto rightlock_3 = wronglock<3, own_lock>;

}  // namespace

MAPQUAKE_PROGRAM("wronglock_1", wronglock_1, {.expected = fails});
MAPQUAKE_PROGRAM("wronglock_3", wronglock_3, {.expected = fails});
MAPQUAKE_PROGRAM("wronglock_right", rightlock_3);
