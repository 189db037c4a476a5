// Budgets end to end: what operations use is counted right, exceeding a budget fails, shrinks and repeats exactly.
#include "harness/history/budget.hpp"
#include "harness/case/execution_words.hpp"
#include "harness/shrink/shrink.hpp"
#include "tests/support/executors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing_support::bundled_plugin;
using testing_support::executor_for;
using testing_support::map_named;
using testing_support::test_plugin;

class Figures : public testing::Test {
 protected:
  Execution execute(std::vector<std::vector<Operation>> threads, std::vector<Choice> choices = {}) {
    Program program;
    program.threads = std::move(threads);
    return executor_->execute({program, std::move(choices)}, false);
  }
  Usage used(const Execution& execution, std::size_t call = 0) const { return execution.history.calls.at(call).usage; }

  std::unique_ptr<Executor> executor_ = executor_for(map_named(test_plugin("frugal_map"), "frugal_map"));
};

TEST_F(Figures, AllocationsAndWhatStays) {
  const Execution execution = execute({{{OpKind::insert, 1, 11}}});
  ASSERT_EQ(execution.violation.outcome, Outcome::clean) << why_of(execution);
  EXPECT_EQ(used(execution).allocations, 2u);
  EXPECT_EQ(used(execution).allocated_bytes, 64u);
  // The adapter itself, its two blocks of 1 KiB, and the entry.
  const Execution empty = execute({{{OpKind::contains, 1}}});
  EXPECT_GE(empty.history.live_bytes, 2048u);
  EXPECT_EQ(execution.history.live_bytes, empty.history.live_bytes + 40);
}

TEST_F(Figures, NothingIsUsedByAnOperationThatDoesNothing) {
  const Usage usage = used(execute({{{OpKind::contains, 1}}}));
  EXPECT_EQ(usage.allocations, 0u);
  EXPECT_EQ(usage.copied_bytes, 0u);
  EXPECT_EQ(usage.lock_steps, 0u);
  EXPECT_EQ(usage.waits, 0u);
}

TEST_F(Figures, CopiesOfBlocks) {
  EXPECT_EQ(used(execute({{{OpKind::erase, 1}}})).copied_bytes, 1024u);
}

TEST_F(Figures, CopiesByCallsOfMemcpyAndMemmove) {
  EXPECT_EQ(used(execute({{{OpKind::clear}}})).copied_bytes, 724u);
}

TEST_F(Figures, ACopyThatBecomesACallCountsOnce) {
  EXPECT_EQ(used(execute({{{OpKind::assign, 1, 1}}})).copied_bytes, 65'536u);
}

TEST(FiguresOfBlobs, CopiesWordByWordCount) {
  const auto executor = executor_for(map_named(bundled_plugin("large_value_map"), "large_value_map_inline"));
  Program program;
  program.prefill = {{1, 10}};
  program.threads = {{{OpKind::find, 1}, {OpKind::contains, 1}}};
  const Execution execution = executor->execute({program, {}}, false);
  ASSERT_GE(execution.history.calls.size(), 3u);
  EXPECT_GE(execution.history.calls[1].usage.copied_bytes, 1024u);
  EXPECT_EQ(execution.history.calls[2].usage.copied_bytes, 0u);
}

TEST_F(Figures, StepsUnderALockAreSomeOfTheSteps) {
  const Usage usage = used(execute({{{OpKind::insert, 1, 11}}}));
  EXPECT_GT(usage.lock_steps, 0u);
  EXPECT_LT(usage.lock_steps, usage.steps);
  EXPECT_EQ(usage.waits, 0u);
}

TEST_F(Figures, SleepingTakesVirtualTime) {
  const Usage usage = used(execute({{{OpKind::find, 1}}}));
  EXPECT_GE(usage.latency_ns, 1'000'000u);
  EXPECT_LT(usage.latency_ns, 1'100'000u);
}

TEST_F(Figures, AnInjectedDelayIsNotChargedToItsThreadButToWhoWaitsForIt) {
  // A is delayed for 2^29 ns at each of its events in turn, until the delay falls into its critical section.
  bool waited = false;
  for (std::uint32_t event = 1; event < 60 && !waited; ++event) {
    const Execution execution =
        execute({{{OpKind::insert, 1, 11}}, {{OpKind::insert, 1, 21}}}, {{1, 0, event, ChoiceKind::delay, 29}});
    ASSERT_EQ(execution.violation.outcome, Outcome::clean) << why_of(execution);
    EXPECT_LT(used(execution, 0).latency_ns, 1'000'000u);
    waited = used(execution, 1).waits > 0;
    EXPECT_EQ(used(execution, 1).latency_ns > (std::uint64_t{1} << 28), waited);
  }
  EXPECT_TRUE(waited);
}

TEST_F(Figures, AnInjectedPauseIsChargedToNobody) {
  const Execution execution = execute({{{OpKind::insert, 1, 11}}, {{OpKind::insert, 1, 21}}},
                                      {{1, 0, 3, ChoiceKind::pause, 30}, {2, 0, 2, ChoiceKind::pause, 30}});
  EXPECT_EQ(execution.faults, 2u);
  EXPECT_LT(used(execution, 0).latency_ns, 1'000'000u);
  EXPECT_LT(used(execution, 1).latency_ns, 1'000'000u);
}

ExploreResult explored(const MapInfo& map, std::vector<Budget> budgets, std::uint64_t executions = 3000) {
  ExploreRequest request = testing_support::exploring("mixed-operations", 3, executions);
  request.plan.budgets = std::span<const Budget>(budgets);
  ExploreProgress progress;
  return executor_for(map)->explore(request, progress);
}

TEST(BudgetCampaign, AnExceededBudgetIsShrunkAndRepeats) {
  const MapInfo map = map_named(bundled_plugin("rwlock_map"), "rwlock_map");
  const Budget no_waits = *parse_budget("find.waits=0");
  const ExploreResult found = explored(map, {no_waits});
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.execution.violation.outcome, Outcome::budget_exceeded);
  EXPECT_EQ(found.execution.violation.label, "find.max_waits");
  const auto executor = executor_for(map);
  const ShrinkResult shrunk = shrink(*executor, found.failing, Outcome::budget_exceeded, "find.max_waits", {});
  // A writer that is preempted with the lock held, and a reader that waits for it.
  EXPECT_EQ(shrunk.best.program.threads.size(), 2u);
  EXPECT_EQ(shrunk.best.program.operation_count(), 2u);
  EXPECT_EQ(shrunk.execution.preemptions, 1u);
  EXPECT_EQ(shrunk.best.program.budgets, (std::vector<Budget>{no_waits}));
  executor->fresh_process();
  const Execution again = executor->execute(shrunk.best, false);
  EXPECT_EQ(again.trace_hash, shrunk.execution.trace_hash);
  EXPECT_THAT(why_of(again), HasSubstr("waited 1 time for other threads; the budget find.max_waits allows 0."));
}

TEST(BudgetCampaign, AMapWithinItsBudgetsIsClean) {
  const MapInfo map = map_named(bundled_plugin("rwlock_map"), "rwlock_map");
  const ExploreResult result = explored(map, {*parse_budget("find.allocations=0"), *parse_budget("steps=100000")});
  EXPECT_FALSE(result.found) << why_of(result.execution);
}

TEST(BudgetCampaign, ClaimsAreHeldTo) {
  const ExploreResult honest = explored(map_named(test_plugin("frugal_map"), "honest_map"), {});
  EXPECT_FALSE(honest.found) << why_of(honest.execution);
  const ExploreResult boastful = explored(map_named(test_plugin("frugal_map"), "boastful_map"), {});
  ASSERT_TRUE(boastful.found);
  EXPECT_EQ(boastful.execution.violation.label, "insert.max_allocations");
}

}  // namespace
}  // namespace mapquake
