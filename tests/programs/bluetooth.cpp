// The Bluetooth driver of Qadeer and Wu ("KISS: keep it simple and sequential", PLDI 2004, section 6): a request checks
// whether the driver is being stopped and only then counts itself, so that it may run in a driver that has stopped.
#include "tests/programs/together.hpp"

#include <atomic>
#include <thread>

namespace {

std::atomic<bool> stopping{false};
std::atomic<bool> stopped{false};
std::atomic<bool> all_done{false};
std::atomic<int> pending{1};  // one for the driver itself

void leave() {
  if (--pending == 0) all_done = true;
}

bool enter_late() {
  if (stopping) return false;
  ++pending;
  return true;
}

bool enter_first() {
  ++pending;
  if (!stopping) return true;
  leave();
  return false;
}

template <bool (*enter)()>
void request() {
  if (!enter()) return;
  MAPQUAKE_CHECK(!stopped);
  leave();
}

void stop() {
  stopping = true;
  leave();
  while (!all_done) std::this_thread::yield();
  stopped = true;
}

template <bool (*enter)()>
void bluetooth() {
  kernel::run_together(request<enter>, stop);
}

}  // namespace

MAPQUAKE_PROGRAM("bluetooth", bluetooth<enter_late>, {.expected = {.outcomes = "invariant broken", .preemptions = 1}});
MAPQUAKE_PROGRAM("bluetooth_right", bluetooth<enter_first>);
