// S5: GoSyncMap against sync.Map's promotion, expunging and counting of misses.
#include "adapters/maps/go_sync_map.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace mapquake::maps {
namespace {

using Map = GoSyncMap<std::int64_t, std::string>;

std::map<std::int64_t, std::string> contents(Map& map) {
  std::map<std::int64_t, std::string> all;
  map.range([&](std::int64_t key, const std::string& value) {
    EXPECT_TRUE(all.emplace(key, value).second) << "twice: " << key;
    return true;
  });
  return all;
}

TEST(GoSyncMap, NewKeysGoToDirtyUntilAsManyMissesPromoteIt) {
  Map map;
  for (int i = 0; i < 10; ++i) map.store(i, "v");
  EXPECT_TRUE(map.amended());
  EXPECT_EQ(map.promotions(), 0U);
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(map.load(i), "v");
    EXPECT_EQ(map.misses(), static_cast<std::size_t>(i + 1));
  }
  EXPECT_EQ(map.load(100), std::nullopt);  // the tenth miss: present or not does not matter
  EXPECT_EQ(map.promotions(), 1U);
  EXPECT_EQ(map.misses(), 0U);
  EXPECT_FALSE(map.amended());
  for (int i = 0; i < 50; ++i) EXPECT_EQ(map.load(i % 10), "v");
  EXPECT_EQ(map.load(100), std::nullopt);  // not amended: no lock, no miss
  EXPECT_EQ(map.misses(), 0U);
  EXPECT_EQ(map.validate(), "");
}

TEST(GoSyncMap, TheFirstNewKeyAfterAPromotionCopiesEveryLiveEntry) {
  Map map;
  for (int i = 0; i < 1024; ++i) map.store(i, "v");
  EXPECT_EQ(map.entries_copied(), 0U);
  contents(map);
  map.load_and_delete(5);
  map.store(2000, "new");  // incident I11
  EXPECT_EQ(map.entries_copied(), 1023U);
  map.store(2001, "new");
  EXPECT_EQ(map.entries_copied(), 1023U);
  EXPECT_EQ(map.validate(), "");
}

TEST(GoSyncMap, DeletedEntriesAreExpungedAndComeBack) {
  Map map;
  map.store(1, "one");
  map.store(2, "two");
  contents(map);  // promotes
  EXPECT_EQ(map.load_and_delete(1), "one");
  EXPECT_EQ(map.load_and_delete(1), std::nullopt);
  EXPECT_NE(map.dump().find("deleted=1 expunged=0"), std::string::npos);
  map.store(3, "three");
  EXPECT_NE(map.dump().find("deleted=0 expunged=1"), std::string::npos);
  EXPECT_EQ(map.load(1), std::nullopt);
  EXPECT_EQ(map.load_and_delete(1), std::nullopt);
  EXPECT_EQ(map.validate(), "");
  EXPECT_EQ(map.swap(1, "again"), std::nullopt);
  EXPECT_NE(map.dump().find("expunged=0"), std::string::npos);
  EXPECT_EQ(map.load(1), "again");
  EXPECT_EQ(map.validate(), "");
  EXPECT_EQ(contents(map), (std::map<std::int64_t, std::string>{{1, "again"}, {2, "two"}, {3, "three"}}));
}

TEST(GoSyncMap, LoadOrStoreUnexpungesToo) {
  Map map;
  map.store(1, "one");
  contents(map);
  map.load_and_delete(1);
  map.store(2, "two");
  EXPECT_EQ(map.load_or_store(1, "x"), std::pair(std::string("x"), false));
  EXPECT_EQ(map.load_or_store(1, "y"), std::pair(std::string("x"), true));
  EXPECT_EQ(map.load_or_store(2, "y"), std::pair(std::string("two"), true));
  EXPECT_EQ(map.validate(), "");
}

TEST(GoSyncMap, ADeleteOfADirtyKeyCountsAMissAndRemovesIt) {
  Map map;
  for (int i = 0; i < 4; ++i) map.store(i, "v");
  EXPECT_EQ(map.internal_slots(), 4U);
  EXPECT_EQ(map.load_and_delete(0), "v");
  EXPECT_EQ(map.misses(), 1U);
  EXPECT_EQ(map.internal_slots(), 3U);
  EXPECT_EQ(map.validate(), "");
}

TEST(GoSyncMap, DeletedKeysOfReadKeepTheirSlotsUntilTheNextPromotion) {
  // Incident I22: store, promote, delete, idle.
  Map map;
  for (int i = 0; i < 100; ++i) map.store(i, "v");
  contents(map);
  for (int i = 0; i < 100; ++i) map.load_and_delete(i);
  EXPECT_EQ(map.internal_slots(), 100U);
  EXPECT_TRUE(contents(map).empty());
  EXPECT_EQ(map.internal_slots(), 100U);
  map.store(1000, "v");
  EXPECT_EQ(contents(map).size(), 1U);
  EXPECT_EQ(map.internal_slots(), 1U);
}

TEST(GoSyncMap, RangePromotesStopsAndAllowsChanges) {
  Map map;
  for (int i = 0; i < 20; ++i) map.store(i, "v");
  int visits = 0;
  map.range([&](std::int64_t, const std::string&) { return ++visits < 5; });
  EXPECT_EQ(visits, 5);
  EXPECT_EQ(map.promotions(), 1U);
  visits = 0;
  map.range([&](std::int64_t key, const std::string&) {
    ++visits;
    map.load_and_delete(key);
    map.store(key + 1000, "new");
    return true;
  });
  EXPECT_EQ(visits, 20);
  EXPECT_EQ(contents(map).size(), 20U);
  EXPECT_EQ(map.validate(), "");
}

TEST(GoSyncMap, CompareAndSwapAndDelete) {
  Map map;
  EXPECT_FALSE(map.compare_and_swap(1, "", "x"));
  map.store(1, "a");
  EXPECT_FALSE(map.compare_and_swap(1, "b", "c"));
  EXPECT_TRUE(map.compare_and_swap(1, "a", "c"));
  EXPECT_FALSE(map.compare_and_delete(1, "a"));
  EXPECT_TRUE(map.compare_and_delete(1, "c"));
  EXPECT_EQ(map.load(1), std::nullopt);
}

TEST(GoSyncMap, ClearEmptiesReadAndDirty) {
  Map map;
  map.clear();
  for (int i = 0; i < 10; ++i) map.store(i, "v");
  contents(map);
  map.store(11, "v");
  map.clear();
  EXPECT_EQ(map.internal_slots(), 0U);
  EXPECT_EQ(map.load(1), std::nullopt);
  map.store(1, "v");
  EXPECT_EQ(contents(map).size(), 1U);
  EXPECT_EQ(map.validate(), "");
}

TEST(GoSyncMap, RandomOperationsAgreeWithStdMapAndLeaveNoGarbageBehind) {
  std::mt19937 random(5);
  for (int round = 0; round < 50; ++round) {
    Map map;
    std::map<std::int64_t, std::string> model;
    for (int step = 0; step < 1000; ++step) {
      const std::int64_t key = random() % 40;
      const std::string value = std::to_string(step);
      const auto present = model.find(key);
      const auto expected = present == model.end() ? std::nullopt : std::optional(present->second);
      switch (random() % 6) {
        case 0:
          ASSERT_EQ(map.swap(key, value), expected);
          model[key] = value;
          break;
        case 1:
          ASSERT_EQ(map.load_or_store(key, value), std::pair(expected.value_or(value), expected.has_value()));
          model.emplace(key, value);
          break;
        case 2:
          ASSERT_EQ(map.load_and_delete(key), expected);
          model.erase(key);
          break;
        case 3:
          if (random() % 20 == 0) {
            ASSERT_EQ(contents(map), model);
          }
          break;
        default:
          ASSERT_EQ(map.load(key), expected);
      }
      ASSERT_EQ(map.validate(), "");
      ASSERT_LE(map.garbage(), 16U);
    }
  }
}

TEST(GoSyncMap, ThreadsKeepTheirOwnKeysAndMemoryStaysBounded) {
  GoSyncMap<std::int64_t, std::int64_t> map;
  constexpr int threads = 4;
  constexpr std::int64_t operations = 5000;
  std::atomic<int> wrong{0};
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&, t] {
      for (std::int64_t i = 0; i < operations; ++i) {
        const std::int64_t key = t + threads * (i % 50);
        map.store(key, i);
        if (map.load(key) != i) ++wrong;
        if (i % 3 == 0 && map.load_and_delete(key) != i) ++wrong;
        map.load((key + 1) % 200);
        if (i % 500 == 0) map.range([](std::int64_t, std::int64_t) { return true; });
      }
    });
  }
  for (auto& worker : workers) worker.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(map.validate(), "");
  map.store(1, 1);
  map.store(1, 2);
  map.store(1, 3);
  EXPECT_LE(map.garbage(), 16U);
}

struct Live : EpochDomain::Retired {
  explicit Live(int& count) : count_(count) { ++count_; }
  ~Live() override { --count_; }
  int& count_;
};

TEST(EpochDomain, DeletesOnlyWhenEveryEarlierGuardIsGone) {
  int alive = 0;
  EpochDomain domain(1);
  {
    EpochDomain::Guard reader(domain);
    for (int i = 0; i < 10; ++i) {
      EpochDomain::Guard writer(domain);
      writer.retire(new Live(alive));
    }
    EXPECT_EQ(alive, 10);
  }
  for (int i = 0; i < 3; ++i) domain.reclaim();
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(domain.waiting(), 0U);
}

TEST(EpochDomain, DeletesTheRestAtItsOwnEnd) {
  int alive = 0;
  {
    EpochDomain domain(1000);
    EpochDomain::Guard guard(domain);
    guard.retire(nullptr);
    guard.retire(new Live(alive));
    guard.retire(new Live(alive));
    EXPECT_EQ(alive, 2);
  }
  EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace mapquake::maps
