#include "harness/shrink/timeline.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

constexpr auto schedule = ChoiceKind::schedule;
using Choices = std::vector<Choice>;
using Order = std::vector<std::size_t>;

/// B starts, is left at B.0.3 for A, which is left at A.0.2 for B, which is left at B.0.7 for C, left for A, left for
/// C.
Case woven() {
  Case input;
  input.program.threads.assign(3, {{OpKind::insert, 1, 1}});
  input.choices = {{0, 0, 1, schedule, 2},  // 0: first
                   {1, 0, 2, schedule, 2},  // 1: third
                   {1, 0, 9, schedule, 3},  // 2: sixth
                   {2, 0, 3, schedule, 1},  // 3: second
                   {2, 0, 7, schedule, 3},  // 4: fourth
                   {3, 0, 1, ChoiceKind::alloc_fail, 1},
                   {3, 0, 5, schedule, 1}};  // 6: fifth
  return input;
}

TEST(TimelineTest, OrdersSwitchesByFollowingThem) {
  EXPECT_EQ(in_time_order(woven()), (Order{0, 3, 1, 4, 6, 2}));
}

TEST(TimelineTest, AThreadWithoutSwitchesLeftRunsToItsEndAndTheLowestFollows) {
  Case input = woven();
  input.choices = {{2, 0, 3, schedule, 3}};  // A runs first, then B up to its switch
  EXPECT_EQ(in_time_order(input), (Order{0}));
  input.choices = {{1, 0, 3, schedule, 3}, {2, 0, 3, schedule, 1}};  // A, then all of C, then the rest of A, then B
  EXPECT_EQ(in_time_order(input), (Order{0, 1}));
}

TEST(TimelineTest, SwitchesThatAreNeverReachedComeLast) {
  Case input = woven();
  input.choices.push_back({7, 5, 1, schedule, 1});  // a thread that nobody switches to
  input.choices[0].take = 40;                       // and one that is not there
  EXPECT_EQ(in_time_order(input).size(), 7u);
  EXPECT_EQ(in_time_order(input).front(), 0u);
}

TEST(TimelineTest, MainIsAskedAgainWhenAThreadHasEnded) {
  Case input = woven();
  input.choices = {{0, 0, 1, schedule, 2}, {0, 0, 2, schedule, 3}, {3, 0, 4, schedule, 1}};  // B, then C, then A
  EXPECT_EQ(in_time_order(input), (Order{0, 1, 2}));
}

TEST(TimelineTest, ATraceTellsTheOrderInWhichSwitchesWereMade) {
  Trace trace;
  const auto switched = [&](ThreadId thread, std::uint32_t event) {
    TraceEvent made;
    made.thread = thread, made.event = event, made.kind = EventKind::switched;
    trace.events.push_back(made);
  };
  switched(3, 5), switched(2, 7), switched(0, 1), switched(1, 9), switched(2, 3);
  EXPECT_EQ(in_time_order(woven(), trace), (Order{6, 4, 0, 2, 3, 1}));  // 1 is not in it
}

TEST(TimelineTest, RunningOnTakesTheNextSwitchsPlace) {
  // Without "A.0.2 to B", A goes on to A.0.9, where B follows; and C, which gave way to A, gives way to C: not at all.
  const auto output = without_switch(woven(), in_time_order(woven()), 2, Merge::run_on);
  ASSERT_TRUE(output);
  EXPECT_EQ(output->choices, (Choices{{0, 0, 1, schedule, 2},
                                      {1, 0, 9, schedule, 2},
                                      {2, 0, 3, schedule, 1},
                                      {2, 0, 7, schedule, 3},
                                      {3, 0, 1, ChoiceKind::alloc_fail, 1}}));
}

TEST(TimelineTest, RunningOnToTheEndDropsTheReturn) {
  Case input = woven();
  input.choices = {{1, 0, 2, schedule, 2}, {2, 0, 3, schedule, 1}};  // A, B, A, B
  const auto output = without_switch(input, in_time_order(input), 0, Merge::run_on);
  ASSERT_TRUE(output);
  EXPECT_TRUE(output->choices.empty());
}

TEST(TimelineTest, StartingLaterPassesTheTurnOn) {
  // Without its first stretch, A's turn after "B.0.3" goes to B, which is no switch then.
  const auto output = without_switch(woven(), in_time_order(woven()), 2, Merge::start_later);
  ASSERT_TRUE(output);
  EXPECT_EQ(output->choices, (Choices{{0, 0, 1, schedule, 2},
                                      {1, 0, 9, schedule, 3},
                                      {2, 0, 7, schedule, 3},
                                      {3, 0, 1, ChoiceKind::alloc_fail, 1},
                                      {3, 0, 5, schedule, 1}}));
}

TEST(TimelineTest, WhereNobodyHandedOverNobodyCanHandOverToAnother) {
  Case input = woven();
  input.choices = {{1, 0, 2, schedule, 2}};
  EXPECT_FALSE(without_switch(input, in_time_order(input), 0, Merge::start_later));
}

}  // namespace
}  // namespace mapquake
