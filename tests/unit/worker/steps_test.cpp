// How long an execution may be. The limit is part of the case, so a failure repeats wherever it is replayed.
#include "harness/case/execution_words.hpp"
#include "tests/support/executors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing_support::executor_for;
using testing_support::map_named;
using testing_support::test_plugin;

std::unique_ptr<Executor> running(const char* map) {
  return executor_for(map_named(test_plugin("long_work"), map));
}

/// One thread that inserts once, so that the limit is that of the program and 20,000 steps more.
ExploreResult explored_within(Executor& executor, std::uint64_t steps_max) {
  ExploreRequest request = testing_support::exploring("mixed-operations", 1, 2);
  request.program.emplace();
  request.program->threads = {{{OpKind::insert, 1, 1}}};
  request.plan.steps_max = steps_max;
  ExploreProgress progress;
  return executor.explore(request, progress);
}

TEST(Steps, AreLimitedWhereSomebodyAsksForIt) {
  const auto executor = running("long_insert");
  const ExploreResult result = explored_within(*executor, 100'000);
  ASSERT_TRUE(result.found);
  EXPECT_EQ(result.execution.violation.outcome, Outcome::budget_exceeded);
  EXPECT_EQ(result.execution.violation.label, "steps");
  EXPECT_THAT(why_of(result.execution), HasSubstr("--steps"));
  EXPECT_FALSE(explored_within(*executor, 1'000'000).found);
}

TEST(Steps, WhatIsMerelyLongIsAllowedMoreByItself) {
  const auto executor = running("long_insert");
  const ExploreResult result = explored_within(*executor, 0);
  EXPECT_FALSE(result.found) << why_of(result.execution);
  EXPECT_EQ(result.executions, 2u);
}

TEST(Steps, AMapMayStateWhatItNeeds) {
  const auto executor = running("long_insert_that_says_so");
  EXPECT_FALSE(explored_within(*executor, 0).found);
  EXPECT_TRUE(explored_within(*executor, 100'000).found);
}

/// Before and after the threads: the constructor fills 2^19 cells.
constexpr std::uint64_t steps_of_main = std::uint64_t{1} << 20;

TEST(Steps, WhatNeverEndsExceedsAnyLimitAndRepeats) {
  const auto executor = running("endless_insert");
  for (const std::uint64_t steps : {std::uint64_t{0}, std::uint64_t{100'000}}) {
    const ExploreResult result = explored_within(*executor, steps);
    ASSERT_TRUE(result.found);
    EXPECT_EQ(result.execution.violation.outcome, Outcome::budget_exceeded);
    const std::uint64_t limit = steps == 0 ? steps_max_default : steps;
    EXPECT_EQ(result.failing.program.steps_max, limit);
    EXPECT_GE(result.execution.steps, limit);
    EXPECT_LE(result.execution.steps, limit + steps_of_main);
    executor->fresh_process();
    EXPECT_EQ(executor->execute(result.failing, false).trace_hash, result.execution.trace_hash);
  }
}

}  // namespace
}  // namespace mapquake
