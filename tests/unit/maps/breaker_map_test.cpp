// I16: the circuit breaker of BreakerMap: budget in entries and time, 60 s of refusals, recovery.
#include "adapters/maps/breaker_map.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace mapquake::maps {
namespace {

std::uint64_t now_ms = 0;
struct TestClock {
  std::uint64_t operator()() const { return now_ms; }
};
template <TripRule rule>
using Map = BreakerMap<std::int64_t, int, rule, TestClock>;

class BreakerMapTest : public ::testing::Test {
 protected:
  BreakerMapTest() {
    now_ms = 1000;
    for (int key = 1; key <= 4; ++key) map_.insert(key, 10 * key);
  }
  bool iterate() {
    return map_.for_each([](std::int64_t, int) {});
  }
  Map<TripRule::once> map_{{.entries_max = 4}};
};

TEST_F(BreakerMapTest, WithinItsBudgetAnIterationVisitsAll) {
  int sum = 0;
  EXPECT_TRUE(map_.for_each([&](std::int64_t, int value) { sum += value; }));
  EXPECT_EQ(sum, 100);
  EXPECT_EQ(map_.trips(), 0U);
}

TEST_F(BreakerMapTest, OneEntryTooManyTripsItForSixtySeconds) {
  map_.assign(5, 50);
  EXPECT_FALSE(iterate());
  EXPECT_EQ(map_.trips(), 1U);
  map_.erase(5);
  now_ms += 59'999;
  EXPECT_FALSE(iterate());
  EXPECT_EQ(map_.find(1), 10);  // everything else goes on
  now_ms += 1;
  EXPECT_TRUE(iterate());
  EXPECT_EQ(map_.trips(), 1U);
  EXPECT_EQ(map_.validate(), "");
}

TEST_F(BreakerMapTest, FiveMillisecondsAreAllowedAndNoMore) {
  EXPECT_TRUE(map_.for_each([first = true](std::int64_t, int) mutable {
    if (first) now_ms += 5;
    first = false;
  }));
  EXPECT_FALSE(map_.for_each([first = true](std::int64_t, int) mutable {
    if (first) now_ms += 6;
    first = false;
  }));
  EXPECT_EQ(map_.trips(), 1U);
}

TEST_F(BreakerMapTest, StillOverBudgetAfterTheMinuteItTripsAgain) {
  map_.assign(5, 50);
  EXPECT_FALSE(iterate());
  now_ms += 60'000;
  EXPECT_FALSE(iterate());
  EXPECT_EQ(map_.trips(), 2U);
  EXPECT_EQ(map_.validate(), "");
}

}  // namespace
}  // namespace mapquake::maps
