// I6: a copy of CopiedStructMap is the original under another lock.
#include "adapters/maps/copied_struct_map.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace mapquake::maps {
namespace {

TEST(CopiedStructMap, IsRightAlone) {
  CopiedStructMap<std::int64_t, int> map;
  EXPECT_TRUE(map.insert(1, 10));
  EXPECT_FALSE(map.insert(1, 11));
  EXPECT_TRUE(map.assign(2, 20));
  EXPECT_EQ(map.find(1), 10);
  EXPECT_TRUE(map.erase(1));
  EXPECT_EQ(map.find(1), std::nullopt);
  EXPECT_EQ(map.size(), 1U);
  map.clear();
  map.for_each([](std::int64_t, int) { ADD_FAILURE(); });
}

TEST(CopiedStructMap, WhatACopyErasesIsGoneFromTheOriginal) {
  CopiedStructMap<std::int64_t, int> map;
  map.insert(1, 10);
  CopiedStructMap<std::int64_t, int> copy(map);
  copy.clear();
  EXPECT_EQ(map.size(), 0U);
  map.assign(2, 20);
  EXPECT_EQ(copy.find(2), 20);
}

}  // namespace
}  // namespace mapquake::maps
