#include "harness/campaign/growth_sizes.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using Sizes = GrowthSizes;

TEST(GrowthSizes, AreWhereAnInsertAllocatesMoreThanItsNeighbours) {
  // A node of 48 bytes each, and a table that doubles at 8, 16, 32, ….
  std::vector<std::uint64_t> bytes;
  for (std::uint64_t size = 0; size < 130; ++size) {
    const bool doubles = size >= 8 && (size & (size - 1)) == 0;
    bytes.push_back(48 + (doubles ? 2 * size * 8 : 0));
  }
  EXPECT_EQ(growth_sizes_of(bytes), (Sizes{8, 16, 32, 64, 128}));
}

TEST(GrowthSizes, ATableWithoutNodesAllocatesOnlyWhenItGrows) {
  std::vector<std::uint64_t> bytes(130, 0);
  bytes[0] = 128, bytes[7] = 256, bytes[14] = 512;
  EXPECT_EQ(growth_sizes_of(bytes), (Sizes{7, 14}));
}

TEST(GrowthSizes, MapsThatNeverGrowHaveNone) {
  EXPECT_EQ(growth_sizes_of(std::vector<std::uint64_t>(130, 64)), Sizes{});
  EXPECT_EQ(growth_sizes_of(std::vector<std::uint64_t>()), Sizes{});
}

TEST(GrowthSizes, MapsThatCopyThemselvesHaveNone) {
  std::vector<std::uint64_t> bytes;
  for (std::uint64_t size = 0; size < 130; ++size) bytes.push_back(64 + 48 * size);
  EXPECT_EQ(growth_sizes_of(bytes), Sizes{});
}

TEST(GrowthSizes, OnlyTheFirstEightAreKept) {
  std::vector<std::uint64_t> bytes(130, 64);
  for (std::size_t size = 3; size < 130; size += 10) bytes[size] = 1024;
  EXPECT_EQ(growth_sizes_of(bytes), (Sizes{3, 13, 23, 33, 43, 53, 63, 73}));
}

TEST(GrowthSizes, TheSizeAtWhichAMapTakesNoMoreIsOne) {
  History history;
  for (std::int64_t key = 1; key <= 20; ++key) {
    history.calls.push_back({.thread = main_thread + 1,
                             .operation = {OpKind::insert, key, key},
                             .status = CallStatus::returned,
                             .flag = key <= 16,
                             .usage = {.allocated_bytes = key == 5 ? 640U : 32U}});
  }
  EXPECT_EQ(growth_sizes_of(history), (Sizes{4, 16}));
  history.calls.resize(16);
  EXPECT_EQ(growth_sizes_of(history), (Sizes{4}));
}

}  // namespace
}  // namespace mapquake
