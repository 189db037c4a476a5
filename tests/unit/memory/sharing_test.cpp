#include "harness/memory/sharing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>

namespace mapquake::memory {
namespace {

/// The shadow lies at fixed addresses: the process has one.
Sharing& opened() {
  static Sharing& the_one = [&]() -> Sharing& {
    sharing.open();
    return sharing;
  }();
  the_one.forget();
  the_one.begin_execution();
  return the_one;
}

constexpr std::uint64_t word = arena_base + 4096;
constexpr std::uint64_t load_pc = 0x5555'0000'1000, store_pc = 0x5555'0000'2000;

TEST(Sharing, AWriteAndAReadByTwoThreadsAreLearned) {
  Sharing& s = opened();
  EXPECT_FALSE(s.access(word, store_pc, 1, true));
  EXPECT_TRUE(s.access(word, load_pc, 2, false));
  EXPECT_TRUE(s.learned(store_pc));
  EXPECT_TRUE(s.learned(load_pc));
}

TEST(Sharing, WhatIsLearnedIsCountedOnceUntilItIsForgotten) {
  Sharing& s = opened();
  EXPECT_EQ(s.learned_count(), 0u);
  for (int again = 0; again < 2; ++again) {
    s.access(word, store_pc, 1, true);
    s.access(word, load_pc, 2, false);
    EXPECT_EQ(s.learned_count(), 2u);
  }
  s.forget();
  EXPECT_EQ(s.learned_count(), 0u);
}

TEST(Sharing, ReadsAloneAreNot) {
  Sharing& s = opened();
  EXPECT_FALSE(s.access(word, load_pc, 1, false));
  EXPECT_FALSE(s.access(word, load_pc, 2, false));
  EXPECT_FALSE(s.access(word, load_pc, 3, false));
}

TEST(Sharing, OneThreadSharesNothingWithItself) {
  Sharing& s = opened();
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(s.access(word, store_pc, 1, true));
    EXPECT_FALSE(s.access(word, load_pc, 1, false));
  }
}

TEST(Sharing, TheMainThreadSharesWithNobody) {
  Sharing& s = opened();
  s.access(word, store_pc, 0, true);
  EXPECT_FALSE(s.access(word, load_pc, 1, false));
  EXPECT_FALSE(s.access(word, store_pc, 0, true));
}

TEST(Sharing, AThreadsOwnWriteStaysVisibleBehindItsLaterReads) {
  Sharing& s = opened();
  s.access(word, store_pc, 1, true);
  s.access(word, load_pc, 1, false);
  EXPECT_TRUE(s.access(word, load_pc + 64, 2, false));
}

TEST(Sharing, AnExecutionSeesNothingOfTheOneBefore) {
  Sharing& s = opened();
  s.access(word, store_pc, 1, true);
  s.begin_execution();
  EXPECT_FALSE(s.access(word, load_pc, 2, false));
}

TEST(Sharing, WhatWasLearnedStaysForTheProgramAndIsThenForgotten) {
  Sharing& s = opened();
  s.access(word, store_pc, 1, true);
  s.access(word, store_pc, 2, true);
  s.begin_execution();
  EXPECT_TRUE(s.access(word + 800, store_pc, 1, true));
  s.forget();
  EXPECT_FALSE(s.learned(store_pc));
}

TEST(Sharing, NeighbouringWordsAreApart) {
  Sharing& s = opened();
  s.access(word, store_pc, 1, true);
  EXPECT_FALSE(s.access(word + 8, load_pc, 2, false));
  EXPECT_FALSE(s.access(word - 8, load_pc, 2, false));
}

TEST(Sharing, MemoryThatIsNotWatchedHasNoShadow) {
  Sharing& s = opened();
  EXPECT_FALSE(s.access(64, store_pc, 1, true));
  EXPECT_FALSE(s.access(64, store_pc, 2, true));
  EXPECT_FALSE(s.access(span_base + span_bytes, store_pc, 1, true));
  EXPECT_FALSE(s.access(span_base + span_bytes, store_pc, 2, true));
}

}  // namespace
}  // namespace mapquake::memory
