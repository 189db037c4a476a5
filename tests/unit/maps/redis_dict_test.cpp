// S6: RedisDict against the constants of Redis 7.0's dict.c.
#include "adapters/maps/redis_dict.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <new>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace mapquake::maps {
namespace {

struct Identity {
  std::size_t operator()(std::int64_t key) const { return static_cast<std::size_t>(key); }
};
using Dict = RedisDict<std::int64_t, std::string, Identity>;

Dict& fill(Dict& dict, std::int64_t from, std::int64_t to) {
  for (std::int64_t i = from; i < to; ++i) dict.add(i, std::to_string(i));
  return dict;
}

TEST(RedisDict, StartsAtFourAndDoublesWhenFull) {
  Dict dict;
  std::vector<std::pair<int, std::size_t>> expansions;
  std::size_t largest = 0;
  for (int i = 1; i <= 40; ++i) {
    while (dict.rehash(100)) {
    }
    dict.add(i, "");
    const std::size_t size = std::max(dict.table_size(0), dict.table_size(1));
    if (size != largest) expansions.emplace_back(i, size);
    largest = size;
    ASSERT_EQ(dict.validate(), "");
  }
  EXPECT_EQ(expansions, (std::vector<std::pair<int, std::size_t>>{{1, 4}, {5, 8}, {9, 16}, {17, 32}, {33, 64}}));
}

TEST(RedisDict, WithoutResizingItGrowsOnlyAtMoreThanFiveABucket) {
  Dict dict;
  dict.allow_resize(false);
  fill(dict, 0, 24);  // 24 / 4 = 6 > 5 is seen by the next
  EXPECT_EQ(dict.table_size(0), 4U);
  EXPECT_FALSE(dict.rehashing());
  dict.add(24, "");
  EXPECT_TRUE(dict.rehashing());
  EXPECT_EQ(dict.table_size(1), 32U);
  EXPECT_FALSE(dict.shrink_to_fit());
}

TEST(RedisDict, EveryOperationMovesOneBucket) {
  Dict dict;
  fill(dict, 0, 4);
  EXPECT_FALSE(dict.rehashing());
  dict.add(4, "4");  // starts; goes to table 1
  EXPECT_EQ(dict.rehashidx(), 0);
  EXPECT_EQ(dict.table_used(0), 4U);
  EXPECT_EQ(dict.table_used(1), 1U);
  EXPECT_EQ(*dict.find(3), "3");
  EXPECT_EQ(dict.rehashidx(), 1);
  EXPECT_FALSE(dict.remove(100));
  EXPECT_EQ(dict.rehashidx(), 2);
  dict.add(5, "5");
  EXPECT_EQ(dict.rehashidx(), 3);
  EXPECT_EQ(dict.validate(), "");
  dict.find(0);
  EXPECT_FALSE(dict.rehashing());
  EXPECT_EQ(dict.table_size(0), 8U);
  EXPECT_EQ(dict.size(), 6U);
}

TEST(RedisDict, OneStepPassesAtMostTenEmptyBuckets) {
  Dict dict;
  dict.expand(64);
  dict.add(35, "");
  dict.add(36, "");
  ASSERT_TRUE(dict.expand(128));
  EXPECT_TRUE(dict.rehash(1));
  EXPECT_EQ(dict.rehashidx(), 10);
  EXPECT_TRUE(dict.rehash(2));
  EXPECT_EQ(dict.rehashidx(), 30);
  EXPECT_TRUE(dict.rehash(1));  // five empty ones, then 35
  EXPECT_EQ(dict.rehashidx(), 36);
  EXPECT_EQ(dict.table_used(1), 1U);
  EXPECT_FALSE(dict.rehash(1));
  EXPECT_EQ(dict.table_size(0), 128U);
}

TEST(RedisDict, ASafeIteratorPausesRehashing) {
  Dict dict;
  fill(dict, 0, 5);
  ASSERT_TRUE(dict.rehashing());
  std::set<std::int64_t> seen;
  {
    Dict::Iterator it(dict, RedisIteration::safe);
    while (it.next()) {
      EXPECT_TRUE(seen.insert(it.key()).second);
      EXPECT_EQ(dict.rehashidx(), 0);
      dict.add(100 + it.key(), "");
      dict.find(1);
      if (it.key() == 2) dict.remove(2);
    }
    EXPECT_EQ(dict.rehashidx(), 0);
    it.release();
  }
  for (std::int64_t i = 0; i < 5; ++i) EXPECT_TRUE(seen.contains(i));
  EXPECT_EQ(dict.validate(), "");
  dict.find(1);
  EXPECT_EQ(dict.rehashidx(), 1);
}

TEST(RedisDict, AnUnsafeIteratorNoticesChangesWhenReleased) {
  Dict dict;
  fill(dict, 0, 3);
  Dict::Iterator quiet(dict, RedisIteration::unsafe);
  while (quiet.next()) {
  }
  quiet.release();
  Dict::Iterator disturbed(dict, RedisIteration::unsafe);
  disturbed.next();
  dict.add(3, "");
  EXPECT_THROW(disturbed.release(), RedisDictError);
  Dict::Iterator fooled(dict, RedisIteration::unsafe);
  fooled.next();
  dict.remove(3);
  dict.add(7, "");
  EXPECT_NO_THROW(fooled.release());  // as many entries as before
}

TEST(RedisDict, ScanSeesEveryKeyThatStaysWhateverTheSizeDoes) {
  std::mt19937 random(9);
  for (int round = 0; round < 300; ++round) {
    Dict dict;
    const std::int64_t initial = random() % 100;
    fill(dict, 0, initial);
    std::set<std::int64_t> untouched;
    for (std::int64_t i = 0; i < initial; ++i) untouched.insert(i);
    std::set<std::int64_t> seen;
    std::uint64_t cursor = 0;
    int calls = 0;
    do {
      cursor = dict.scan(cursor, [&](std::int64_t key, const std::string&) { seen.insert(key); });
      for (unsigned i = random() % 8; i > 0; --i) dict.add(1000 + random() % 200, "");
      if (random() % 4 == 0) {
        const std::int64_t victim = random() % 100;
        dict.remove(victim);
        untouched.erase(victim);
      }
      if (random() % 16 == 0) dict.shrink_to_fit();
      if (random() % 8 == 0) dict.rehash(1 + random() % 20);
      ASSERT_LT(++calls, 100'000);
    } while (cursor != 0);
    for (const std::int64_t key : untouched) ASSERT_TRUE(seen.contains(key)) << key;
    ASSERT_EQ(dict.validate(), "");
  }
}

TEST(RedisDict, ScanCursorCountsFromTheHighestBit) {
  Dict dict;
  dict.expand(8);
  dict.add(0, "");
  std::vector<std::uint64_t> cursors;
  std::uint64_t cursor = 0;
  do {
    cursors.push_back(cursor);
    cursor = dict.scan(cursor, [](std::int64_t, const std::string&) {});
  } while (cursor != 0);
  EXPECT_EQ(cursors, (std::vector<std::uint64_t>{0, 4, 2, 6, 1, 5, 3, 7}));
}

TEST(RedisDict, ShrinksOnRequest) {
  Dict dict;
  fill(dict, 0, 100);
  while (dict.rehash(100)) {
  }
  for (std::int64_t i = 3; i < 100; ++i) dict.remove(i);
  EXPECT_EQ(dict.table_size(0), 128U);
  EXPECT_TRUE(dict.shrink_to_fit());
  while (dict.rehash(100)) {
    ASSERT_EQ(dict.validate(), "");
  }
  EXPECT_EQ(dict.table_size(0), 4U);
  EXPECT_EQ(*dict.find(2), "2");
}

TEST(RedisDict, RandomOperationsAgreeWithStdMap) {
  std::mt19937 random(3);
  for (int round = 0; round < 30; ++round) {
    Dict dict;
    std::map<std::int64_t, std::string> model;
    for (int step = 0; step < 1500; ++step) {
      const std::int64_t key = random() % 60;
      const std::string value = std::to_string(step);
      switch (random() % 5) {
        case 0:
          ASSERT_EQ(dict.add(key, value), model.emplace(key, value).second);
          break;
        case 1:
          ASSERT_EQ(dict.replace(key, value), model.insert_or_assign(key, value).second);
          break;
        case 2:
          ASSERT_EQ(dict.remove(key), model.erase(key) == 1);
          break;
        case 3:
          if (random() % 50 == 0) dict.shrink_to_fit();
          break;
        default: {
          const std::string* found = dict.find(key);
          ASSERT_EQ(found != nullptr, model.contains(key));
          if (found != nullptr) {
            ASSERT_EQ(*found, model[key]);
          }
        }
      }
      ASSERT_EQ(dict.size(), model.size());
      ASSERT_EQ(dict.validate(), "");
    }
  }
}

struct Fuse {
  int* left;
  std::size_t operator()(std::int64_t key) const {
    if (*left > 0 && --*left == 0) throw std::runtime_error("hash");
    return static_cast<std::size_t>(key % 4);
  }
};
int fuse_left = -1;
struct GlobalFuse {
  std::size_t operator()(std::int64_t key) const { return Fuse{&fuse_left}(key); }
};

TEST(RedisDict, AHashThatThrowsDuringAStepLosesNothing) {
  for (int fuse = 1; fuse < 12; ++fuse) {
    RedisDict<std::int64_t, int, GlobalFuse> dict;
    for (int i = 0; i < 5; ++i) dict.add(i, i);
    fuse_left = fuse;
    try {
      for (int i = 5; i < 8; ++i) dict.add(i, i);
    } catch (const std::runtime_error&) {
    }
    fuse_left = -1;
    ASSERT_EQ(dict.validate(), "") << fuse;
    for (int i = 0; i < 5; ++i) ASSERT_EQ(*dict.find(i), i);
  }
}

}  // namespace
}  // namespace mapquake::maps
