#include "harness/strategy/replay.hpp"

#include "harness/strategy/pinned.hpp"
#include "harness/strategy/random_walk.hpp"
#include "tests/unit/strategy/toy_program.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mapquake {
namespace {

using toy::run;

RC_GTEST_PROP(ReplayProperty, RepeatsWhatARandomWalkDid, (std::uint64_t seed)) {
  const toy::ToyProgram program{{7, 5, 6}};
  RandomWalk walk;
  const auto recorded = run(walk, seed, program);
  Replay replay(recorded.choices);
  const auto first = run(replay, 0, program);
  RC_ASSERT(first.order == recorded.order);
  RC_ASSERT(first.choices == recorded.choices);
  RC_ASSERT(run(replay, 1, program).order == recorded.order);  // and again
}

TEST(ReplayTest, NoChoicesIsTheDefaultSchedule) {
  Replay replay({});
  EXPECT_EQ(run(replay, 0, {{2, 2}}).order, (std::vector<ThreadId>{1, 1, 2, 2}));
}

TEST(ReplayTest, ATakeThatIsNotReadyIsIgnored) {
  const std::vector<Choice> choices{{1, 0, 1, ChoiceKind::schedule, 9}, {1, 0, 2, ChoiceKind::schedule, 65536 + 2}};
  Replay replay(choices);
  EXPECT_EQ(run(replay, 0, {{2, 2}}).order, (std::vector<ThreadId>{1, 1, 2, 2}));
}

TEST(ReplayTest, AddressesThatAreSkippedDoNotHideLaterOnes) {
  const std::vector<Choice> choices{{1, 0, 2, ChoiceKind::schedule, 2}, {1, 1, 3, ChoiceKind::schedule, 3}};
  Replay replay(choices);
  replay.begin(0, 3);
  const std::vector<ThreadId> ready{1, 2, 3};
  EXPECT_EQ(replay.next_thread({.thread = 1, .op = 0, .event = 1}, ready), 1);
  EXPECT_EQ(replay.next_thread({.thread = 1, .op = 0, .event = 3}, ready), 1);
  EXPECT_EQ(replay.next_thread({.thread = 2, .op = 1, .event = 3}, ready), 2);  // another thread's address
  EXPECT_EQ(replay.next_thread({.thread = 1, .op = 1, .event = 3}, ready), 3);
  EXPECT_EQ(replay.next_thread({.thread = 1, .op = 1, .event = 4}, ready), 1);
}

TEST(ReplayTest, AHookWithANumberBehindTheOperationsMayComeFirst) {
  const std::vector<Choice> choices{{1, 0, 1, ChoiceKind::schedule, 2},
                                    {1, 1, 2, ChoiceKind::alloc_fail, 1},
                                    {1, 3, 1, ChoiceKind::schedule, 3},
                                    {1, 4, 1, ChoiceKind::schedule, 2}};
  Replay replay(choices);
  const std::vector<ThreadId> ready{1, 2, 3};
  for (int execution = 0; execution < 2; ++execution) {
    replay.begin(0, 3);
    EXPECT_EQ(replay.next_forced_event(1, 3), 1u);
    EXPECT_EQ(replay.next_thread({.thread = 1, .op = 3, .event = 1}, ready), 3);
    EXPECT_EQ(replay.next_choice({.thread = 1, .op = 3, .event = 2}, ChoiceKind::alloc_fail, 2), 0u);
    EXPECT_EQ(replay.next_forced_event(1, 0), 1u);
    EXPECT_EQ(replay.next_thread({.thread = 1, .op = 0, .event = 1}, ready), 2);
    EXPECT_EQ(replay.next_choice({.thread = 1, .op = 1, .event = 2}, ChoiceKind::alloc_fail, 2), 1u);
    EXPECT_EQ(replay.next_thread({.thread = 1, .op = 4, .event = 1}, ready), 2);
  }
}

TEST(ReplayTest, ForcedEventsAreTheSwitchesStillToCome) {
  const std::vector<Choice> choices{{1, 0, 4, ChoiceKind::alloc_fail, 1},
                                    {1, 0, 5, ChoiceKind::schedule, 2},
                                    {1, 0, 9, ChoiceKind::schedule, 2},
                                    {1, 2, 1, ChoiceKind::schedule, 2}};
  Replay replay(choices);
  replay.begin(0, 2);
  const std::vector<ThreadId> ready{1, 2};
  EXPECT_EQ(replay.next_forced_event(1, 0), 5u);
  EXPECT_EQ(replay.next_forced_event(1, 1), UINT32_MAX);
  EXPECT_EQ(replay.next_forced_event(1, 2), 1u);
  EXPECT_EQ(replay.next_forced_event(2, 0), UINT32_MAX);
  EXPECT_EQ(replay.next_forced_event(500, 0), UINT32_MAX);
  replay.next_thread({.thread = 1, .op = 0, .event = 5}, ready);
  EXPECT_EQ(replay.next_forced_event(1, 0), 9u);
}

TEST(ReplayTest, OtherKindsAnswerAtTheirAddressOnly) {
  const std::vector<Choice> choices{{1, 0, 4, ChoiceKind::alloc_fail, 2}, {1, 0, 4, ChoiceKind::stale_read, 1}};
  Replay replay(choices);
  replay.begin(0, 1);
  const Point at{.thread = 1, .op = 0, .event = 4};
  EXPECT_EQ(replay.next_choice({.thread = 1, .op = 0, .event = 3}, ChoiceKind::alloc_fail, 3), 0u);
  EXPECT_EQ(replay.next_choice(at, ChoiceKind::alloc_fail, 3), 2u);
  EXPECT_EQ(replay.next_choice(at, ChoiceKind::delay, 3), 0u);
  EXPECT_EQ(replay.next_choice(at, ChoiceKind::stale_read, 3), 1u);
  EXPECT_EQ(replay.next_choice(at, ChoiceKind::stale_read, 3), 0u);
  replay.begin(0, 1);
  EXPECT_EQ(replay.next_choice(at, ChoiceKind::alloc_fail, 2), 0u);  // 2 is no answer here
}

TEST(PinnedTest, ThePinnedFaultHappensAndTheRestIsTheBases) {
  RandomWalk base;
  const std::vector<Choice> pinned{{1, 0, 4, ChoiceKind::alloc_fail, 1}};
  PinnedStrategy strategy(base, pinned);
  RandomWalk alone;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_EQ(run(strategy, seed, {{6, 6}}).order, run(alone, seed, {{6, 6}}).order);
    strategy.begin(seed, 2);
    EXPECT_EQ(strategy.next_choice({.thread = 1, .event = 3}, ChoiceKind::alloc_fail, 2), 0u);
    EXPECT_EQ(strategy.next_choice({.thread = 1, .event = 4}, ChoiceKind::alloc_fail, 2), 1u);
  }
}

TEST(PinnedTest, PinnedSwitchesWinWherePossible) {
  Replay base({});
  const std::vector<Choice> pinned{{1, 0, 2, ChoiceKind::schedule, 2}};
  PinnedStrategy strategy(base, pinned);
  EXPECT_EQ(strategy.next_forced_event(1, 0), 2u);
  EXPECT_EQ(run(strategy, 0, {{2, 2}}).order, (std::vector<ThreadId>{1, 2, 2, 1}));
}

}  // namespace
}  // namespace mapquake
