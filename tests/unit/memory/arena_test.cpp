// The arena lies at fixed addresses, of which a process has one each: every test takes the arena over from the last.
#include "harness/memory/arena.hpp"

#include "harness/memory/blocks.hpp"
#include "tests/unit/memory/open_arena.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace mapquake::memory {
namespace {

/// The process's arena, opened once; empty in each test.
class ArenaTest : public testing::Test {
 protected:
  void SetUp() override {
    open_arena();
    arena().set_limit(arena_bytes);
    arena().reset();
    ASSERT_EQ(arena().live_blocks(), 0u);
  }
  void TearDown() override { arena().reset(); }
};

TEST_F(ArenaTest, BlocksAreAlignedApartAndInTheArena) {
  const void* last = nullptr;
  for (const std::size_t bytes : {0, 1, 15, 16, 17, 100, 4096}) {
    void* const block = arena().allocate(bytes);
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(address_of(block) % 16, 0u);
    EXPECT_TRUE(Arena::owns(block));
    EXPECT_TRUE(arena().is_live(block));
    EXPECT_EQ(arena().size_of(block), bytes);
    EXPECT_NE(block, last);
    last = block;
  }
  EXPECT_EQ(arena().live_blocks(), 7u);
  EXPECT_EQ(arena().allocations(), 7u);
}

TEST_F(ArenaTest, BehindABlockIsNobodysForAsLongAsItIsWithinBounds) {
  for (const std::size_t bytes : {1, 16, 64, 65, 500, 1024, 5000}) {
    const std::uint64_t block = address_of(arena().allocate(bytes));
    const std::uint64_t next = address_of(arena().allocate(1));
    EXPECT_GE(next - (block + bytes), std::clamp<std::size_t>(bytes, red_zone_min, red_zone_max));
    EXPECT_EQ(block_shadow.judge(block + bytes, 1), BlockShadow::Verdict::outside);
    EXPECT_EQ(block_shadow.judge(next - 1, 1), BlockShadow::Verdict::outside);
  }
}

TEST_F(ArenaTest, EveryPowerOfTwoIsAnAlignment) {
  for (std::size_t alignment = 1; alignment <= 65536; alignment *= 2) {
    void* const block = arena().allocate(24, alignment);
    EXPECT_EQ(address_of(block) % std::max<std::size_t>(alignment, 16), 0u);
    EXPECT_EQ(arena().release(block), FreeResult::freed);
  }
}

TEST_F(ArenaTest, FreshAndFreedMemoryIsOverwritten) {
  auto* const block = static_cast<unsigned char*>(arena().allocate(32));
  for (int i = 0; i < 32; ++i) EXPECT_EQ(block[i], 0xCD);
  std::memset(block, 7, 32);
  EXPECT_EQ(arena().release(block), FreeResult::freed);
  for (int i = 0; i < 32; ++i) EXPECT_EQ(block[i], 0xDD);
}

TEST_F(ArenaTest, ADoubleFreeIsOne) {
  void* const block = arena().allocate(8);
  EXPECT_EQ(arena().release(block), FreeResult::freed);
  EXPECT_EQ(arena().release(block), FreeResult::double_free);
  EXPECT_FALSE(arena().is_live(block));
  EXPECT_EQ(arena().live_blocks(), 0u);
}

TEST_F(ArenaTest, AnythingButTheStartOfABlockIsNoBlock) {
  auto* const block = static_cast<char*>(arena().allocate(64));
  int outside = 0;
  for (void* const wrong : {static_cast<void*>(block + 1), static_cast<void*>(block + 16),
                            static_cast<void*>(block + 4096), reinterpret_cast<void*>(arena_base),
                            reinterpret_cast<void*>(arena_base + arena_bytes), static_cast<void*>(&outside)}) {
    EXPECT_EQ(arena().release(wrong), FreeResult::not_a_block);
    EXPECT_FALSE(arena().is_live(wrong));
  }
  EXPECT_EQ(arena().release(block), FreeResult::freed);
}

TEST_F(ArenaTest, AnOverwrittenHeaderIsNoticed) {
  auto* const block = static_cast<char*>(arena().allocate(32));
  const std::uint64_t nonsense = 1 << 20;
  std::memcpy(block - 16, &nonsense, sizeof nonsense);
  EXPECT_EQ(arena().release(block), FreeResult::overwritten);
}

TEST_F(ArenaTest, TheLimitIsOfLiveBytes) {
  arena().set_limit(1000);
  void* const block = arena().allocate(600);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(arena().allocate(600), nullptr);
  EXPECT_EQ(arena().release(block), FreeResult::freed);
  EXPECT_NE(arena().allocate(600), nullptr);
  EXPECT_EQ(arena().allocate(arena_bytes), nullptr);
}

TEST_F(ArenaTest, FreedBlocksRestUntilMuchHasBeenAllocated) {
  void* const early = arena().allocate(48);
  EXPECT_EQ(arena().release(early), FreeResult::freed);
  EXPECT_NE(arena().allocate(48), early);
  while (arena().allocations() < 200) {
    void* const large = arena().allocate(1 << 20);
    ASSERT_NE(large, nullptr);
    ASSERT_EQ(arena().release(large), FreeResult::freed);
  }
  void* const late = arena().allocate(48);
  EXPECT_EQ(arena().release(late), FreeResult::freed);
  EXPECT_EQ(arena().allocate(48), late) << "from here on freed blocks are used again";
  EXPECT_TRUE(arena().is_live(late));
}

TEST_F(ArenaTest, AfterAResetTheSameAddressesComeAgain) {
  const auto addresses = [] {
    std::vector<void*> blocks;
    for (const std::size_t bytes : {10, 5000, 3, 2'000'000, 64}) blocks.push_back(arena().allocate(bytes));
    arena().release(blocks[1]);
    blocks.push_back(arena().allocate(5000));
    return blocks;
  };
  const auto first = addresses();
  arena().reset();
  EXPECT_EQ(addresses(), first);
}

/// Allocates and frees as the numbers say, writes into every block; answers the addresses.
std::vector<std::uint64_t> play(const std::vector<std::uint16_t>& script) {
  std::vector<void*> live;
  std::vector<std::uint64_t> seen;
  for (const std::uint16_t word : script) {
    if (word % 3 == 0 && !live.empty()) {
      RC_ASSERT(arena().release(live.back()) == FreeResult::freed);
      live.pop_back();
      continue;
    }
    void* const block = arena().allocate(word, std::size_t{1} << word % 9);
    RC_ASSERT(arena().is_live(block));
    std::memset(block, static_cast<int>(word), word);
    for (void* const other : live) {
      const bool apart = address_of(other) + arena().size_of(other) <= address_of(block) ||
                         address_of(block) + word <= address_of(other);
      RC_ASSERT(apart);
    }
    live.push_back(block);
    seen.push_back(address_of(block));
  }
  RC_ASSERT(arena().live_blocks() == live.size());
  return seen;
}

TEST_F(ArenaTest, WhatAnExecutionGetsDependsOnItAlone) {
  EXPECT_TRUE(rc::check("whatever the execution before did",
                        [](const std::vector<std::uint16_t>& before, const std::vector<std::uint16_t>& script) {
                          arena().reset();
                          const auto alone = play(script);
                          arena().reset();
                          play(before);
                          arena().reset();
                          RC_ASSERT(play(script) == alone);
                          arena().reset();
                        }));
}

/// The seal outlives the test, so it comes last: GoogleTest runs the tests of a file in order.
TEST_F(ArenaTest, ZAResetGoesBackToTheSeal) {
  auto* const kept = static_cast<char*>(arena().allocate(16));
  std::memcpy(kept, "static storage!", 16);
  void* const gone = arena().allocate(16);
  arena().release(gone);
  arena().seal();
  std::memset(kept, 0, 16);
  EXPECT_EQ(arena().release(kept), FreeResult::freed);
  void* const later = arena().allocate(100);

  arena().reset();
  EXPECT_STREQ(kept, "static storage!");
  EXPECT_TRUE(arena().is_live(kept));
  EXPECT_EQ(arena().release(gone), FreeResult::double_free);
  EXPECT_EQ(arena().live_blocks(), 1u);
  EXPECT_EQ(arena().live_bytes(), 16u);
  EXPECT_EQ(arena().allocate(100), later);

  EXPECT_EQ(arena().release(kept), FreeResult::freed);
  arena().reset();
  EXPECT_TRUE(arena().is_live(kept)) << "the seal is for good";
  arena().release(kept);
}

}  // namespace
}  // namespace mapquake::memory
