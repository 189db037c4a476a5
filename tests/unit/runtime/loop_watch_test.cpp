#include "harness/runtime/loop_watch.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace mapquake::runtime {
namespace {

constexpr std::uint64_t code = 0x401000, other_code = 0x402000;

/// A worker's watch over executions with one thread that goes round without scheduling points.
class LoopWatchTest : public testing::Test {
 protected:
  /// An execution of the search with this number begins.
  void begin(std::uint64_t execution, bool known = true, std::uint64_t steps_max = 400'000) {
    step_ = 0;
    watch_->begin_execution({.hang = known, .execution = execution}, steps_max);
  }
  /// The steps after which a loop in `at` is called so; 0: not within `steps_max`.
  std::uint64_t goes_round(std::uint64_t at, std::uint64_t steps_max) {
    for (std::uint64_t n = 1; n <= steps_max; ++n) {
      pass(at, n % 2);
      if (watch_->is_believed(step_, LoopKind::hang) || watch_->loops(step_)) return n;
    }
    return 0;
  }
  /// Works on memory that is new each time.
  void works(std::uint64_t at, std::uint64_t steps) {
    for (std::uint64_t n = 0; n < steps; ++n) pass(at, 1'000 + n);
  }
  /// Reads the same for ever, each time a call deeper.
  std::uint64_t recurses(std::uint64_t at, std::uint64_t steps_max) {
    for (std::uint64_t n = 1; n <= steps_max; ++n) {
      pass(at, 1, 48 * n);
      if (watch_->is_believed(step_, LoopKind::hang) || watch_->loops(step_)) return n;
    }
    return 0;
  }
  std::uint64_t watches_from() const { return watch_->watches_from(0); }
  void ends_in_hang() { watch_->ends_with(step_, LoopKind::hang); }
  /// An execution in which a loop in `at` lasts its whole time.
  void proves(std::uint64_t at, std::uint64_t execution) {
    begin(execution);
    ASSERT_GE(goes_round(at, 2 * LoopWatch::loop_steps), LoopWatch::loop_steps);
    ends_in_hang();
  }

 private:
  void pass(std::uint64_t at, std::uint64_t word, std::uint64_t stack_used_bytes = 64) {
    watch_->pass(1, {.kind = EventKind::read, .pc = at, .address = 8 * word}, stack_used_bytes, ++step_, 0);
  }

  std::unique_ptr<LoopWatch> watch_ = std::make_unique<LoopWatch>();
  std::uint64_t step_ = 0;
};

TEST_F(LoopWatchTest, WhoRaisesTheLimitOfStepsSaysThatOperationsAreLong) {
  begin(1, false);
  EXPECT_EQ(watches_from(), LoopWatch::patience_steps);
  begin(2, false, 1'000'000'000);
  EXPECT_EQ(watches_from(), 1'000'000'000 / LoopWatch::patience_part);
}

TEST_F(LoopWatchTest, ALoopThatWasProvenIsBelievedSooner) {
  proves(code, 1);
  begin(2);
  const std::uint64_t steps = goes_round(code, 2 * LoopWatch::loop_steps);
  EXPECT_GE(steps, LoopWatch::believed_steps);
  EXPECT_LE(steps, LoopWatch::believed_steps + 10);
}

TEST_F(LoopWatchTest, ALoopInOtherCodeHasItsWholeTime) {
  proves(code, 1);
  begin(2);
  EXPECT_GE(goes_round(other_code, 2 * LoopWatch::loop_steps), LoopWatch::loop_steps);
}

TEST_F(LoopWatchTest, WhatIsNewIsNoLoopWhereverItIs) {
  proves(code, 1);
  begin(2);
  works(code, 10 * LoopWatch::believed_steps);
  EXPECT_EQ(goes_round(code, LoopWatch::believed_steps - 1), 0u);
}

TEST_F(LoopWatchTest, ARecursionIsNoLoopEvenInTheCodeOfOne) {
  proves(code, 1);
  begin(2);
  EXPECT_EQ(recurses(code, 4 * LoopWatch::loop_steps), 0u);
}

TEST_F(LoopWatchTest, NothingIsBelievedWhereNoLoopIsKnown) {
  proves(code, 1);
  begin(2, false);
  EXPECT_GE(goes_round(code, 2 * LoopWatch::loop_steps), LoopWatch::loop_steps);
}

TEST_F(LoopWatchTest, ARepetitionEndsAsItsExecutionDid) {
  proves(code, 1);
  begin(1);
  EXPECT_GE(goes_round(code, 2 * LoopWatch::loop_steps), LoopWatch::loop_steps) << "it had no proof then";
}

TEST_F(LoopWatchTest, AProbeThatFindsTheBeliefWrongEndsIt) {
  proves(code, 1);
  begin(LoopWatch::probe_every);
  EXPECT_EQ(goes_round(code, 2 * LoopWatch::believed_steps), 0u) << "a probe believes nothing";
  works(code, 1);  // so it was no endless loop
  begin(LoopWatch::probe_every + 1);
  EXPECT_GE(goes_round(code, 2 * LoopWatch::loop_steps), LoopWatch::loop_steps);
}

TEST_F(LoopWatchTest, WhatWasBelievedWronglyIsBelievedAgainLaterEachTime) {
  proves(code, 1);
  const auto believes = [&](std::uint64_t execution) {
    begin(execution);
    const bool soon = goes_round(code, LoopWatch::believed_steps + 10) != 0;
    if (!soon) goes_round(code, 2 * LoopWatch::loop_steps);
    ends_in_hang();
    return soon;
  };
  std::uint64_t execution = LoopWatch::probe_every, last_pause = 0;
  for (int round = 0; round < 3; ++round) {
    begin(execution);
    EXPECT_EQ(goes_round(code, 2 * LoopWatch::believed_steps), 0u);
    works(code, 1);
    const std::uint64_t wrong_at = execution;
    while (!believes(++execution) || execution % LoopWatch::probe_every == 0) {
    }
    EXPECT_GT(execution - wrong_at, last_pause);
    last_pause = execution - wrong_at;
    execution += LoopWatch::probe_every - execution % LoopWatch::probe_every;
  }
}

TEST_F(LoopWatchTest, AProbeThatFindsTheLoopKeepsTheBelief) {
  proves(code, 1);
  proves(code, LoopWatch::probe_every);
  begin(LoopWatch::probe_every + 1);
  const std::uint64_t steps = goes_round(code, 2 * LoopWatch::loop_steps);
  EXPECT_LE(steps, LoopWatch::believed_steps + 10);
}

}  // namespace
}  // namespace mapquake::runtime
