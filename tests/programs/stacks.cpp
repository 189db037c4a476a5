// How much stack a thread has: as much as Linux gives to one that does not ask.
#include "tests/programs/together.hpp"

#include <cstddef>

namespace {

/// Of 4 MiB, in a thread of 8: touched from end to end, where a page is.
void fills_a_large_frame() {
  volatile char frame[std::size_t{4} << 20];
  for (std::size_t at = 0; at < sizeof frame; at += 4096) frame[at] = 1;
}
void uses_large_frames() {
  kernel::run_together(fills_a_large_frame, fills_a_large_frame);
}

// NOLINTNEXTLINE(misc-no-recursion)
int goes_deeper(volatile int* depth) {
  volatile char frame[std::size_t{64} << 10];
  frame[0] = 1;
  *depth = *depth + 1;
  return *depth == 0 ? 0 : goes_deeper(depth) + frame[0];
}
void goes_too_deep() {
  kernel::run_together(
      [] {
        volatile int depth = 0;
        goes_deeper(&depth);
      },
      [] {});
}

}  // namespace

MAPQUAKE_PROGRAM("uses_large_frames", uses_large_frames);
MAPQUAKE_PROGRAM("goes_too_deep", goes_too_deep, {.expected = {.outcomes = "stack overflow"}});
