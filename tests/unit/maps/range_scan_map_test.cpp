// S17: RangeScanMap alone; a writer between the two parts of a scan; versions are dropped.
#include "adapters/maps/range_scan_map.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace mapquake::maps {
namespace {

template <ScanTimestamp timestamps>
using Map = RangeScanMap<int, int, timestamps>;

template <ScanTimestamp timestamps>
void check_against_std_map() {
  std::mt19937 random(11);
  Map<timestamps> map;
  std::map<int, int> model;
  for (int step = 0; step < 4000; ++step) {
    const int key = static_cast<int>(random() % 15);
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
    if (step % 50 == 0) {
      std::map<int, int> all;
      map.for_each([&](int k, int v) { EXPECT_TRUE(all.emplace(k, v).second); });
      ASSERT_EQ(all, model);
    }
  }
  EXPECT_EQ(map.versions(), model.size());  // nobody scans: one version a key, no tombstones
}

TEST(RangeScanMap, BothVariantsAreRightForOneThread) {
  check_against_std_map<ScanTimestamp::common>();
  check_against_std_map<ScanTimestamp::of_each_part>();
}

/// Incident I10: keys 1 and 2 are a pair that always changes together; a write between the parts of a scan.
template <ScanTimestamp timestamps>
std::map<int, int> pair_seen_by_a_scan_with_a_write_in_the_middle() {
  Map<timestamps> map;
  map.insert(1, 100);
  map.insert(2, 100);
  std::map<int, int> seen;
  map.for_each([&](int key, int value) {
    seen[key] = value;
    if (key != 1) return;
    map.assign(1, 200);
    map.assign(2, 200);
  });
  return seen;
}

TEST(RangeScanMap, OnlyACommonTimestampShowsThePairTogether) {
  EXPECT_EQ(pair_seen_by_a_scan_with_a_write_in_the_middle<ScanTimestamp::common>(),
            (std::map<int, int>{{1, 100}, {2, 100}}));
  EXPECT_EQ(pair_seen_by_a_scan_with_a_write_in_the_middle<ScanTimestamp::of_each_part>(),
            (std::map<int, int>{{1, 100}, {2, 200}}));
}

TEST(RangeScanMap, AnOpenScanKeepsWhatItNeedsAndNothingElse) {
  Map<ScanTimestamp::common> map;
  for (int key = 0; key < 4; ++key) map.insert(key, 0);
  bool first = true;
  std::map<int, int> seen;
  map.for_each([&](int key, int value) {
    seen[key] = value;
    if (!first) return;
    first = false;
    for (int round = 1; round <= 10; ++round) {
      for (int k = 0; k < 4; ++k) map.assign(k, round);
    }
    map.erase(3);
    map.insert(9, 9);
  });
  EXPECT_EQ(seen, (std::map<int, int>{{0, 0}, {1, 0}, {2, 0}, {3, 0}}));
  for (int key = 0; key < 3; ++key) map.assign(key, 99);
  EXPECT_EQ(map.validate(), "");
  map.insert(3, 1);
  map.erase(3);
  EXPECT_EQ(map.versions(), 4U);  // 0, 1, 2 and 9: the tombstone of 3 is gone, too
}

}  // namespace
}  // namespace mapquake::maps
