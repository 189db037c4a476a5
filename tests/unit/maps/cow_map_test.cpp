// S10: one version per read, no lost update with compare-and-swap, one without.
#include "adapters/maps/cow_map.hpp"

#include <gtest/gtest.h>

#include <map>
#include <thread>
#include <vector>

namespace mapquake::maps {
namespace {

TEST(CowMap, AnIterationSeesOneVersionWhateverIsWritten) {
  CowMap<int, int> map;
  for (int key = 0; key < 10; ++key) map.insert(key, 0);
  std::map<int, int> seen;
  map.for_each([&](int key, int value) {
    seen.emplace(key, value);
    map.assign(key, 1);
    map.erase(9 - key);
  });
  EXPECT_EQ(seen.size(), 10U);
  for (const auto& [key, value] : seen) EXPECT_EQ(value, 0) << key;
}

/// A second writer publishes between the copy and the publication of the first.
template <bool compare>
std::size_t size_after_a_write_within_a_write() {
  CowMap<int, int, compare> map;
  map.insert(1, 0);
  bool first = true;
  map.update(1, [&](int& value) {
    ++value;
    if (first) map.insert(2, 2);
    first = false;
  });
  EXPECT_EQ(map.find(1), 1);
  return map.size();
}

TEST(CowMap, OnlyCompareAndSwapKeepsTheOtherWrite) {
  EXPECT_EQ(size_after_a_write_within_a_write<true>(), 2U);
  EXPECT_EQ(size_after_a_write_within_a_write<false>(), 1U);
}

TEST(CowMap, NoUpdateIsLostByThreads) {
  CowMap<int, int> map;
  map.insert(1, 0);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&map] {
      for (int i = 0; i < 1000; ++i) map.update(1, [](int& value) { ++value; });
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(map.find(1), 4000);
}

}  // namespace
}  // namespace mapquake::maps
