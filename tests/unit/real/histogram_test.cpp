#include "harness/real/histogram.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace mapquake::real {
namespace {

RC_GTEST_PROP(Histogram, APercentileIsTheSortedValueToThreeDigits, ()) {
  const auto bits = *rc::gen::container<std::vector<unsigned>>(rc::gen::inRange(0U, 39U));
  RC_PRE(!bits.empty());
  std::vector<std::uint64_t> values;
  Histogram histogram;
  for (const unsigned shift : bits) {
    values.push_back(*rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << shift));
    histogram.record(values.back());
  }
  std::ranges::sort(values);
  for (const double percent : {0.0, 50.0, 99.0, 100.0}) {
    const auto rank =
        static_cast<std::size_t>(std::max(1.0, std::ceil(percent / 100 * static_cast<double>(values.size()))));
    const std::uint64_t exact = values[rank - 1];
    const std::uint64_t found = histogram.percentile(percent);
    RC_ASSERT(found >= exact);
    RC_ASSERT(found - exact <= exact / 1000);
  }
  RC_ASSERT(histogram.max() == values.back());
}

TEST(Histogram, NothingRecordedIsZero) {
  const Histogram histogram;
  EXPECT_EQ(histogram.percentile(99), 0U);
  EXPECT_EQ(histogram.max(), 0U);
  EXPECT_EQ(histogram.mean(), 0);
}

TEST(Histogram, ValuesBeyondTheRangeCountAsTheGreatest) {
  Histogram histogram;
  histogram.record(UINT64_MAX);
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_GE(histogram.percentile(50), std::uint64_t{1} << 39);
}

TEST(Histogram, SumsAreThoseOfBoth) {
  Histogram one, two;
  one.record(10, 3);
  two.record(2000);
  one.add(two);
  EXPECT_EQ(one.count(), 4U);
  EXPECT_EQ(one.percentile(75), 10U);
  EXPECT_EQ(one.max(), 2000U);
}

TEST(Histogram, AClientThatKeptCallingSeesThePauseAsOftenAsItWouldHaveCalled) {
  Histogram histogram;
  histogram.record(100, 9'900);
  histogram.record(100'000);  // a pause of a thousand intervals
  EXPECT_EQ(histogram.percentile(99), 100U);
  const Histogram corrected = histogram.corrected(100);
  // 100,000, 99,900, … 100: a thousand calls.
  EXPECT_EQ(corrected.count(), 9'900U + 1'000U);
  EXPECT_NEAR(static_cast<double>(corrected.percentile(95.5)), 50'950, 100);
  EXPECT_EQ(histogram.corrected(0).count(), histogram.count());
}

}  // namespace
}  // namespace mapquake::real
