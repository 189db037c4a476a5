#include "harness/parent/silence.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace mapquake {
namespace {

using Advice = Silence::Advice;
constexpr unsigned sleeping_max = 4;

TEST(Silence, StepsAreLife) {
  Silence silence(0, sleeping_max);
  for (std::uint64_t i = 1; i <= 10 * Silence::silent_max; ++i)
    ASSERT_EQ(silence.look(i, false, [] { return Activity{.state = 'S'}; }), Advice::wait);
}

TEST(Silence, WhoSleepsIsWokenAndThenGivenUp) {
  Silence silence(0, sleeping_max);
  const auto asleep = [] { return Activity{.state = 'S', .cpu_ticks = 7}; };
  for (unsigned i = 1; i < Silence::wakings_max * sleeping_max; ++i)
    ASSERT_EQ(silence.look(0, false, asleep), i % sleeping_max == 0 ? Advice::wake : Advice::wait) << i;
  EXPECT_EQ(silence.look(0, false, asleep), Advice::give_up);
}

TEST(Silence, WhoRunsInVainIsGivenUp) {
  Silence silence(0, sleeping_max);
  std::uint64_t ticks = 0;
  const auto running = [&] { return Activity{.state = 'R', .cpu_ticks = ++ticks}; };
  for (unsigned i = 0; i < Silence::silent_max; ++i) ASSERT_EQ(silence.look(0, false, running), Advice::wait) << i;
  EXPECT_EQ(silence.look(0, false, running), Advice::give_up);
}

TEST(Silence, WhoIsNotLetRunIsWaitedFor) {
  Silence silence(0, sleeping_max);
  for (unsigned i = 0; i < 10 * Silence::silent_max; ++i) {
    const auto starving = [&] { return Activity{.state = i % 2 == 0 ? 'R' : 'D', .cpu_ticks = 7}; };
    const Advice advice = silence.look(0, false, starving);
    ASSERT_EQ(advice, Advice::wait) << i;
  }
}

TEST(Silence, WhoGetsMemoryIsWaitedFor) {
  Silence silence(0, sleeping_max);
  std::uint64_t ticks = 0;
  const auto filling = [&] { return Activity{.state = 'R', .cpu_ticks = ++ticks, .minor_faults = ticks}; };
  for (unsigned i = 0; i < 10 * Silence::silent_max; ++i) ASSERT_EQ(silence.look(0, false, filling), Advice::wait) << i;
}

TEST(Silence, WhoJudgesAtWorkIsNeverGivenUpAndAsleepIs) {
  const auto running = [ticks = std::uint64_t{0}]() mutable { return Activity{.state = 'R', .cpu_ticks = ++ticks}; };
  Silence silence(0, sleeping_max);
  for (unsigned i = 0; i < 10 * Silence::silent_max; ++i) ASSERT_EQ(silence.look(0, true, running), Advice::wait) << i;
  const auto asleep = [] { return Activity{.state = 'S'}; };
  Advice last = Advice::wait;
  for (unsigned i = 0; i < Silence::wakings_max * sleeping_max; ++i) last = silence.look(0, true, asleep);
  EXPECT_EQ(last, Advice::give_up);
}

}  // namespace
}  // namespace mapquake
