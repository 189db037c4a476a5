#include "harness/real/statistics.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace mapquake::real {
namespace {

TEST(Statistics, TheIntervalIsStudents) {
  // Mean 3, standard deviation sqrt(2.5), t(4) = 2.776.
  const Estimate result = estimate(std::array{1.0, 2.0, 3.0, 4.0, 5.0});
  EXPECT_DOUBLE_EQ(result.mean, 3);
  EXPECT_NEAR(result.half_width, 2.776 * std::sqrt(2.5 / 5), 1e-9);
}

TEST(Statistics, ASingleValueHasNoWidth) {
  EXPECT_EQ(estimate(std::array{7.0}).half_width, 0);
}

TEST(Statistics, ARatioHoldsItsOwnValueAndNarrowsWithLessNoise) {
  const Interval noisy = ratio_of_means(std::array{10.0, 20.0, 30.0}, std::array{9.0, 10.0, 11.0});
  const Interval calm = ratio_of_means(std::array{19.9, 20.0, 20.1}, std::array{9.9, 10.0, 10.1});
  EXPECT_DOUBLE_EQ(noisy.value, 2);
  for (const Interval& interval : {noisy, calm}) {
    EXPECT_LE(interval.low, interval.value);
    EXPECT_GE(interval.high, interval.value);
  }
  EXPECT_GT(noisy.high - noisy.low, calm.high - calm.low);
  EXPECT_EQ(ratio_of_means(std::array{1.0, 3.0}, std::array{2.0}).low,
            ratio_of_means(std::array{1.0, 3.0}, std::array{2.0}).low);
}

}  // namespace
}  // namespace mapquake::real
