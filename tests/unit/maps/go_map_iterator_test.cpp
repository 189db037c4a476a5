// S2: the iterator's contract, whatever the iterating thread itself does to the map meanwhile; and what a throwing
// user type or a failed allocation leaves behind.
#include "adapters/maps/go_map.hpp"
#include "adapters/maps/go_map_inspect.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <set>
#include <stdexcept>
#include <string>

namespace mapquake::maps {
namespace {

struct Spread {
  std::uint64_t operator()(std::int64_t key) const {
    auto z = static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15ULL;
    return z ^ (z >> 31);
  }
};
struct Engine {
  std::mt19937* engine;
  std::uint32_t operator()(std::uint32_t n) const { return (*engine)() % n; }
};
using Map = GoMap<std::int64_t, std::int64_t, Spread, std::equal_to<>, Engine>;

TEST(GoMapIteration, ReportsEveryKeyOnceAtEveryStageOfAGrowth) {
  std::mt19937 random(1);
  Map map({}, {}, {}, Engine{&random});
  for (std::int64_t n = 0; n < 300; ++n) {
    std::set<std::int64_t> seen;
    for (Map::Iterator it(map); !it.ended(); it.next()) {
      EXPECT_TRUE(seen.insert(it.key()).second);
      EXPECT_EQ(it.value(), it.key() * 2);
    }
    ASSERT_EQ(seen.size(), static_cast<std::size_t>(n));
    map.assign(n, n * 2);
  }
}

TEST(GoMapIteration, StartsAnywhere) {
  std::mt19937 random(2);
  Map map({}, {}, {}, Engine{&random});
  for (std::int64_t n = 0; n < 8; ++n) map.assign(n, n);
  std::set<std::int64_t> first;
  for (int i = 0; i < 200; ++i) first.insert(Map::Iterator(map).key());
  EXPECT_EQ(first.size(), 8U);  // one bucket: all eight offsets
}

TEST(GoMapIteration, SurvivesInsertsDeletesAndGrowthByTheIteratingThread) {
  std::mt19937 random(3);
  for (int round = 0; round < 400; ++round) {
    Map map({}, {}, {}, Engine{&random});
    const std::int64_t initial = static_cast<std::int64_t>(random() % 120);
    for (std::int64_t n = 0; n < initial; ++n) map.assign(n, 0);
    std::set<std::int64_t> untouched;
    std::set<std::int64_t> deleted;
    std::set<std::int64_t> seen;
    for (std::int64_t n = 0; n < initial; ++n) untouched.insert(n);
    std::int64_t fresh = 1000;
    for (Map::Iterator it(map); !it.ended() && seen.size() < 2000; it.next()) {
      ASSERT_TRUE(seen.insert(it.key()).second) << "twice: " << it.key();
      ASSERT_FALSE(deleted.contains(it.key())) << "deleted before it was reached: " << it.key();
      for (unsigned burst = random() % 6; burst > 0 && fresh < 1500; --burst) map.assign(fresh++, 0);
      if (random() % 2 == 0 && initial > 0) {
        const std::int64_t victim = static_cast<std::int64_t>(random() % static_cast<unsigned>(initial));
        if (!seen.contains(victim) && map.erase(victim)) {
          deleted.insert(victim);
          untouched.erase(victim);
        }
      }
      if (random() % 64 == 0) {
        map.clear();
        for (const std::int64_t key : untouched) {
          if (!seen.contains(key)) deleted.insert(key);
        }
        untouched.clear();
      }
    }
    for (const std::int64_t key : untouched) ASSERT_TRUE(seen.contains(key)) << "missed: " << key;
    ASSERT_EQ(GoMapInspector(map).validate(), "");
  }
}

TEST(GoMapIteration, DeletingEverythingWhileIteratingLeavesNothing) {
  std::mt19937 random(4);
  Map map({}, {}, {}, Engine{&random});
  for (std::int64_t n = 0; n < 54; ++n) map.assign(n, n);  // in the middle of a growth
  ASSERT_TRUE(map.growing());
  std::size_t visited = 0;
  for (Map::Iterator it(map); !it.ended(); it.next()) {
    map.erase(std::int64_t{it.key()});
    ++visited;
  }
  EXPECT_EQ(visited, 54U);
  EXPECT_EQ(map.size(), 0U);
}

TEST(GoMapIteration, KeepsTheArraysThatItWalksAliveAndGivesThemBackAfterwards) {
  std::mt19937 random(5);
  Map map({}, {}, {}, Engine{&random});
  for (std::int64_t n = 0; n < 100; ++n) map.assign(n, n);
  Map twin({}, {}, {}, Engine{&random});
  for (std::int64_t n = 0; n < 100; ++n) twin.assign(n, n);
  {
    const Map::Iterator it(map);
    for (std::int64_t n = 100; n < 1000; ++n) map.assign(n, n);
    for (std::int64_t n = 100; n < 1000; ++n) twin.assign(n, n);
    EXPECT_GT(map.bytes(), twin.bytes());
  }
  map.assign(1, 1);
  twin.assign(1, 1);
  EXPECT_EQ(map.bytes(), twin.bytes());
}

TEST(GoMapIteration, AddsAnOldIteratorFlagWhenTheMapGrows) {
  std::mt19937 random(6);
  Map map({}, {}, {}, Engine{&random});
  for (std::int64_t n = 0; n < 8; ++n) map.assign(n, n);
  const GoMapInspector<Map> in(map);
  EXPECT_EQ(in.flag_bits(), 0);
  { const Map::Iterator it(map); }
  EXPECT_EQ(in.flag_bits(), go_flag::iterator | go_flag::old_iterator);
  for (std::int64_t n = 8; n < 13; ++n) map.assign(n, n);
  EXPECT_EQ(in.flag_bits(), go_flag::old_iterator);
}

TEST(GoMapIteration, DetectorChecksAtEveryStep) {
  std::mt19937 random(7);
  Map map({}, {}, {}, Engine{&random});
  map.assign(1, 1);
  map.assign(2, 2);
  Map::Iterator it(map);
  GoMapInspector<Map>::flip_hash_writing(map);
  EXPECT_THROW(it.next(), GoMapError);
  GoMapInspector<Map>::flip_hash_writing(map);
}

/// A key whose copies and hashes fail when the fuse has burnt down.
struct Fuse {
  static inline int left = -1;
  static void burn() {
    if (left > 0 && --left == 0) throw std::runtime_error("fuse");
  }
};
struct FragileKey {
  std::int64_t id = 0;
  std::string payload;
  FragileKey() = default;
  explicit FragileKey(std::int64_t i) : id(i), payload("a payload that does not fit inline: " + std::to_string(i)) {}
  FragileKey(const FragileKey& other) : id((Fuse::burn(), other.id)), payload(other.payload) {}
  FragileKey& operator=(const FragileKey& other) {
    Fuse::burn();
    id = other.id;
    payload = other.payload;
    return *this;
  }
  bool operator==(const FragileKey& other) const {
    Fuse::burn();
    return id == other.id;
  }
};
struct FragileHash {
  std::uint64_t operator()(const FragileKey& key) const {
    Fuse::burn();
    return Spread{}(key.id % 3 == 0 ? 3 : key.id);  // a third of the keys in one chain
  }
};

TEST(GoMapExceptions, AWriteThatThrowsAnywhereLeavesTheMapAsItWas) {
  using Fragile = GoMap<FragileKey, std::string, FragileHash>;
  int thrown = 0;
  for (int entries = 0; entries < 64; ++entries) {
    for (const bool erasing : {false, true}) {
      for (int fuse = 1;; ++fuse) {
        Fragile map;
        for (int i = 0; i < entries; ++i) map.assign(FragileKey(i), std::to_string(i));
        const FragileKey key(erasing ? entries / 2 : 1000);
        Fuse::left = fuse;
        bool failed = false;
        try {
          erasing ? map.erase(key) : map.assign(key, "new");
        } catch (const std::runtime_error&) {
          failed = true;
        }
        Fuse::left = -1;
        ASSERT_EQ(GoMapInspector(map).validate(), "") << entries << " entries, fuse " << fuse;
        if (!failed) break;
        ++thrown;
        ASSERT_EQ(map.size(), static_cast<std::size_t>(entries));
        for (int i = 0; i < entries; ++i) ASSERT_EQ(map.find(FragileKey(i)), std::to_string(i));
        ASSERT_FALSE(map.contains(FragileKey(1000)));
        // And it goes on working: the growth that was interrupted is completed.
        for (int i = 2000; i < 2100; ++i) map.assign(FragileKey(i), "");
        ASSERT_EQ(GoMapInspector(map).validate(), "");
        ASSERT_EQ(map.size(), static_cast<std::size_t>(entries) + 100);
      }
    }
  }
  EXPECT_GT(thrown, 500);
}

}  // namespace
}  // namespace mapquake::maps
