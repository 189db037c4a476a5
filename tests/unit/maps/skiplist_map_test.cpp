// S14: the skip list against std::map, its pool, its version, and readers beside writers.
#include "adapters/maps/skiplist_map.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace mapquake::maps {
namespace {

TEST(SkiplistMap, AgreesWithStdMap) {
  std::mt19937 random(5);
  SkiplistMap<int, int, 64> map;
  std::map<int, int> model;
  for (int step = 0; step < 5000; ++step) {
    const int key = static_cast<int>(random() % 40);
    const auto present = model.find(key);
    switch (random() % 4) {
      case 0:
        ASSERT_EQ(map.insert(key, step), model.emplace(key, step).second);
        break;
      case 1:
        ASSERT_EQ(map.assign(key, step), model.insert_or_assign(key, step).second);
        break;
      case 2:
        ASSERT_EQ(map.erase(key), model.erase(key) == 1);
        break;
      default:
        ASSERT_EQ(map.find(key), present == model.end() ? std::nullopt : std::optional(present->second));
    }
    ASSERT_EQ(map.size(), model.size());
    ASSERT_EQ(map.validate(), "");
  }
  std::vector<std::pair<int, int>> all;
  map.for_each([&](int key, int value) { all.emplace_back(key, value); });
  EXPECT_EQ(all, (std::vector<std::pair<int, int>>(model.begin(), model.end())));
}

TEST(SkiplistMap, AFullPoolIsAnErrorAndChangesNothing) {
  SkiplistMap<int, int, 3> map;
  for (int key = 0; key < 3; ++key) EXPECT_TRUE(map.insert(key, key));
  EXPECT_THROW(map.insert(3, 3), PoolExhausted);
  EXPECT_EQ(map.validate(), "");
  EXPECT_FALSE(map.assign(1, 10));  // needs no node
  EXPECT_TRUE(map.erase(0));
  EXPECT_TRUE(map.insert(3, 3));
  EXPECT_EQ(map.lower_bound(0), std::optional(std::pair(1, 10)));
  EXPECT_EQ(map.lower_bound(4), std::nullopt);
  EXPECT_EQ(map.validate(), "");
}

TEST(SkiplistMap, EveryWriteMovesTheVersionByTwo) {
  SkiplistMap<int, int> map;
  EXPECT_EQ(map.version(), 0U);
  map.insert(1, 1);
  EXPECT_EQ(map.version(), 2U);
  map.erase(7);
  EXPECT_EQ(map.version(), 4U);
  (void)map.find(1);
  EXPECT_EQ(map.version(), 4U);
}

TEST(SkiplistMap, AReaderNeverMissesAKeyThatStays) {
  SkiplistMap<std::int64_t, std::int64_t> map;
  map.insert(100, 1);
  std::atomic<bool> stop{false};
  std::atomic<int> missed{0};
  std::thread reader([&] {
    while (!stop.load()) missed += map.find(100) == 1 ? 0 : 1;
  });
  for (int i = 0; i < 20000; ++i) {
    map.insert(i % 50, i);
    map.erase((i + 25) % 50);
  }
  stop = true;
  reader.join();
  EXPECT_EQ(missed, 0);
  EXPECT_EQ(map.validate(), "");
}

}  // namespace
}  // namespace mapquake::maps
