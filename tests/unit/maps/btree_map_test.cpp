// S14: the B-tree against std::map, its shape at exact sizes, ordered look-up and ranges.
#include "adapters/maps/btree_map.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>
#include <vector>

namespace mapquake::maps {
namespace {

template <std::size_t t>
void check_against_std_map(unsigned seed, int keys) {
  std::mt19937 random(seed);
  BtreeMap<int, int, t> map;
  std::map<int, int> model;
  for (int step = 0; step < 6000; ++step) {
    const int key = static_cast<int>(random() % static_cast<unsigned>(keys));
    const auto present = model.find(key);
    switch (random() % 6) {
      case 0:
      case 1:
        ASSERT_EQ(map.insert(key, step), model.emplace(key, step).second);
        break;
      case 2:
        ASSERT_EQ(map.assign(key, step), model.insert_or_assign(key, step).second);
        break;
      case 3:
      case 4:
        ASSERT_EQ(map.erase(key), model.erase(key) == 1);
        break;
      default:
        ASSERT_EQ(map.find(key), present == model.end() ? std::nullopt : std::optional(present->second));
    }
    ASSERT_EQ(map.size(), model.size());
    ASSERT_EQ(map.validate(), "") << map.dump();
  }
  std::vector<std::pair<int, int>> all;
  map.for_each([&](int key, int value) { all.emplace_back(key, value); });
  EXPECT_EQ(all, (std::vector<std::pair<int, int>>(model.begin(), model.end())));
}

TEST(BtreeMap, AgreesWithStdMapAtEveryDegree) {
  check_against_std_map<2>(1, 40);
  check_against_std_map<2>(2, 400);
  check_against_std_map<3>(3, 200);
  check_against_std_map<8>(4, 500);
}

TEST(BtreeMap, TheRootSplitsAtTheFourthEntryOfDegreeTwo) {
  BtreeMap<int, int> map;
  for (int key = 1; key <= 3; ++key) map.insert(key, 0);
  EXPECT_EQ(map.dump(), "size=3 t=2\n[3]\n");
  map.insert(4, 0);
  EXPECT_EQ(map.dump(), "size=4 t=2\n[1]\n[1][2]\n");
  map.erase(4);
  map.erase(3);
  map.erase(2);
  EXPECT_EQ(map.dump(), "size=1 t=2\n[1]\n");
}

TEST(BtreeMap, RangesAreHalfOpenAndOrdered) {
  BtreeMap<int, int> map;
  for (int key = 98; key >= 0; key -= 2) map.insert(key, key);
  for (int from = -1; from < 20; ++from) {
    for (int to = from; to < 20; ++to) {
      std::vector<int> seen;
      map.for_range(from, to, [&](int key, int) { seen.push_back(key); });
      std::vector<int> expected;
      for (int key = 0; key < to; key += 2) {
        if (key >= from) expected.push_back(key);
      }
      ASSERT_EQ(seen, expected) << from << ' ' << to;
    }
  }
}

TEST(BtreeMap, LowerBoundIsTheNextEntry) {
  BtreeMap<int, int> map;
  for (int key = 0; key < 50; key += 10) map.insert(key, key + 1);
  EXPECT_EQ(map.lower_bound(-5), std::optional(std::pair(0, 1)));
  EXPECT_EQ(map.lower_bound(10), std::optional(std::pair(10, 11)));
  EXPECT_EQ(map.lower_bound(11), std::optional(std::pair(20, 21)));
  EXPECT_EQ(map.lower_bound(41), std::nullopt);
  map.clear();
  EXPECT_EQ(map.lower_bound(0), std::nullopt);
  EXPECT_EQ(map.size(), 0U);
}

}  // namespace
}  // namespace mapquake::maps
