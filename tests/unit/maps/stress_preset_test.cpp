// The stress preset of the post-mortems: 100 fibers x 10,000 operations, store every i, load where i % 7 = 0, delete
// where i % 13 = 0, on keys k{fiber}-{i % 100}. Of a fiber's 100 keys the last store is at i = 9,900 + r; it is deleted
// at once where 9,900 + r is divisible by 13, which is so for 8 of them: 92 are left, 9,200 in all.
#include "adapters/maps/go_sync_map.hpp"
#include "adapters/maps/rwlock_map.hpp"
#include "adapters/maps/sharded_map.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <vector>

namespace mapquake::maps {
namespace {

constexpr int fibers = 100;
constexpr int operations = 10'000;

std::int64_t key_of(int fiber, int i) {
  return std::int64_t{fiber} * 100 + i % 100;
}

template <class Map>
void run_fiber(Map& map, int fiber) {
  for (int i = 0; i < operations; ++i) {
    const std::int64_t key = key_of(fiber, i);
    map.assign(key, i);
    // Nobody else writes this fiber's keys.
    if (i % 7 == 0) {
      ASSERT_EQ(map.find(key), i);
    }
    if (i % 13 == 0) {
      ASSERT_TRUE(map.erase(key));
    }
  }
}

/// The fibers in four real threads.
template <class Map>
void run_all(Map& map) {
  std::vector<std::thread> threads;
  for (int first = 0; first < 4; ++first) {
    threads.emplace_back([&map, first] {
      for (int fiber = first; fiber < fibers; fiber += 4) run_fiber(map, fiber);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

template <class Map>
void check(Map& map) {
  run_all(map);
  int live = 0;
  for (int fiber = 0; fiber < fibers; ++fiber) {
    int of_fiber = 0;
    for (int i = 0; i < 100; ++i) of_fiber += map.find(key_of(fiber, i)).has_value();
    EXPECT_EQ(of_fiber, 92) << fiber;
    live += of_fiber;
  }
  EXPECT_EQ(live, 9'200);
}

TEST(StressPreset, LeavesNinetyTwoKeysAFiberInAnRwlockMap) {
  RwlockMap<std::int64_t, int> map;
  check(map);
  EXPECT_EQ(map.size(), 9'200U);
}

TEST(StressPreset, LeavesNinetyTwoKeysAFiberInAShardedMap) {
  ShardedMap<std::int64_t, int> map;
  check(map);
  EXPECT_EQ(map.size(), 9'200U);
}

struct AlwaysZero {
  std::uint32_t operator()(std::uint32_t) const { return 0; }
};

/// sync.Map with the names of the others.
class SyncMap {
 public:
  void assign(std::int64_t key, int value) { map_.swap(key, value); }
  std::optional<int> find(std::int64_t key) { return map_.load(key); }
  bool erase(std::int64_t key) { return map_.load_and_delete(key).has_value(); }

 private:
  GoSyncMap<std::int64_t, int, std::hash<std::int64_t>, std::equal_to<std::int64_t>, AlwaysZero> map_{AlwaysZero{}};
};

TEST(StressPreset, LeavesNinetyTwoKeysAFiberInASyncMap) {
  SyncMap map;
  check(map);
}

}  // namespace
}  // namespace mapquake::maps
