// S8: DelayedWriteMap: queue of 64, batch merges, order per key, nothing lost.
#include "adapters/maps/delayed_write_map.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <new>
#include <random>
#include <thread>
#include <vector>

namespace mapquake::maps {
namespace {

struct Identity {
  std::size_t operator()(std::int64_t key) const { return static_cast<std::size_t>(key); }
};
using Map = DelayedWriteMap<std::int64_t, int, Identity>;

TEST(DelayedWriteMap, WritesAreInvisibleUntilTheThresholdMergesThemInOneBatch) {
  Map map(4);
  for (int i = 0; i < 3; ++i) {
    map.set(8 * i, i);
    EXPECT_EQ(map.find(8 * i), std::nullopt);
  }
  EXPECT_EQ(map.waiting(), 3U);
  EXPECT_EQ(map.batches(), 0U);
  map.set(24, 3);
  EXPECT_EQ(map.batches(), 1U);
  EXPECT_EQ(map.waiting(), 0U);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(map.find(8 * i), i);
  EXPECT_EQ(map.validate(), "");
}

TEST(DelayedWriteMap, ByDefaultHalfTheQueueOf64IsOneBatch) {
  Map map;
  for (int i = 0; i < 31; ++i) map.set(8 * i, i);
  EXPECT_EQ(map.size(), 0U);
  map.set(8 * 31, 31);
  EXPECT_EQ(map.size(), 32U);
  EXPECT_EQ(map.batches(), 1U);
}

TEST(DelayedWriteMap, EightSegmentsByHashHaveQueuesOfTheirOwn) {
  Map map(2);
  for (int i = 0; i < 8; ++i) map.set(i, i);
  EXPECT_EQ(map.size(), 0U);
  map.set(8, 8);
  EXPECT_EQ(map.find(0), 0);
  EXPECT_EQ(map.find(8), 8);
  EXPECT_EQ(map.size(), 2U);
  map.flush();
  EXPECT_EQ(map.size(), 9U);
}

TEST(DelayedWriteMap, TheLastWriteToAKeyWinsAndDeletesKeepTheirPlace) {
  Map map(64);
  map.set(1, 10);
  map.set(1, 11);
  map.remove(1);
  map.set(1, 12);
  map.set(9, 1);
  map.remove(9);
  map.flush();
  EXPECT_EQ(map.find(1), 12);
  EXPECT_EQ(map.find(9), std::nullopt);
  EXPECT_EQ(map.batches(), 1U);
}

/// A value whose copies fail while armed: stands for a merge that runs out of memory.
struct Scarce {
  static inline int copies_left = -1;
  int number = 0;
  explicit Scarce(int n) : number(n) {}
  Scarce(const Scarce& other) : number(other.number) {
    if (copies_left == 0) throw std::bad_alloc();
    if (copies_left > 0) --copies_left;
  }
  Scarce& operator=(const Scarce&) = default;
};

TEST(DelayedWriteMap, AMergeThatFailsLosesNothingAndIsFinishedByTheNext) {
  for (int copies = 0; copies < 12; ++copies) {
    DelayedWriteMap<std::int64_t, Scarce, Identity> map(4);
    for (int i = 0; i < 3; ++i) map.set(8 * i, Scarce(i));
    Scarce::copies_left = copies;
    bool accepted = true;
    try {
      map.set(24, Scarce(3));
    } catch (const std::bad_alloc&) {
      accepted = false;
    }
    Scarce::copies_left = -1;
    ASSERT_EQ(map.validate(), "") << copies;
    map.set(0, Scarce(100));
    map.flush();
    ASSERT_EQ(map.validate(), "");
    ASSERT_EQ(map.size(), accepted ? 4U : 3U);
    ASSERT_EQ(map.find(0)->number, 100);
    ASSERT_EQ(map.find(8)->number, 1);
  }
}

TEST(DelayedWriteMap, AfterAFlushItAgreesWithStdMap) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    Map map(1 + random() % 64);
    std::map<std::int64_t, int> model;
    for (int step = 0; step < 500; ++step) {
      const std::int64_t key = random() % 30;
      if (random() % 3 == 0) {
        map.remove(key);
        model.erase(key);
      } else {
        map.set(key, step);
        model[key] = step;
      }
      ASSERT_LE(map.waiting(), 64U * 8U);
    }
    map.flush();
    std::map<std::int64_t, int> merged;
    map.for_each([&](std::int64_t key, int value) { EXPECT_TRUE(merged.emplace(key, value).second); });
    ASSERT_EQ(merged, model);
    ASSERT_EQ(map.size(), model.size());
    ASSERT_EQ(map.validate(), "");
  }
}

TEST(DelayedWriteMap, ThreadsLoseNothingAndKeepTheOrderOfEachKey) {
  Map map(16);
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      int seen = -1;
      for (int i = 0; i < 5000; ++i) {
        map.set(t * 10, i);
        const int now = map.find(t * 10).value_or(-1);
        if (now < seen) ++wrong;  // a key's own writes never go back
        seen = now;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(map.validate(), "");
  map.flush();
  for (int t = 0; t < 4; ++t) EXPECT_EQ(map.find(t * 10), 4999);
}

}  // namespace
}  // namespace mapquake::maps
