#include "harness/strategy/bounded.hpp"

#include "harness/strategy/random_walk.hpp"
#include "harness/strategy/replay.hpp"
#include "tests/unit/strategy/toy_program.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace mapquake {
namespace {

using toy::run;
using toy::ToyProgram;
using Order = std::vector<ThreadId>;

/// All interleavings, each with the fewest switches away from a thread that has events left.
void enumerate(std::vector<unsigned> left, Order& order, unsigned preemptions, std::map<Order, unsigned>& all) {
  bool any = false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] == 0) continue;
    any = true;
    const bool preempts = !order.empty() && order.back() != i + 1 && left[order.back() - 1u] > 0;
    --left[i];
    order.push_back(static_cast<ThreadId>(i + 1));
    enumerate(left, order, preemptions + (preempts ? 1 : 0), all);
    order.pop_back();
    ++left[i];
  }
  if (!any) all.emplace(order, preemptions);
}

RC_GTEST_PROP(BoundedProperty, RunsExactlyTheSchedulesWithinTheBound, ()) {
  const ToyProgram program{.events = *rc::gen::container<std::vector<unsigned>>(*rc::gen::inRange<std::size_t>(1, 4),
                                                                                rc::gen::inRange(1u, 4u))};
  const unsigned depth = *rc::gen::inRange(0u, 4u);
  std::map<Order, unsigned> expected;
  Order order;
  enumerate(program.events, order, 0, expected);
  std::erase_if(expected, [&](const auto& item) { return item.second > depth; });

  BoundedSearch search(depth);
  std::map<Order, unsigned> seen;
  unsigned before = 0;
  while (search.next()) {
    const auto result = run(search, 0, program);
    RC_ASSERT(result.preemptions == search.preemptions());
    RC_ASSERT(result.preemptions >= before);
    before = result.preemptions;
    seen.emplace(result.order, result.preemptions);
  }
  RC_ASSERT(search.exhausted());
  RC_ASSERT(seen == expected);  // the first run of each order has the fewest preemptions
}

RC_GTEST_PROP(BoundedProperty, ItsSchedulesReplay, ()) {
  const ToyProgram program{{3, 2, 2}};
  BoundedSearch search(2);
  for (unsigned i = 0; search.next() && i < 200; ++i) {
    const auto result = run(search, 0, program);
    Replay replay(result.choices);
    RC_ASSERT(run(replay, 0, program).order == result.order);
  }
}

TEST(BoundedTest, OneThreadHasOneSchedule) {
  BoundedSearch search(3);
  ASSERT_TRUE(search.next());
  run(search, 0, {{5}});
  EXPECT_FALSE(search.exhausted());
  EXPECT_FALSE(search.next());
  EXPECT_TRUE(search.exhausted());
  EXPECT_FALSE(search.next());
}

TEST(BoundedTest, TheLimitOnScheduleIsKeptAndTold) {
  BoundedSearch search(2, 10);
  unsigned runs = 0;
  while (search.next()) {
    run(search, 0, {{5, 5}});
    ++runs;
    EXPECT_LE(search.queued(), 10u);
  }
  EXPECT_EQ(runs, 10u);
  EXPECT_FALSE(search.exhausted());
}

TEST(BoundedTest, SpinLoopsHaveFinitelyManyFreeSchedules) {
  const ToyProgram two_wait{.events = {2, 2, 2}, .spinner = 1, .spin_event = 1, .spins_for = 3};
  BoundedSearch search(1);
  unsigned runs = 0;
  while (search.next() && runs < 100'000) {
    EXPECT_EQ(run(search, 0, two_wait).order.size(), 6u);
    ++runs;
  }
  EXPECT_TRUE(search.exhausted());
  EXPECT_LT(runs, 1000u);
}

TEST(BoundedTest, TheMainThreadIsNoAlternative) {
  BoundedSearch search(2);
  ASSERT_TRUE(search.next());
  search.begin(0, 2);
  const Point ended{.thread = 1, .event = 4, .can_continue = false};
  EXPECT_EQ(search.next_thread(ended, std::vector<ThreadId>{0, 2, 3}), main_thread);
  EXPECT_EQ(search.queued(), 0u);  // main asks again, among 2 and 3
  const Point going_on{.thread = 2, .event = 4};
  EXPECT_EQ(search.next_thread(going_on, std::vector<ThreadId>{0, 2, 3}), 2);
  EXPECT_EQ(search.queued(), 1u);  // 3, but not main
}

TEST(BoundedTest, DeviationsOfAThreadAreForcedInTurn) {
  BoundedSearch search(2);
  const std::vector<ThreadId> ready{1, 2};
  ASSERT_TRUE(search.next());
  search.begin(0, 2);
  search.next_thread({.thread = 1, .op = 1, .event = 4}, ready);
  ASSERT_TRUE(search.next());  // the preemption there
  search.begin(0, 2);
  EXPECT_EQ(search.next_forced_event(1, 1), 4u);
  EXPECT_EQ(search.next_forced_event(1, 0), UINT32_MAX);
  EXPECT_EQ(search.next_forced_event(2, 1), UINT32_MAX);
  EXPECT_EQ(search.next_thread({.thread = 1, .op = 1, .event = 4}, ready), 2);
  EXPECT_EQ(search.next_forced_event(1, 1), UINT32_MAX);
}

TEST(BoundedTest, AProgramThatChangesUnderneathIsNotCalledExhausted) {
  BoundedSearch search(1);
  for (unsigned events = 6; search.next(); events = 1) run(search, 0, {{events, events}});
  EXPECT_FALSE(search.exhausted());
}

}  // namespace
}  // namespace mapquake
