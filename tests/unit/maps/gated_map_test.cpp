// I5: the gate of GatedMap lets one caller in at a time, and wakes those who wait.
#include "adapters/maps/gated_map.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <vector>

namespace mapquake::maps {
namespace {

template <GateCheck check>
void check_alone() {
  GatedMap<std::int64_t, int, check> map;
  EXPECT_TRUE(map.insert(1, 10));
  EXPECT_FALSE(map.insert(1, 11));
  EXPECT_FALSE(map.assign(1, 12));
  EXPECT_TRUE(map.assign(2, 20));
  EXPECT_EQ(map.find(1), 12);
  EXPECT_EQ(map.find(3), std::nullopt);
  int sum = 0;
  map.for_each([&](std::int64_t, int value) { sum += value; });
  EXPECT_EQ(sum, 32);
  EXPECT_TRUE(map.erase(1));
  EXPECT_FALSE(map.erase(1));
  EXPECT_EQ(map.size(), 1U);
}

TEST(GatedMap, AloneBothGatesAreRight) {
  check_alone<GateCheck::under_mutex>();
  check_alone<GateCheck::before_mutex>();
}

TEST(Gate, LetsOneInAtATimeAndNobodyWaitsForEver) {
  Gate<GateCheck::under_mutex> gate;
  int inside = 0, entries = 0;  // plain: the gate protects them
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        const std::lock_guard hold(gate);
        EXPECT_EQ(++inside, 1);
        ++entries;
        --inside;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(entries, 8000);
}

}  // namespace
}  // namespace mapquake::maps
