// A data race, and what it leads to: the race must not hide it.
#include "tests/programs/together.hpp"

#include <cassert>

namespace {

volatile int handed = 0;  // not protected by anything
volatile int other = 0;   // nor this

/// The reader meets a value that is half way.
void race_then_assertion() {
  kernel::run_together(
      [] {
        handed = 1;
        handed = 2;
      },
      [] { assert(handed != 1); });
}

/// Two races, of which each execution comes upon the first one first.
void two_races() {
  kernel::run_together(
      [] {
        handed = 1;
        other = 1;
      },
      [] {
        handed = 2;
        other = 2;
      });
}

void race_and_no_more() {
  kernel::run_together([] { handed = 1; }, [] { handed = 2; });
}

constexpr mapquake::Expectation fails_as(const char* outcomes) {
  return {.outcomes = outcomes};
}

}  // namespace

MAPQUAKE_PROGRAM("race_then_assertion", race_then_assertion, {.expected = fails_as("data race|abort")});
MAPQUAKE_PROGRAM("two_races", two_races, {.expected = fails_as("data race")});
MAPQUAKE_PROGRAM("race_and_no_more", race_and_no_more, {.expected = fails_as("data race")});
