// Four stations pass a number on, each in its own turn under one lock. Nothing says that the turns come in the order of
// the ring.
#include "tests/programs/together.hpp"

#include <array>
#include <condition_variable>
#include <mutex>

namespace {

std::mutex mutex;
std::condition_variable moved;
std::array<int, 4> numbers{};
unsigned next = 0;

template <unsigned station, bool in_order>
void pass_on() {
  std::unique_lock lock(mutex);
  if (in_order) moved.wait(lock, [] { return next == station; });
  numbers[station] = station == 0 ? 1 : numbers[station - 1];
  next = station + 1;
  moved.notify_all();
}

template <bool in_order>
void token_ring() {
  kernel::run_together(pass_on<0, in_order>, pass_on<1, in_order>, pass_on<2, in_order>, pass_on<3, in_order>);
  for (const int number : numbers) MAPQUAKE_CHECK(number == 1);
}

}  // namespace

MAPQUAKE_PROGRAM("token_ring", token_ring<false>, {.expected = {.outcomes = "invariant broken"}});
MAPQUAKE_PROGRAM("token_ring_right", token_ring<true>);
