// Hazard pointers (M. M. Michael, "Hazard pointers: safe memory reclamation for lock-free objects", TPDS 2004, section
// 3.2): a reader that has published what it is going to read must look again whether that is still current, for the
// reclaimer may have scanned before. Reclaimed is a mark here and no free(), so that the property is all there is to
// find.
#include "tests/programs/together.hpp"

#include <array>
#include <atomic>

namespace {

constexpr int none = -1;

std::array<std::atomic<bool>, 2> reclaimed{};
std::atomic<int> current{0};
std::atomic<int> hazard{none};

template <bool looks_again>
void read() {
  int node = current;
  hazard = node;
  while (looks_again && current != node) {
    node = current;
    hazard = node;
  }
  MAPQUAKE_CHECK(!reclaimed[static_cast<unsigned>(node)]);
  hazard = none;
}

void replace() {
  const int old = current.exchange(1);
  if (hazard != old) reclaimed[static_cast<unsigned>(old)] = true;
}

template <bool looks_again>
void hazard_pointer() {
  kernel::run_together(read<looks_again>, replace);
}

}  // namespace

MAPQUAKE_PROGRAM("hazard_pointer", hazard_pointer<false>, {.expected = {.outcomes = "invariant broken"}});
MAPQUAKE_PROGRAM("hazard_pointer_right", hazard_pointer<true>);
