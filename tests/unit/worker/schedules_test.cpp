#include "harness/worker/schedules.hpp"

#include <gtest/gtest.h>

#include <map>

namespace mapquake {
namespace {

TEST(Schedules, ShortRoundsAreFrequentAndLongOnesGetAsMuchWork) {
  constexpr std::uint32_t expected[] = {4, 8, 4, 16, 4, 8, 4, 32, 4, 8, 4, 16, 4, 8, 4, 64};
  for (std::uint64_t number = 0; number < std::size(expected); ++number) {
    EXPECT_EQ(schedules_of(number, 64), expected[number]) << number;
  }
  std::map<std::uint32_t, std::uint64_t> work;
  for (std::uint64_t number = 0; number < 1024; ++number) work[schedules_of(number, 64)] += schedules_of(number, 64);
  for (const std::uint32_t length : {4u, 8u, 16u, 32u}) EXPECT_EQ(work[length], 2048u) << length;
  EXPECT_EQ(work[64], 4096u);
}

TEST(Schedules, NeverMoreThanTheMostWhateverTheNumber) {
  EXPECT_EQ(schedules_of(15, 10), 10u);
  EXPECT_EQ(schedules_of(0, 1), 1u);
  EXPECT_EQ(schedules_of(UINT64_MAX, 64), 64u);
  EXPECT_EQ(schedules_of((std::uint64_t{1} << 63) - 1, UINT32_MAX), schedules_min << 16);
}

}  // namespace
}  // namespace mapquake
