#include "harness/campaign/growth_sizes.hpp"

#include <gtest/gtest.h>

#include <algorithm>

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

/// Each insert allocates a node of 32 bytes, the first one a record of its thread besides, and those that find 4, 8 and
/// 16 entries a table of twice as many pointers.
History filled(std::uint64_t bytes_of_pointer) {
  History history;
  for (std::int64_t key = 1; key <= 20; ++key) {
    const auto before = static_cast<std::uint64_t>(key - 1);
    const bool grows = before == 4 || before == 8 || before == 16;
    const std::uint64_t more = before == 0 ? 400 : grows ? before * 2 * bytes_of_pointer : 0;
    history.calls.push_back(
        {.thread = main_thread + 1,
         .operation = {OpKind::insert, key, key},
         .status = CallStatus::returned,
         .flag = true,
         .usage = {.allocated_bytes = 32 + more, .largest_block = std::max<std::uint64_t>(32, more)}});
  }
  return history;
}

TEST(TableBlocks, AreThoseOfInsertsThatGrewTheMap) {
  const TableBlocks tables = table_blocks_of(filled(8));
  EXPECT_EQ(tables, (TableBlocks{.least = 64, .first = 400}));
  EXPECT_TRUE(tables.hold(64) && tables.hold(4096));
  EXPECT_FALSE(tables.hold(32) || tables.hold(400));
}

TEST(TableBlocks, AreNotKnownOfAMapThatOnlyAllocatesNodes) {
  EXPECT_FALSE(table_blocks_of(filled(0)).known());
  EXPECT_FALSE(table_blocks_of(History()).known());
  EXPECT_FALSE(TableBlocks().hold(4096));
}

TEST(TableBlocks, AreNotKnownWhereAGrowthAsksForManyNodesAndNoTable) {
  History history = filled(8);
  for (Call& call : history.calls) call.usage.largest_block = 32;
  EXPECT_FALSE(table_blocks_of(history).known());
}

}  // namespace
}  // namespace mapquake
