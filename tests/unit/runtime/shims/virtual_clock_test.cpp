#include "harness/runtime/shims/virtual_clock.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace mapquake::runtime {
namespace {

timespec at(std::int64_t s, long ns) {
  timespec time{};
  time.tv_sec = s;
  time.tv_nsec = ns;
  return time;
}

TEST(VirtualClock, CivilTimeStartsIn2024AndOthersAtTheOrigin) {
  const auto epoch = static_cast<std::int64_t>(epoch_s);
  EXPECT_EQ(deadline_of(CLOCK_REALTIME, at(epoch + 2, 5)), 2'000'000'005u);
  EXPECT_EQ(deadline_of(CLOCK_TAI, at(epoch, 1)), 1u);
  EXPECT_EQ(deadline_of(CLOCK_MONOTONIC, at(2, 5)), 2'000'000'005u);
  EXPECT_EQ(deadline_of(CLOCK_BOOTTIME, at(0, 7)), 7u);
}

TEST(VirtualClock, ThePastIsZero) {
  EXPECT_EQ(deadline_of(CLOCK_REALTIME, at(0, 0)), 0u);
  EXPECT_EQ(deadline_of(CLOCK_REALTIME, at(static_cast<std::int64_t>(epoch_s) - 1, 999'999'999)), 0u);
  EXPECT_EQ(deadline_of(CLOCK_MONOTONIC, at(-1, 0)), 0u);
}

TEST(VirtualClock, TimesTooFarAwayNeverCome) {
  constexpr auto last = std::numeric_limits<time_t>::max();
  EXPECT_EQ(deadline_of(CLOCK_MONOTONIC, at(last, 999'999'999)), never);
  EXPECT_EQ(deadline_of(CLOCK_REALTIME, at(last, 0)), never);
  EXPECT_EQ(deadline_after(at(last, 999'999'999)), never);
  EXPECT_EQ(deadline_of(CLOCK_MONOTONIC, at(18'446'744'073, 709'551'615)), never);
  EXPECT_LT(deadline_of(CLOCK_MONOTONIC, at(18'446'744'072, 999'999'999)), never);
}

TEST(VirtualClock, NanosecondsAreBelowOneSecond) {
  EXPECT_TRUE(valid(at(0, 0)));
  EXPECT_TRUE(valid(at(-5, 999'999'999)));
  EXPECT_FALSE(valid(at(0, 1'000'000'000)));
  EXPECT_FALSE(valid(at(0, -1)));
}

TEST(VirtualClock, AReadingIsTheDeadlineThatHasJustCome) {
  for (const clockid_t clock : {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_THREAD_CPUTIME_ID}) {
    const timespec now = read_clock(clock);
    EXPECT_TRUE(valid(now));
    EXPECT_EQ(deadline_of(clock, now), now_ns());
  }
}

}  // namespace
}  // namespace mapquake::runtime
