// S18: the view is of one instant and refuses changes; visitors may use the map.
#include "adapters/maps/snapshot_view_map.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>

namespace mapquake::maps {
namespace {

using Map = SnapshotViewMap<std::int64_t, std::int64_t>;

TEST(SnapshotViewMap, TheViewKeepsItsInstant) {
  Map map;
  map.insert(1, 10);
  map.insert(2, 20);
  const auto view = map.snapshot();
  map.assign(1, 11);
  map.erase(2);
  map.insert(3, 30);
  EXPECT_EQ(view.size(), 2U);
  EXPECT_EQ(view.find(1), 10);
  EXPECT_EQ(view.find(2), 20);
  EXPECT_EQ(view.find(3), std::nullopt);
}

TEST(SnapshotViewMap, TheViewRefusesEveryChange) {
  Map map;
  map.insert(1, 10);
  auto view = map.snapshot();
  EXPECT_THROW(view.insert(2, 20), ViewIsReadOnly);
  EXPECT_THROW(view.assign(1, 11), ViewIsReadOnly);
  EXPECT_THROW(view.erase(1), ViewIsReadOnly);
  EXPECT_THROW(view.clear(), ViewIsReadOnly);
  EXPECT_EQ(view.find(1), 10);
  EXPECT_EQ(map.find(1), 10);
}

TEST(SnapshotViewMap, AVisitorMayChangeTheMapThatItVisits) {
  Map map;
  for (std::int64_t key = 0; key < 10; ++key) map.insert(key, key);
  int visited = 0;
  map.for_each([&](std::int64_t key, std::int64_t value) {
    ++visited;
    EXPECT_EQ(key, value);
    EXPECT_TRUE(map.erase(key));
    map.insert(key + 100, key);
  });
  EXPECT_EQ(visited, 10);
  EXPECT_EQ(map.size(), 10U);
  EXPECT_EQ(map.validate(), "");
}

}  // namespace
}  // namespace mapquake::maps
