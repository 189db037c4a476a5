// S16: the right loops erase what they should; the broken one is left to the harness (it is undefined behaviour).
#include "adapters/maps/erase_loop.hpp"

#include <gtest/gtest.h>

#include <map>
#include <unordered_map>
#include <vector>

namespace mapquake::maps {
namespace {

template <class Map>
void check_odd_keys_go() {
  Map map;
  for (int key = 0; key < 100; ++key) map.insert(key, key * 10);
  std::map<int, int> asked;
  EXPECT_EQ(map.erase_if([&](int key, int) {
    ++asked[key];
    return key % 2 == 1;
  }),
            50U);
  EXPECT_EQ(asked.size(), 100U);
  for (const auto& [key, times] : asked) EXPECT_EQ(times, 1) << key;
  EXPECT_EQ(map.size(), 50U);
  for (int key = 0; key < 100; ++key) EXPECT_EQ(map.contains(key), key % 2 == 0) << key;
}

TEST(EraseLoop, AssigningTheIteratorIsRight) {
  check_odd_keys_go<StandardMap<std::map<int, int>>>();
  check_odd_keys_go<StandardMap<std::unordered_map<int, int>>>();
}

TEST(EraseLoop, PostIncrementIsRight) {
  check_odd_keys_go<EraseWithPostIncrement<std::map<int, int>>>();
  check_odd_keys_go<EraseWithPostIncrement<std::unordered_map<int, int>>>();
}

TEST(EraseLoop, EraseThenIncrementIsHarmlessWhereNothingIsErased) {
  EraseThenIncrement<std::map<int, int>> map;
  for (int key = 0; key < 10; ++key) map.insert(key, key);
  EXPECT_EQ(map.erase_if([](int, int) { return false; }), 0U);
  EXPECT_EQ(map.size(), 10U);
}

}  // namespace
}  // namespace mapquake::maps
