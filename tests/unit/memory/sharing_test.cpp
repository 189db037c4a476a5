#include "harness/memory/sharing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>

namespace mapquake::memory {
namespace {

/// The shadow lies at fixed addresses: the process has one. Each test is an execution of its own.
Sharing& opened() {
  static Sharing& the_one = []() -> Sharing& {
    sharing.open();
    return sharing;
  }();
  the_one.forget();
  return the_one;
}

constexpr std::uint64_t word = arena_base + 4096;
constexpr std::uint64_t load_pc = 0x5555'0000'1000, store_pc = 0x5555'0000'2000;

/// The current time of all threads.
Time now = 0;

LastAccess plain(std::uint64_t address, unsigned bytes, std::uint64_t pc, ThreadId thread, bool write) {
  return {now, thread, address, bytes, pc, write, true};
}
LastAccess atomic(std::uint64_t address, unsigned bytes, std::uint64_t pc, ThreadId thread, bool write) {
  return {now, thread, address, bytes, pc, write, false};
}

class SharingTest : public testing::Test {
 protected:
  SharingTest() : s(opened()) { begin_execution(); }

  void begin_execution() { s.begin_execution(++now, false); }
  /// Notes an access of eight bytes; answers whether its instruction is known to touch shared memory.
  bool access(std::uint64_t address, std::uint64_t pc, ThreadId thread, bool write) {
    const LastAccess mine = plain(address, 8, pc, thread, write);
    if (LastAccess* const cell = s.cell_of(address)) s.note(*cell, mine);
    return s.learned(mine);
  }
  void note(LastAccess mine) { s.note(*s.cell_of(word), mine); }
  bool covers(LastAccess mine) { return s.cell_of(word)->covers(mine); }

  Sharing& s;
};

TEST_F(SharingTest, AWriteAndAReadByTwoThreadsAreLearned) {
  EXPECT_FALSE(access(word, store_pc, 1, true));
  EXPECT_TRUE(access(word, load_pc, 2, false));
  EXPECT_TRUE(s.learned(store_pc));
  EXPECT_TRUE(s.learned(load_pc));
}

TEST_F(SharingTest, WhatIsLearnedIsCountedOnceUntilItIsForgotten) {
  EXPECT_EQ(s.learned_count(), 0u);
  for (int again = 0; again < 2; ++again) {
    access(word, store_pc, 1, true);
    access(word, load_pc, 2, false);
    EXPECT_EQ(s.learned_count(), 2u);
  }
  s.forget();
  EXPECT_EQ(s.learned_count(), 0u);
}

TEST_F(SharingTest, ReadsAloneAreNot) {
  EXPECT_FALSE(access(word, load_pc, 1, false));
  EXPECT_FALSE(access(word, load_pc, 2, false));
  EXPECT_FALSE(access(word, load_pc, 3, false));
}

TEST_F(SharingTest, OneThreadSharesNothingWithItself) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(access(word, store_pc, 1, true));
    EXPECT_FALSE(access(word, load_pc, 1, false));
  }
}

TEST_F(SharingTest, TheMainThreadSharesWithNobody) {
  access(word, store_pc, 0, true);
  EXPECT_FALSE(access(word, load_pc, 1, false));
  EXPECT_FALSE(access(word, store_pc, 0, true));
}

TEST_F(SharingTest, AThreadsOwnWriteStaysVisibleBehindItsLaterReads) {
  access(word, store_pc, 1, true);
  access(word, load_pc, 1, false);
  EXPECT_TRUE(access(word, load_pc + 64, 2, false));
}

TEST_F(SharingTest, AnExecutionSeesNothingOfTheOneBefore) {
  access(word, store_pc, 1, true);
  begin_execution();
  EXPECT_FALSE(access(word, load_pc, 2, false));
}

TEST_F(SharingTest, WhatWasLearnedStaysForTheProgramAndIsThenForgotten) {
  access(word, store_pc, 1, true);
  access(word, store_pc, 2, true);
  begin_execution();
  EXPECT_TRUE(access(word + 800, store_pc, 1, true));
  s.forget();
  EXPECT_FALSE(s.learned(store_pc));
}

TEST_F(SharingTest, NeighbouringWordsAreApart) {
  access(word, store_pc, 1, true);
  EXPECT_FALSE(access(word + 8, load_pc, 2, false));
  EXPECT_FALSE(access(word - 8, load_pc, 2, false));
}

TEST_F(SharingTest, MemoryThatIsNotWatchedHasNoShadow) {
  EXPECT_FALSE(access(64, store_pc, 1, true));
  EXPECT_FALSE(access(64, store_pc, 2, true));
  EXPECT_FALSE(access(span_base + span_bytes, store_pc, 1, true));
  EXPECT_FALSE(access(span_base + span_bytes, store_pc, 2, true));
}

TEST_F(SharingTest, AnAccessCoversTheSameOneAtTheSameTimeOnly) {
  note(plain(word, 8, load_pc, 1, false));
  EXPECT_TRUE(covers(plain(word, 8, load_pc, 1, false)));
  EXPECT_TRUE(covers(plain(word, 8, store_pc, 1, false)));
  EXPECT_FALSE(covers(plain(word, 8, load_pc, 2, false)));
  ++now;
  EXPECT_FALSE(covers(plain(word, 8, load_pc, 1, false)));
}

TEST_F(SharingTest, AWriteCoversReadsAndAReadCoversNoWrite) {
  note(plain(word, 8, store_pc, 1, true));
  EXPECT_TRUE(covers(plain(word, 8, load_pc, 1, false)));
  ++now;
  note(plain(word, 8, load_pc, 1, false));
  EXPECT_FALSE(covers(plain(word, 8, store_pc, 1, true)));
}

TEST_F(SharingTest, APlainAccessCoversAnAtomicOneAndNotTheOtherWayRound) {
  note(plain(word, 8, store_pc, 1, true));
  EXPECT_TRUE(covers(atomic(word, 8, store_pc, 1, true)));
  ++now;
  note(atomic(word, 8, store_pc, 1, true));
  EXPECT_FALSE(covers(plain(word, 8, load_pc, 1, false)));
}

TEST_F(SharingTest, AnAccessCoversTheBytesThatItTouches) {
  note(plain(word + 2, 4, load_pc, 1, false));
  for (unsigned first = 0; first < 8; ++first) {
    for (unsigned bytes = 1; first + bytes <= 8; ++bytes) {
      const bool inside = first >= 2 && first + bytes <= 6;
      EXPECT_EQ(covers(plain(word + first, bytes, load_pc, 1, false)), inside) << first << "+" << bytes;
    }
  }
}

TEST_F(SharingTest, AccessesOfOneKindToPartsOfAWordAddUp) {
  note(plain(word, 4, store_pc, 1, true));
  note(plain(word + 4, 4, store_pc, 1, true));
  EXPECT_TRUE(covers(plain(word, 8, store_pc, 1, true)));
  note(plain(word, 2, load_pc, 1, false));
  EXPECT_FALSE(covers(plain(word + 4, 4, load_pc, 1, false)));
}

TEST_F(SharingTest, AnotherThreadsAccessEndsWhatWasCovered) {
  note(plain(word, 8, load_pc, 1, false));
  note(plain(word + 7, 1, load_pc, 2, false));
  EXPECT_FALSE(covers(plain(word, 8, load_pc, 1, false)));
}

TEST_F(SharingTest, ABlocksNewLifeIsCoveredByNothing) {
  note(plain(word + 8, 8, store_pc, 1, true));
  note(plain(word, 8, store_pc, 1, true));
  s.outdate(word, 9);
  for (const std::uint64_t at : {word, word + 8}) {
    EXPECT_FALSE(s.cell_of(at)->covers(plain(at, 1, store_pc, 1, true)));
    EXPECT_FALSE(s.cell_of(at)->covers(plain(at, 1, load_pc, 1, false)));
  }
  EXPECT_TRUE(access(word, load_pc, 2, false)) << "who wrote it last is still known";
}

/// What note() keeps never covers more than the accesses that were made, one by one.
RC_GTEST_PROP(SharingProperty, NothingIsCoveredThatWasNotAccessed, ()) {
  Sharing& s = opened();
  s.begin_execution(++now, false);
  LastAccess& cell = *s.cell_of(word);
  std::array<unsigned, 8> kinds{};  // what thread 1 has done with each byte at this time: 1 read, 2 wrote
  const auto steps = *rc::gen::inRange(1, 30);
  for (int i = 0; i < steps; ++i) {
    const auto first = *rc::gen::inRange(0u, 8u);
    const auto bytes = *rc::gen::inRange(1u, 9u - first);
    const bool write = *rc::gen::arbitrary<bool>();
    const auto event = *rc::gen::inRange(0, 8);
    const auto thread = static_cast<ThreadId>(event == 0 ? 2 : 1);
    if (event == 1) ++now;
    if (event <= 1) kinds.fill(0);
    const LastAccess mine = plain(word + first, bytes, load_pc, thread, write);
    bool known = true;
    for (unsigned b = first; b < first + bytes && thread == 1; ++b) known = known && kinds[b] >= (write ? 2u : 1u);
    if (cell.covers(mine)) {
      RC_ASSERT(known);
      cell = cell.made_by(mine);
    } else {
      s.note(cell, mine);
    }
    for (unsigned b = first; b < first + bytes && thread == 1; ++b) kinds[b] = std::max(kinds[b], write ? 2u : 1u);
  }
}

}  // namespace
}  // namespace mapquake::memory
