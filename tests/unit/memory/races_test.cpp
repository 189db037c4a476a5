#include "harness/memory/races.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace mapquake::memory {
namespace {

constexpr int relaxed = 0, acquire = 2, release = 3, acq_rel = 4, seq_cst = 5;

/// Three threads over a few plain words in a detector of its own.
class RacesTest : public testing::Test {
 protected:
  RacesTest() : races_(std::make_unique<Races>()) {
    // The shadow of watched data is all that these need; each test has its own address.
    static std::uint64_t shadow_used = 0;
    words_ = 0x7000'0000'0000 + (shadow_used += 4096);
    static Races* const with_shadow = [] {
      auto* const made = new Races;
      made->watch_data(0x7000'0000'0000, 1 << 20);
      return made;
    }();
    *races_ = *with_shadow;
    static std::uint32_t executions = 0;
    for (std::uint32_t i = 0; i <= executions; ++i) races_->begin_execution();
    ++executions;
    races_->start(0, 0);
    races_->start(1, 0);
    races_->start(2, 0);
    races_->start(3, 0);
  }
  bool note(ThreadId thread, AccessKind kind, std::uint64_t address, unsigned bytes) {
    return races_->access(address, bytes, {thread, 7, kind, 0x1000u + thread}, earlier_);
  }
  bool write(ThreadId t, unsigned offset = 0, unsigned bytes = 8) {
    return note(t, AccessKind::write, words_ + offset, bytes);
  }
  bool read(ThreadId t, unsigned offset = 0, unsigned bytes = 8) {
    return note(t, AccessKind::read, words_ + offset, bytes);
  }

  // Atomic operations on one flag. Each store leaves another value.
  void store(ThreadId t, int order) { races_->order().atomic_store(t, flag, order, {++value_, 8}); }
  void load(ThreadId t, int order) { races_->order().atomic_load(t, flag, order, {value_, 8}); }
  void modify(ThreadId t, int order) {
    races_->order().atomic_modify(t, flag, order, {value_, 8}, value_ + 1);
    ++value_;
  }

  static constexpr std::uint64_t flag = 0x99;
  std::uint64_t value_ = 0;
  std::unique_ptr<Races> races_;
  std::uint64_t words_;
  RaceAccess earlier_;
};

TEST_F(RacesTest, UnorderedWriteAndReadRaceAndNameTheEarlierAccess) {
  EXPECT_FALSE(write(1));
  EXPECT_TRUE(read(2));
  EXPECT_EQ(earlier_.thread, 1);
  EXPECT_EQ(earlier_.op, 7);
  EXPECT_EQ(earlier_.kind, AccessKind::write);
  EXPECT_EQ(earlier_.pc, 0x1001u);
}

TEST_F(RacesTest, OperationsOfAnyNumberAreNamed) {
  unsigned offset = 0;
  for (const OpIndex op : {OpIndex{0}, OpIndex{65'535}, OpIndex{65'536}, op_index_end - 1}) {
    EXPECT_FALSE(races_->access(words_ + offset, 8, {1, op, AccessKind::release, 0x1001u}, earlier_));
    EXPECT_TRUE(read(2, offset));
    EXPECT_EQ(earlier_.op, op);
    EXPECT_EQ(earlier_.kind, AccessKind::release);
    EXPECT_EQ(earlier_.pc, 0x1001u);
    offset += 8;
  }
}

TEST_F(RacesTest, ReadThenWriteRaces) {
  EXPECT_FALSE(read(1));
  EXPECT_FALSE(read(2));
  EXPECT_TRUE(write(3));
}

TEST_F(RacesTest, OtherBytesOfTheSameWordDoNotRace) {
  EXPECT_FALSE(write(1, 0, 4));
  EXPECT_FALSE(write(2, 4, 4));
  EXPECT_FALSE(write(1, 0, 4));
  EXPECT_TRUE(write(2, 3, 2));
}

TEST_F(RacesTest, AnUnalignedAccessIsSeenInBothWords) {
  EXPECT_FALSE(write(1, 8, 4));
  EXPECT_TRUE(write(2, 4, 8));
}

TEST_F(RacesTest, AMutexOrders) {
  EXPECT_FALSE(write(1));
  races_->order().release(1, flag);
  races_->order().acquire(2, flag);
  EXPECT_FALSE(write(2));
  EXPECT_TRUE(read(3));
}

TEST_F(RacesTest, WhatComesAfterTheReleaseIsNotOrdered) {
  races_->order().release(1, flag);
  EXPECT_FALSE(write(1));
  races_->order().acquire(2, flag);
  EXPECT_TRUE(read(2));
}

TEST_F(RacesTest, ReleaseStoreAndAcquireLoadOrder) {
  EXPECT_FALSE(write(1));
  store(1, release);
  load(2, acquire);
  EXPECT_FALSE(read(2));
}

TEST_F(RacesTest, RelaxedStoreDoesNotPublish) {
  EXPECT_FALSE(write(1));
  store(1, relaxed);
  load(2, seq_cst);
  EXPECT_TRUE(read(2));
}

TEST_F(RacesTest, RelaxedLoadDoesNotAcquire) {
  EXPECT_FALSE(write(1));
  store(1, seq_cst);
  load(2, relaxed);
  EXPECT_TRUE(read(2));
}

TEST_F(RacesTest, AReleaseSequenceReachesThroughARelaxedRmw) {
  EXPECT_FALSE(write(1));
  store(1, release);
  modify(2, relaxed);
  load(3, acquire);
  EXPECT_FALSE(read(3));
  EXPECT_TRUE(read(2));
}

TEST_F(RacesTest, AStoreOfAnotherThreadEndsTheReleaseSequence) {
  EXPECT_FALSE(write(1));
  store(1, release);
  store(2, relaxed);
  load(3, acquire);
  EXPECT_TRUE(read(3));
}

TEST_F(RacesTest, FencesOrderRelaxedAtomics) {
  EXPECT_FALSE(write(1));
  races_->order().fence(1, release);
  store(1, relaxed);
  load(2, relaxed);
  races_->order().fence(2, acquire);
  EXPECT_FALSE(read(2));
  load(3, relaxed);
  EXPECT_TRUE(read(3));
}

TEST_F(RacesTest, AtomicsDoNotRaceWithEachOtherButWithPlainAccesses) {
  EXPECT_FALSE(note(1, AccessKind::atomic_write, words_, 8));
  EXPECT_FALSE(note(2, AccessKind::atomic_write, words_, 8));
  EXPECT_FALSE(note(2, AccessKind::atomic_read, words_, 8));
  EXPECT_TRUE(read(3));
}

TEST_F(RacesTest, AnAtomicAccessDoesNotHideAnEarlierPlainWrite) {
  EXPECT_FALSE(write(1));
  EXPECT_FALSE(note(1, AccessKind::atomic_write, words_, 8));
  EXPECT_TRUE(note(2, AccessKind::atomic_read, words_, 8));
}

TEST_F(RacesTest, AtomicsOfDifferentSizesOrderWhereTheyOverlap) {
  const std::uint64_t word = words_ + 64;
  EXPECT_FALSE(write(1));
  note(1, AccessKind::atomic_write, word, 8);
  races_->order().atomic_store(1, word, release, {7, 8});
  note(2, AccessKind::atomic_read, word + 4, 4);
  races_->order().atomic_load(2, word + 4, acquire, {0, 4});
  EXPECT_FALSE(read(2));
  note(2, AccessKind::atomic_write, word + 4, 4);
  races_->order().atomic_store(2, word + 4, release, {1, 4});
  note(3, AccessKind::atomic_write, word, 8);
  races_->order().atomic_modify(3, word, acquire, {7 + (std::uint64_t{1} << 32), 8}, 0);
  EXPECT_FALSE(write(3));
}

TEST_F(RacesTest, AtomicsThatDoNotOverlapDoNotOrder) {
  const std::uint64_t word = words_ + 64;
  EXPECT_FALSE(write(1));
  note(1, AccessKind::atomic_write, word, 4);
  races_->order().atomic_store(1, word, release, {7, 4});
  note(2, AccessKind::atomic_read, word + 4, 4);
  races_->order().atomic_load(2, word + 4, acquire, {0, 4});
  note(2, AccessKind::atomic_read, word + 4, 2);
  races_->order().atomic_load(2, word + 4, acquire, {0, 2});
  EXPECT_TRUE(read(2));
}

TEST_F(RacesTest, EitherHalfOfSixteenBytesIsOrderedWithTheWhole) {
  for (const unsigned half : {0u, 8u}) {
    const std::uint64_t pair = words_ + 64 + half * 16, data = words_ + 256 + half * 2;
    EXPECT_FALSE(note(1, AccessKind::write, data, 8));
    races_->order().atomic_store(1, pair, release, {7, 16});
    races_->order().atomic_load(2, pair + half, acquire, {0, 8});
    EXPECT_FALSE(note(2, AccessKind::write, data, 8));
    races_->order().atomic_store(2, pair + half, release, {8, 8});
    races_->order().atomic_load(3, pair, acquire, {7, 16});
    EXPECT_FALSE(note(3, AccessKind::read, data, 8));
  }
}

TEST_F(RacesTest, FreeingRacesWithAnUnorderedRead) {
  EXPECT_FALSE(read(1));
  EXPECT_TRUE(races_->access_long(words_, 64, {2, 0, AccessKind::release, 1}, earlier_));
  EXPECT_EQ(name_of(AccessKind::release), "free");
}

TEST_F(RacesTest, JoiningOrders) {
  EXPECT_FALSE(write(1));
  races_->order().join(0, 1);
  EXPECT_FALSE(write(0));
  EXPECT_TRUE(write(2));
}

TEST_F(RacesTest, AChildSeesWhatItsParentDidBefore) {
  EXPECT_FALSE(write(1));
  races_->start(4, 1);
  EXPECT_FALSE(write(4));
  EXPECT_TRUE(read(1));
}

TEST_F(RacesTest, NothingOfTheLastExecutionIsLeft) {
  EXPECT_FALSE(write(1));
  store(1, release);
  races_->begin_execution();
  races_->start(0, 0);
  races_->start(1, 0);
  races_->start(2, 0);
  EXPECT_FALSE(write(2));
  load(1, acquire);
  EXPECT_TRUE(write(1));
}

TEST_F(RacesTest, ManyLocksKeepTheirClocks) {
  EXPECT_FALSE(write(1));
  for (std::uint64_t lock = 1000; lock < 6000; ++lock) races_->order().release(1 + lock % 2, lock);
  races_->order().acquire(3, 1001);  // thread 2's
  EXPECT_TRUE(read(3));
  races_->order().acquire(3, 1000);  // thread 1's
  EXPECT_FALSE(read(3));
}

TEST_F(RacesTest, AcquireReleaseRmwsOrderBothWays) {
  EXPECT_FALSE(write(1));
  modify(1, acq_rel);
  modify(2, acq_rel);
  EXPECT_FALSE(write(2));
}

}  // namespace
}  // namespace mapquake::memory
