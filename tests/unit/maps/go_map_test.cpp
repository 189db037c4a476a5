// S1 and S3: GoMap against Go's exact figures, and its write detector.
#include "adapters/maps/go_map.hpp"

#include "adapters/maps/go_map_inspect.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace mapquake::maps {
namespace {

struct Mixed {
  std::uint64_t operator()(std::int64_t key) const {
    auto z = static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15ULL;
    return z ^ (z >> 29);
  }
};
struct Constant {
  std::uint64_t operator()(std::int64_t) const { return 0xab00000000000000ULL; }
};
/// Low bits: the key's; top bits: 0x80.
struct Low {
  std::uint64_t operator()(std::int64_t key) const { return 0x8000000000000000ULL | static_cast<std::uint64_t>(key); }
};
using Map = GoMap<std::int64_t, std::int64_t, Mixed>;
using CollidingMap = GoMap<std::int64_t, std::int64_t, Constant>;
using LowMap = GoMap<std::int64_t, std::int64_t, Low>;

template <class M>
std::string validate(const M& map) {
  return GoMapInspector<M>(map).validate();
}

TEST(GoMapGrowth, HappensExactlyAtInserts9_14_27_53_105) {
  Map map;
  std::vector<int> inserts;
  std::size_t doublings = 0;
  for (int i = 1; i <= 2000; ++i) {
    map.assign(i, i);
    ASSERT_EQ(validate(map), "") << i;
    if (map.doublings() != doublings) inserts.push_back(i);
    doublings = map.doublings();
  }
  EXPECT_EQ(inserts, (std::vector<int>{9, 14, 27, 53, 105, 209, 417, 833, 1665}));
  EXPECT_EQ(map.same_size_growths(), 0U);
}

TEST(GoMapGrowth, HintChoosesBSoThatNothingGrows) {
  const std::vector<std::pair<std::size_t, unsigned>> expected = {{0, 0},  {8, 0},  {9, 1},  {13, 1}, {14, 2},
                                                                  {26, 2}, {27, 3}, {52, 3}, {53, 4}, {104, 4}};
  for (const auto& [hint, b] : expected) {
    Map map(GoMapOptions{.hint = hint});
    EXPECT_EQ(map.b(), b) << hint;
    for (std::size_t i = 0; i < hint; ++i) map.assign(static_cast<std::int64_t>(i), 0);
    EXPECT_EQ(map.doublings(), 0U) << hint;
    EXPECT_EQ(map.b(), b) << hint;
    EXPECT_EQ(validate(map), "");
  }
}

TEST(GoMapGrowth, FirstBucketIsAllocatedByTheFirstWrite) {
  Map map;
  const std::size_t empty = map.bytes();
  EXPECT_FALSE(map.find(1).has_value());
  EXPECT_FALSE(map.erase(1));
  EXPECT_EQ(map.bytes(), empty);
  map.assign(1, 10);
  EXPECT_EQ(map.bytes(), empty + sizeof(Map::Array) + sizeof(Map::Bucket));
}

TEST(GoMapGrowth, FromB4OnOverflowBucketsArePreallocated) {
  for (unsigned b = 0; b < 10; ++b) {
    const Map::Array array(b);
    EXPECT_EQ(array.preallocated_end() - array.preallocated_begin(), b < 4 ? 0 : std::ptrdiff_t{1} << (b - 4)) << b;
  }
}

TEST(GoMapGrowth, LoadFactorAndSlotsAreParameters) {
  GoMap<std::int64_t, std::int64_t, Mixed, std::equal_to<>, AlwaysZero, 4> map(
      GoMapOptions{.load_factor_num = 3, .load_factor_den = 1});
  std::vector<int> inserts;
  std::size_t doublings = 0;
  for (int i = 1; i <= 30; ++i) {
    map.assign(i, i);
    if (map.doublings() != doublings) inserts.push_back(i);
    doublings = map.doublings();
  }
  // More than 4 and more than 3 per bucket: 5, then 3·2+1, 3·4+1, 3·8+1.
  EXPECT_EQ(inserts, (std::vector<int>{5, 7, 13, 25}));
}

TEST(GoMapCollisions, HundredThousandKeysOfOneHashGiveTheDerivedFigures) {
  // Incident I8. 100,000 keys, 8 to a bucket: a chain of 12,500, of which 12,499 are overflow buckets. 13·2^(B-1) ≥
  // 100,000 first holds for B = 14 (106,496), hence 14 doublings; the chain never has 2^B overflow buckets, so no
  // growth of the same size.
  constexpr std::int64_t keys = 100'000;
  CollidingMap map;
  const GoMapInspector<CollidingMap> inspector(map);
  for (std::int64_t i = 0; i < keys; ++i) map.assign(i, i);
  EXPECT_EQ(map.b(), 14U);
  EXPECT_EQ(map.noverflow(), 12'499U);
  EXPECT_EQ(inspector.linked_overflow(), 12'499U);
  EXPECT_EQ(map.doublings(), 14U);
  EXPECT_EQ(map.same_size_growths(), 0U);
  EXPECT_EQ(map.size(), 100'000U);
}

TEST(GoMapSlots, DeleteTurnsTheTrailingRunIntoEmptyRest) {
  LowMap map;
  for (int i = 0; i < 8; ++i) map.assign(i, i);
  const GoMapInspector<LowMap> in(map);
  EXPECT_TRUE(map.erase(3));
  EXPECT_EQ(in.tophash(0, 3), slot::empty_one);
  EXPECT_TRUE(map.erase(6));
  EXPECT_EQ(in.tophash(0, 6), slot::empty_one);
  EXPECT_TRUE(map.erase(7));
  EXPECT_EQ(in.tophash(0, 7), slot::empty_rest);
  EXPECT_EQ(in.tophash(0, 6), slot::empty_rest);
  EXPECT_EQ(in.tophash(0, 5), 0x80);
  EXPECT_EQ(in.tophash(0, 3), slot::empty_one);
  EXPECT_TRUE(map.erase(5));
  EXPECT_TRUE(map.erase(4));
  EXPECT_EQ(in.tophash(0, 3), slot::empty_rest);
  EXPECT_FALSE(map.erase(4));
  EXPECT_EQ(in.validate(), "");
  map.assign(8, 8);  // the first empty slot is used again
  EXPECT_EQ(in.tophash(0, 3), 0x80);
}

TEST(GoMapSlots, TrailingRunReachesBackThroughOverflowBuckets) {
  CollidingMap map(GoMapOptions{.hint = 100});
  for (int i = 0; i < 20; ++i) map.assign(i, i);
  EXPECT_EQ(map.noverflow(), 2U);
  for (int i = 4; i < 19; ++i) map.erase(i);
  EXPECT_EQ(validate(map), "");
  map.erase(19);
  const GoMapInspector<CollidingMap> in(map);
  EXPECT_EQ(in.validate(), "");
  EXPECT_EQ(in.tophash(0, 4), slot::empty_rest);
  EXPECT_EQ(map.noverflow(), 2U);  // overflow buckets stay linked
  EXPECT_EQ(map.size(), 4U);
}

TEST(GoMapSlots, TophashBelowFiveIsRaisedByFive) {
  EXPECT_EQ(slot::top_of(0), 5);
  EXPECT_EQ(slot::top_of(std::uint64_t{4} << 56), 9);
  EXPECT_EQ(slot::top_of(std::uint64_t{5} << 56), 5);
  EXPECT_EQ(slot::top_of(std::uint64_t{0xff} << 56), 0xff);
}

TEST(GoMapEvacuation, WritesMoveTheirOwnBucketAndTheNextReadsMoveNothing) {
  LowMap map;
  for (int i = 0; i < 52; ++i) map.assign(i, i);  // B = 3, 8 buckets
  const GoMapInspector<LowMap> in(map);
  ASSERT_FALSE(map.growing());
  map.assign(53, 53);  // bucket 5 of 8: evacuates 5, then 0
  ASSERT_TRUE(map.growing());
  EXPECT_EQ(map.b(), 4U);
  EXPECT_EQ(in.nevacuate(), 1U);
  EXPECT_EQ(in.old_tophash(5, 0), slot::evacuated_x);  // key 5: 5 & 8 = 0
  EXPECT_EQ(in.old_tophash(5, 1), slot::evacuated_y);  // key 13
  EXPECT_EQ(in.old_tophash(5, 7), slot::evacuated_empty);
  EXPECT_EQ(in.old_tophash(1, 0), 0x80);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 52; ++i) ASSERT_EQ(map.find(i), i);
  }
  EXPECT_EQ(in.nevacuate(), 1U);
  EXPECT_EQ(in.validate(), "");
  map.erase(4);  // bucket 4, then 1
  EXPECT_EQ(in.nevacuate(), 2U);
  EXPECT_EQ(in.old_tophash(4, 0), slot::evacuated_x);
  map.erase(2);  // 2, then 3; the mark passes 4 and 5, which are done
  EXPECT_EQ(in.nevacuate(), 6U);
  map.assign(7, 70);  // 7, then 6: done
  EXPECT_FALSE(map.growing());
  EXPECT_EQ(in.validate(), "");
  EXPECT_EQ(map.find(7), 70);
}

TEST(GoMapEvacuation, ManySparseOverflowBucketsGrowToTheSameSize) {
  // All in one chain, then thinned out, again and again: overflow buckets pile up although the map is nearly empty.
  LowMap map(GoMapOptions{.hint = 50});
  ASSERT_EQ(map.b(), 3U);
  int key = 0;
  while (map.same_size_growths() == 0 && key < 100'000) {
    const int bucket = key & 7;
    for (int i = 0; i < 9; ++i) map.assign(bucket + 8 * (key * 9 + i), 1);
    for (int i = 0; i < 9; ++i) {
      if (i != 8) map.erase(bucket + 8 * (key * 9 + i));
    }
    ASSERT_EQ(validate(map), "");
    ++key;
  }
  EXPECT_EQ(map.same_size_growths(), 1U);
  EXPECT_EQ(map.b(), 3U);
  EXPECT_EQ(map.doublings(), 0U);
}

TEST(GoMapModel, RandomOperationsAgreeWithStdMapAndKeepTheInvariants) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    const std::int64_t keys = seed % 2 == 0 ? 40 : 1000;
    GoMap<std::int64_t, std::string, Mixed> map;
    std::map<std::int64_t, std::string> model;
    for (int step = 0; step < 4000; ++step) {
      const std::int64_t key = static_cast<std::int64_t>(random() % static_cast<unsigned>(keys));
      switch (random() % 8) {
        case 0:
        case 1:
        case 2:
          ASSERT_EQ(map.assign(key, std::to_string(step)), model.insert_or_assign(key, std::to_string(step)).second);
          break;
        case 3:
        case 4:
          ASSERT_EQ(map.erase(key), model.erase(key) == 1);
          break;
        case 5:
          if (random() % 200 == 0) {
            map.clear();
            model.clear();
          }
          break;
        default: {
          const auto it = model.find(key);
          ASSERT_EQ(map.find(key), it == model.end() ? std::nullopt : std::optional(it->second));
        }
      }
      ASSERT_EQ(map.size(), model.size());
      if (step % 16 == 0) {
        ASSERT_EQ(GoMapInspector(map).validate(), "");
      }
    }
  }
}

struct CountingRandom {
  std::uint32_t* next;
  std::uint32_t operator()(std::uint32_t n) const { return (*next += 7) % n; }
};

TEST(GoMapSeed, ANewHash0WhenTheLastKeyGoes) {
  std::uint32_t state = 1;
  GoMap<std::int64_t, int, Mixed, std::equal_to<>, CountingRandom> map({}, {}, {}, CountingRandom{&state});
  const GoMapInspector in(map);
  const std::uint32_t first = in.hash0();
  map.assign(1, 1);
  map.assign(2, 2);
  map.erase(1);
  EXPECT_EQ(in.hash0(), first);
  map.erase(2);
  EXPECT_NE(in.hash0(), first);
  map.assign(3, 3);
  EXPECT_EQ(map.find(3), 3);
  EXPECT_EQ(in.validate(), "");
}

std::string message_of(auto&& call) {
  try {
    call();
  } catch (const GoMapError& error) {
    return error.what();
  }
  return "";
}

TEST(GoMapDetector, ReportsOnEntryWithGosMessages) {
  Map map;
  map.assign(1, 1);
  GoMapInspector<Map>::flip_hash_writing(map);
  EXPECT_EQ(message_of([&] { map.assign(2, 2); }), "concurrent map writes");
  EXPECT_EQ(message_of([&] { map.erase(1); }), "concurrent map writes");
  EXPECT_EQ(message_of([&] { map.clear(); }), "concurrent map writes");
  EXPECT_EQ(message_of([&] { map.find(1); }), "concurrent map read and map write");
  EXPECT_EQ(message_of([&] { map.contains(1); }), "concurrent map read and map write");
  EXPECT_EQ(message_of([&] { Map::Iterator it(map); }), "concurrent map iteration and map write");
  EXPECT_EQ(map.size(), 1U);  // len() is never checked
  GoMapInspector<Map>::flip_hash_writing(map);
  EXPECT_EQ(map.find(1), 1);
  EXPECT_FALSE(map.contains(2));
}

/// A comparison during which "another writer" flips the bit.
struct Meddling {
  bool (*meddle)() = nullptr;
  bool operator()(std::int64_t a, std::int64_t b) const {
    if (meddle != nullptr) meddle();
    return a == b;
  }
};
using MeddledMap = GoMap<std::int64_t, int, Mixed, Meddling>;
MeddledMap* meddled = nullptr;

TEST(GoMapDetector, ReportsOnExitWhenTheBitWasFlippedBack) {
  MeddledMap map({}, {}, Meddling{[] {
                   if (meddled != nullptr) GoMapInspector<MeddledMap>::flip_hash_writing(*meddled);
                   return true;
                 }});
  map.assign(1, 1);
  meddled = &map;
  EXPECT_EQ(message_of([&] { map.assign(1, 2); }), "concurrent map writes");
  EXPECT_EQ(message_of([&] { map.erase(1); }), "concurrent map writes");
  meddled = nullptr;
  EXPECT_EQ(GoMapInspector(map).flag_bits() & go_flag::hash_writing, 0);
}

TEST(GoMapDetector, OffReportsNothing) {
  Map map(GoMapOptions{.detector = false});
  map.assign(1, 1);
  GoMapInspector<Map>::flip_hash_writing(map);
  EXPECT_EQ(map.find(1), 1);
  EXPECT_TRUE(map.assign(2, 2));
}

}  // namespace
}  // namespace mapquake::maps
