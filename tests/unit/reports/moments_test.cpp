#include "reports/moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake::reports {
namespace {

using testing::ElementsAre;

constexpr ThreadId a = 1, b = 2;

TraceEvent event(ThreadId thread, EventKind kind, std::uint8_t flags = 0) {
  TraceEvent event;
  event.thread = thread;
  event.kind = kind;
  event.flags = flags;
  return event;
}

Execution traced(std::vector<TraceEvent> events) {
  Execution execution;
  execution.trace.events = std::move(events);
  return execution;
}

Step step(ThreadId thread, StepKind kind, std::optional<std::size_t> at) {
  Step step;
  step.thread = thread;
  step.kind = kind;
  step.event = at;
  return step;
}

/// A is preempted before a lock; B's operation lies within A's.
const Execution& story() {
  static const Execution execution = traced({
      event(a, EventKind::op_begin),     // 0
      event(a, EventKind::read),         // 1
      event(a, EventKind::lock),         // 2
      event(a, EventKind::switched, 1),  // 3
      event(b, EventKind::op_begin),     // 4
      event(b, EventKind::op_end),       // 5
      event(b, EventKind::switched),     // 6
      event(a, EventKind::read),         // 7
      event(a, EventKind::op_end),       // 8
  });
  return execution;
}

TEST(Moments, AnEventIsReachedBeforeItTakesEffect) {
  const std::vector<Step> steps{step(a, StepKind::inside, 1), step(a, StepKind::end, 8)};
  EXPECT_THAT(moments_of(steps, story()), ElementsAre(Moment{3, 0}, Moment{17, 0}));
}

TEST(Moments, APreemptionIsWhereTheThreadLeavesAndItsEventWhereItGoesOn) {
  const std::vector<Step> steps{step(a, StepKind::preempted, 2), step(b, StepKind::whole, 4),
                                step(a, StepKind::inside, 2)};
  EXPECT_THAT(moments_of(steps, story()), ElementsAre(Moment{7, 0}, Moment{9, 0}, Moment{14, 0}));
}

TEST(Moments, TheSameEventIsReachedFirstWhereItsThreadDoesNotLeave) {
  const std::vector<Step> steps{step(a, StepKind::inside, 2)};
  EXPECT_THAT(moments_of(steps, story()), ElementsAre(Moment{5, 0}));
}

TEST(Moments, AnOperationEntersTheMapBeforeItLeavesOrEnds) {
  const std::vector<Step> steps{step(a, StepKind::begin, 0), step(b, StepKind::whole, 4)};
  EXPECT_THAT(moments_of(steps, story()), ElementsAre(Moment{1, 7}, Moment{9, 0}));
}

TEST(Moments, ACallOnAnObjectIsEnteredLikeAnOperation) {
  const Execution calls = traced({event(a, EventKind::told), event(a, EventKind::adapter_point),
                                  event(a, EventKind::read), event(a, EventKind::told, 1)});
  const std::vector<Step> steps{step(a, StepKind::inside, 0), step(a, StepKind::inside, 3)};
  EXPECT_THAT(moments_of(steps, calls), ElementsAre(Moment{1, 7}, Moment{7, 0}));
  EXPECT_EQ(last_operation(steps, calls), 1u);
}

TEST(Moments, ARepetitionHasThatOfTheStepBefore) {
  const std::vector<Step> steps{step(a, StepKind::inside, 1), step(a, StepKind::repeated, std::nullopt),
                                step(a, StepKind::end, 8)};
  EXPECT_THAT(moments_of(steps, story()), ElementsAre(Moment{3, 0}, Moment{3, 0}, Moment{17, 0}));
}

TEST(Moments, AThreadThatNeverGoesOnDoesSoAtTheEnd) {
  const Execution cut_off = traced({event(a, EventKind::lock), event(a, EventKind::switched, 1)});
  const std::vector<Step> steps{step(a, StepKind::preempted, 0), step(a, StepKind::inside, 0)};
  EXPECT_THAT(moments_of(steps, cut_off), ElementsAre(Moment{3, 0}, Moment{4, 0}));
}

TEST(Moments, TheLastOperationIsTheOneThatBeginsLast) {
  const std::vector<Step> steps{step(a, StepKind::begin, 0), step(a, StepKind::preempted, 2),
                                step(b, StepKind::whole, 4), step(a, StepKind::end, 8)};
  EXPECT_EQ(last_operation(steps, story()), 3u);
  EXPECT_EQ(last_operation({}, story()), 1u);
}

}  // namespace
}  // namespace mapquake::reports
