#include "harness/strategy/nth_fault.hpp"

#include "harness/strategy/replay.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

const Point in_operation{.thread = 1, .op = 2, .event = 7};

TEST(NthFault, OnlyTheNthQuestionOfTheOperationIsAnswered) {
  Replay serial({});
  NthFault strategy(serial, {.kind = ChoiceKind::alloc_fail, .thread = 1, .op = 2, .n = 2, .take = 2});
  for (int execution = 0; execution < 2; ++execution) {
    strategy.begin(0, 2);
    EXPECT_EQ(strategy.next_choice(in_operation, ChoiceKind::alloc_fail, 3), 0u);
    EXPECT_EQ(strategy.next_choice({.thread = 1, .op = 1, .event = 7}, ChoiceKind::alloc_fail, 3), 0u);
    EXPECT_EQ(strategy.next_choice(in_operation, ChoiceKind::delay, 3), 0u);
    EXPECT_FALSE(strategy.reached());
    EXPECT_EQ(strategy.next_choice(in_operation, ChoiceKind::alloc_fail, 3), 2u);
    EXPECT_TRUE(strategy.reached());
    EXPECT_EQ(strategy.next_choice(in_operation, ChoiceKind::alloc_fail, 3), 0u);
  }
}

TEST(NthFault, AnAnswerFitsItsQuestion) {
  Replay serial({});
  NthFault strategy(serial, {.kind = ChoiceKind::declared, .thread = 1, .op = 2, .n = 1, .take = 9});
  strategy.begin(0, 2);
  EXPECT_EQ(strategy.next_choice(in_operation, ChoiceKind::declared, 2), 1u);
}

TEST(Replay, StallsAreForcedWhereTheyWere) {
  const std::vector<Choice> choices{
      {1, 0, 9, ChoiceKind::schedule, 2}, {1, 0, 5, ChoiceKind::delay, 20}, {1, 0, 3, ChoiceKind::alloc_fail, 1}};
  Replay replay(choices);
  replay.begin(0, 2);
  EXPECT_EQ(replay.next_forced_event(1, 0), 5u);
  EXPECT_EQ(replay.next_choice({.thread = 1, .op = 0, .event = 5}, ChoiceKind::delay, 31), 20u);
  EXPECT_EQ(replay.next_forced_event(1, 0), 9u);
}

}  // namespace
}  // namespace mapquake
