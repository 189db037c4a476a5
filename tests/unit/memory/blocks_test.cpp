#include "harness/memory/blocks.hpp"

#include "tests/unit/memory/open_arena.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace mapquake::memory {
namespace {

using Verdict = BlockShadow::Verdict;

Arena& opened() {
  Arena& heap = open_arena();
  heap.reset();
  return heap;
}

TEST(Blocks, EveryByteOfALiveBlockIsAccessibleAndNoneNextToIt) {
  Arena& heap = opened();
  for (const std::size_t bytes : {1u, 7u, 16u, 17u, 40u, 64u, 100u}) {
    const std::uint64_t block = address_of(heap.allocate(bytes));
    for (std::uint64_t at = 0; at < bytes; ++at) EXPECT_EQ(block_shadow.judge(block + at, 1), Verdict::accessible);
    EXPECT_EQ(block_shadow.judge(block, bytes), Verdict::accessible);
    EXPECT_EQ(block_shadow.judge(block - 1, 1), Verdict::outside);
    EXPECT_EQ(block_shadow.judge(block + bytes, 1), Verdict::outside);
    EXPECT_EQ(block_shadow.judge(block, bytes + 1), Verdict::outside);
  }
}

TEST(Blocks, TheFastAnswerIsNeverYesWhereTheJudgeSaysNo) {
  Arena& heap = opened();
  const std::uint64_t live = address_of(heap.allocate(40));
  void* const other = heap.allocate(24);
  heap.release(other);
  for (std::uint64_t at = live - 16; at < live + 128; ++at) {
    for (const std::size_t bytes : {1u, 2u, 4u, 8u, 16u}) {
      if (!block_shadow.clear(at, bytes)) continue;
      EXPECT_EQ(block_shadow.judge(at, bytes), Verdict::accessible);
    }
  }
  EXPECT_TRUE(block_shadow.clear(live, 16));
  EXPECT_TRUE(block_shadow.clear(live + 32, 8));
}

TEST(Blocks, ARangeIsAccessibleWhereEachOfItsBytesIs) {
  Arena& heap = opened();
  const std::uint64_t first = address_of(heap.allocate(1000));
  void* const freed = heap.allocate(600);
  const std::uint64_t last = address_of(heap.allocate(1601));
  heap.release(freed);
  const std::uint64_t from = first - 40;
  const std::uint64_t to = last + 1640;
  std::vector<bool> accessible;
  for (std::uint64_t at = from; at < to; ++at) accessible.push_back(block_shadow.judge(at, 1) == Verdict::accessible);
  for (std::uint64_t at = from; at < to; ++at) {
    bool all = true;
    for (std::uint64_t end = at + 1; end <= to; ++end) {
      all = all && accessible[end - 1 - from];
      ASSERT_EQ(block_shadow.judge(at, end - at) == Verdict::accessible, all) << at - first << ' ' << end - at;
    }
  }
}

TEST(Blocks, AFreedBlockIsFreedUntilTheNextExecution) {
  Arena& heap = opened();
  void* const block = heap.allocate(32);
  heap.release(block);
  EXPECT_EQ(block_shadow.judge(address_of(block), 8), Verdict::freed);
  EXPECT_EQ(block_shadow.judge(address_of(block) + 24, 8), Verdict::freed);
  heap.reset();
  EXPECT_EQ(block_shadow.judge(address_of(block), 8), Verdict::outside);
}

TEST(Blocks, AnEmptyBlockHasNoBytes) {
  EXPECT_EQ(block_shadow.judge(address_of(opened().allocate(0)), 1), Verdict::outside);
}

TEST(Blocks, WhatWasSealedIsLiveAgainAfterAReset) {
  Arena& heap = opened();
  Arena sealed;  // over the same memory
  void* const kept = sealed.allocate(20);
  sealed.seal();
  sealed.release(kept);
  EXPECT_EQ(block_shadow.judge(address_of(kept), 4), Verdict::freed);
  sealed.reset();
  EXPECT_EQ(block_shadow.judge(address_of(kept), 20), Verdict::accessible);
  heap.reset();
}

TEST(BlockLog, FindsTheLastOwnerAndTheNeighbour) {
  BlockLog log;
  log.add({.block = 0x1000, .bytes = 32, .thread = 1});
  log.add({.block = 0x1000, .bytes = 32, .freed = true, .thread = 2});
  log.add({.block = 0x1040, .bytes = 16, .thread = 3});
  ASSERT_NE(log.last(0x101f, true), nullptr);
  EXPECT_EQ(log.last(0x101f, true)->thread, 2);
  EXPECT_EQ(log.last(0x1000, false)->thread, 1);
  EXPECT_EQ(log.last(0x1020, false), nullptr);
  EXPECT_EQ(log.nearest(0x1051)->thread, 3);
  EXPECT_FALSE(log.nearest(0x9000));
  ASSERT_EQ(log.live().size(), 1u);
  EXPECT_EQ(log.live()[0].block, 0x1040u);
}

}  // namespace
}  // namespace mapquake::memory
