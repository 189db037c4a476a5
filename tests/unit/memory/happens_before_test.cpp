#include "harness/memory/happens_before.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace mapquake::memory {
namespace {

constexpr int relaxed = 0, acquire = 2, release = 3, acq_rel = 4;

/// Three threads that the main one has started, and one atomic object.
class HappensBeforeTest : public testing::Test {
 protected:
  HappensBeforeTest() : order_(std::make_unique<HappensBefore>()) { begin(); }

  void begin() {
    order_->begin_execution();
    for (ThreadId t = 0; t < 4; ++t) order_->start(t, 0);
  }
  void store(ThreadId t, int order) { order_->atomic_store(t, object, order, {++value_, 8}); }
  void load(ThreadId t, int order) { order_->atomic_load(t, object, order, {value_, 8}); }
  void modify(ThreadId t, int order) {
    order_->atomic_modify(t, object, order, {value_, 8}, value_ + 1);
    ++value_;
  }
  void unseen_store() { ++value_; }

  /// Is what `t` does now ordered before what `u` does from now on?
  bool ordered(ThreadId t, Time time, ThreadId u) const { return order_->clock_of(u)[t] >= time; }

  static constexpr std::uint64_t object = 0x99;
  std::uint64_t value_ = 0;
  std::unique_ptr<HappensBefore> order_;
};

TEST_F(HappensBeforeTest, UnseenStoreOfUnknownThreadOrdersBehindAll) {
  store(1, relaxed);
  const Time of_1 = order_->now(1), of_2 = order_->now(2);
  load(3, acquire);
  EXPECT_FALSE(ordered(2, of_2, 3));
  unseen_store();
  load(3, acquire);
  EXPECT_TRUE(ordered(1, of_1, 3));
  EXPECT_TRUE(ordered(2, of_2, 3));
  EXPECT_FALSE(ordered(2, order_->now(2), 3)) << "what comes after it is not";
}

TEST_F(HappensBeforeTest, UnseenStoreIsAcquiredByAReadModifyWriteAsWell) {
  modify(1, acq_rel);
  const Time of_2 = order_->now(2);
  unseen_store();
  modify(3, acq_rel);
  EXPECT_TRUE(ordered(2, of_2, 3));
}

TEST_F(HappensBeforeTest, AnUnseenStoreHeadsTheSequenceThatARelaxedRmwContinues) {
  const Time of_1 = order_->now(1);
  order_->unseen_release(1);
  unseen_store();
  modify(3, relaxed);
  EXPECT_FALSE(ordered(1, of_1, 3));
  load(3, acquire);
  EXPECT_TRUE(ordered(1, of_1, 3));
}

TEST_F(HappensBeforeTest, RelaxedLoadOfAnUnseenStoreNeedsAFence) {
  store(1, relaxed);
  const Time of_2 = order_->now(2);
  unseen_store();
  load(3, relaxed);
  EXPECT_FALSE(ordered(2, of_2, 3));
  order_->fence(3, acquire);
  EXPECT_TRUE(ordered(2, of_2, 3));
}

TEST_F(HappensBeforeTest, AValueThatNobodyLeftMayComeFromWhereUnseenCodeRan) {
  const Time of_1 = order_->now(1), of_2 = order_->now(2);
  order_->unseen_release(1);
  load(3, acquire);
  EXPECT_TRUE(ordered(1, of_1, 3));
  EXPECT_FALSE(ordered(2, of_2, 3));
}

TEST_F(HappensBeforeTest, AValueThatASeenStoreLeftDoesNot) {
  const Time of_1 = order_->now(1);
  order_->unseen_release(1);
  store(2, release);
  load(3, acquire);
  EXPECT_FALSE(ordered(1, of_1, 3));
}

TEST_F(HappensBeforeTest, UnseenReleasesEndWithTheExecution) {
  order_->unseen_release(1);
  begin();
  const Time of_1 = order_->now(1);
  load(3, acquire);
  EXPECT_FALSE(ordered(1, of_1, 3));
}

TEST_F(HappensBeforeTest, UnseenCodeMayHaveAcquiredFromAnybody) {
  const Time of_1 = order_->now(1), of_2 = order_->now(2);
  order_->unseen_acquire(3);
  EXPECT_TRUE(ordered(1, of_1, 3) && ordered(2, of_2, 3));
  EXPECT_FALSE(ordered(1, order_->now(1), 3));
  EXPECT_FALSE(ordered(3, order_->now(3), 1));
}

TEST_F(HappensBeforeTest, AMemoryBarrierOrdersAllBehindAll) {
  const Time of_1 = order_->now(1), of_2 = order_->now(2), of_3 = order_->now(3);
  order_->barrier();
  EXPECT_TRUE(ordered(1, of_1, 2) && ordered(2, of_2, 1) && ordered(3, of_3, 1));
  EXPECT_FALSE(ordered(1, order_->now(1), 2));
  EXPECT_FALSE(ordered(2, order_->now(2), 3));
}

}  // namespace
}  // namespace mapquake::memory
