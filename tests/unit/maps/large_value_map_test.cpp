// S13: LargeValueMap alone, and the bytes that each variant copies.
#include "adapters/maps/large_value_map.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <random>

namespace mapquake::maps {
namespace {

struct Kilobyte {
  std::array<std::int64_t, 128> words{};
  explicit Kilobyte(std::int64_t number) { words.fill(number); }
};
static_assert(sizeof(Kilobyte) == 1024);

template <LargeValues how>
using Map = LargeValueMap<std::int64_t, Kilobyte, how>;

template <class M>
void check_against_std_map() {
  std::mt19937 random(7);
  M map;
  std::map<std::int64_t, std::int64_t> model;
  for (int step = 0; step < 3000; ++step) {
    const std::int64_t key = random() % 12;
    const auto present = model.find(key);
    switch (random() % 5) {
      case 0:
        ASSERT_EQ(map.insert(key, Kilobyte(step)), model.emplace(key, step).second);
        break;
      case 1:
        ASSERT_EQ(map.assign(key, Kilobyte(step)), model.insert_or_assign(key, step).second);
        break;
      case 2:
        ASSERT_EQ(map.erase(key), model.erase(key) == 1);
        break;
      case 3:
        ASSERT_EQ(map.update(key, [](Kilobyte& value) { value.words.back() += 7; }), present != model.end());
        if (present != model.end()) present->second += 7;
        break;
      default: {
        const auto found = map.find(key);
        ASSERT_EQ(found.has_value(), present != model.end());
        if (found) {
          ASSERT_EQ(found->words.back(), present->second);
        }
      }
    }
    ASSERT_EQ(map.size(), model.size());
    ASSERT_EQ(map.validate(), "");
  }
  std::map<std::int64_t, std::int64_t> all;
  map.for_each([&](std::int64_t key, const Kilobyte& value) { all.emplace(key, value.words.back()); });
  EXPECT_EQ(all, model);
}

TEST(LargeValueMap, EveryVariantIsRightForOneThread) {
  check_against_std_map<Map<LargeValues::inline_locked>>();
  check_against_std_map<Map<LargeValues::inline_unlocked>>();
  check_against_std_map<Map<LargeValues::pointer>>();
}

template <class M>
std::uint64_t bytes_of_a_look_up() {
  M map;
  map.insert(1, Kilobyte(1));
  const std::uint64_t before = map.bytes_copied();
  (void)map.find(1);
  return map.bytes_copied() - before;
}

TEST(LargeValueMap, ALookUpCopiesAKilobyteOrAPointer) {
  EXPECT_EQ(bytes_of_a_look_up<Map<LargeValues::inline_locked>>(), 1024U);
  EXPECT_EQ(bytes_of_a_look_up<Map<LargeValues::pointer>>(), 8U);
}

TEST(LargeValueMap, AnAnswerSurvivesTheEntry) {
  Map<LargeValues::pointer> map;
  map.insert(1, Kilobyte(5));
  const auto answer = map.find(1);
  map.assign(1, Kilobyte(6));
  map.erase(1);
  EXPECT_EQ(answer->words[127], 5);
}

}  // namespace
}  // namespace mapquake::maps
