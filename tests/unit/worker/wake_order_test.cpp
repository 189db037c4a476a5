// Which of several threads a notification wakes is open, and not the one that has waited longest by chance.
#include "harness/case/execution_words.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing_support::executor_for;
using testing_support::map_named;
using testing_support::test_plugin;

ExploreResult explored_wakes(Executor& executor, std::uint32_t fault_mask) {
  constexpr std::uint64_t executions = 3'000;
  ExploreRequest request = testing_support::exploring("mixed-operations", 1, executions);
  request.program.emplace();
  for (std::int64_t key = 1; key <= 3; ++key) request.program->threads.push_back({{OpKind::insert, key, key}});
  request.plan.fault_mask = fault_mask;
  request.plan.faults_max = 4;
  request.plan.schedules_max = static_cast<std::uint32_t>(executions);
  ExploreProgress progress;
  return executor.explore(request, progress);
}

TEST(WakeOrder, WhoReliesOnTheLongestWaitingOneLosesAWakeUp) {
  const auto executor = executor_for(map_named(test_plugin("wake_order"), "wakes_one_of_many"));
  const ExploreResult result = explored_wakes(*executor, fault_bit(ChoiceKind::wake_order));
  ASSERT_TRUE(result.found);
  EXPECT_EQ(result.execution.violation.outcome, Outcome::deadlock) << why_of(result.execution);
  executor->fresh_process();
  EXPECT_EQ(executor->execute(result.failing, false).trace_hash, result.execution.trace_hash);
  EXPECT_FALSE(explored_wakes(*executor, 0).found) << "the longest waiting one is woken where nobody chooses";
}

TEST(WakeOrder, WhoWakesAllDoesNotCare) {
  const auto executor = executor_for(map_named(test_plugin("wake_order"), "wakes_all"));
  EXPECT_FALSE(explored_wakes(*executor, fault_bit(ChoiceKind::wake_order)).found);
}

}  // namespace
}  // namespace mapquake
