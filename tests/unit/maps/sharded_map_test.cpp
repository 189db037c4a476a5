// S9: one shard per key, whatever the number of shards; a shard's lock is its own.
#include "adapters/maps/sharded_map.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <random>
#include <vector>

namespace mapquake::maps {
namespace {

struct Identity {
  std::size_t operator()(int key) const { return static_cast<std::size_t>(key); }
};

template <std::size_t shards>
void check_against_std_map() {
  std::mt19937 random(shards);
  ShardedMap<int, int, shards, Identity> map;
  std::map<int, int> model;
  for (int step = 0; step < 4000; ++step) {
    const int key = static_cast<int>(random() % 100);
    const auto present = model.find(key);
    switch (random() % 5) {
      case 0:
        ASSERT_EQ(map.insert(key, step), model.emplace(key, step).second);
        break;
      case 1:
        ASSERT_EQ(map.assign(key, step), model.insert_or_assign(key, step).second);
        break;
      case 2:
        ASSERT_EQ(map.erase(key), model.erase(key) == 1);
        break;
      case 3:
        ASSERT_EQ(map.get_or_create(key, [&] { return step; }), model.emplace(key, step).first->second);
        break;
      default:
        ASSERT_EQ(map.find(key), present == model.end() ? std::nullopt : std::optional(present->second));
    }
    ASSERT_EQ(map.size(), model.size());
  }
  std::map<int, int> all;
  map.for_each([&](int key, int value) { EXPECT_TRUE(all.emplace(key, value).second); });
  EXPECT_EQ(all, model);
}

TEST(ShardedMap, AgreesWithStdMapForEveryNumberOfShards) {
  check_against_std_map<1>();
  check_against_std_map<8>();
  check_against_std_map<32>();
  check_against_std_map<64>();
}

TEST(ShardedMap, TheShardIsTheHashModuloTheNumberOfShards) {
  ShardedMap<int, int, 8, Identity> map;
  for (int key = 63; key >= 0; --key) map.insert(key, key);
  std::vector<int> shard_of_visited;
  map.for_each([&](int key, int) { shard_of_visited.push_back(key % 8); });
  ASSERT_EQ(shard_of_visited.size(), 64U);
  for (std::size_t i = 0; i < 64; ++i) EXPECT_EQ(shard_of_visited[i], static_cast<int>(i / 8));
}

TEST(ShardedMap, OtherShardsNeverWait) {
  ShardedMap<int, int, 8, Identity> map;
  map.insert(0, 0);
  // The callback holds the lock of shard 0, exclusively; any other shard answers the same thread meanwhile.
  EXPECT_TRUE(map.update(0, [&](int& value) {
    for (int key = 1; key < 8; ++key) EXPECT_TRUE(map.insert(key, key));
    value = static_cast<int>(map.find(7).value_or(0));
  }));
  EXPECT_EQ(map.find(0), 7);
}

}  // namespace
}  // namespace mapquake::maps
