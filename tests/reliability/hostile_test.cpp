// Every map of tests/plugins/hostile_*.cpp, one by one: the outcome is the one it declares, it repeats, and the worker
// that went through it is as good as new.
#include "harness/campaign/report.hpp"
#include "harness/case/execution_words.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace mapquake {
namespace {

using testing_support::executor_for;
using testing_support::maps_of;
using testing_support::test_plugin;

// Long enough for a page fault on each page that one execution may have.
constexpr Limits impatient{.hang_cpu_ms = 400};

ExploreRequest two_threads(std::uint64_t executions) {
  ExploreRequest request = testing_support::exploring("mixed-operations", 11, executions);
  request.plan.scenario.threads = 2;
  request.plan.steps_max = 200'000;
  return request;
}

/// Nothing hostile happens in it: hostile maps misbehave in insert() alone.
Case harmless() {
  Case one;
  one.program.threads = {{{OpKind::find, 1, 0}}, {{OpKind::find, 2, 0}}};
  return one;
}

void expect_the_same(const Execution& a, const Execution& b) {
  EXPECT_EQ(name_of(a.violation.outcome), name_of(b.violation.outcome));
  EXPECT_EQ(a.violation.label, b.violation.label);
  EXPECT_EQ(a.trace_hash, b.trace_hash);
}

void expect_its_outcome(const MapInfo& map) {
  SCOPED_TRACE(map.name);
  const auto executor = executor_for(map, impatient);
  const Execution untouched = executor->execute(harmless(), false);
  EXPECT_EQ(untouched.violation.outcome, Outcome::clean);

  ExploreProgress progress;
  const ExploreResult explored = executor->explore(two_threads(100), progress);
  expect_the_same(untouched, executor->execute(harmless(), false));
  if (map.expected_outcomes.empty()) {
    EXPECT_FALSE(explored.found) << why_of(explored.execution);
    EXPECT_EQ(explored.executions, 100u);
    EXPECT_EQ(explored.unknown, 0u);
    return;
  }
  ASSERT_TRUE(explored.found);
  EXPECT_TRUE(is_expected(map, explored.execution.violation.outcome))
      << name_of(explored.execution.violation.outcome) << ": " << why_of(explored.execution);
  EXPECT_FALSE(why_of(explored.execution).empty());

  expect_the_same(explored.execution, executor->execute(explored.failing, false));
  executor->fresh_process();
  expect_the_same(explored.execution, executor->execute(explored.failing, false));
  expect_the_same(untouched, executor->execute(harmless(), false));
}

class Hostile : public testing::TestWithParam<const char*> {};

TEST_P(Hostile, EndsAsDeclaredRepeatsAndLeavesNothingBehind) {
  const auto maps = maps_of(test_plugin(GetParam()));
  ASSERT_GE(maps.size(), 5u);
  for (const MapInfo& map : maps) expect_its_outcome(map);
}

INSTANTIATE_TEST_SUITE_P(Maps, Hostile,
                         testing::Values("hostile_ends", "hostile_waits", "hostile_memory", "hostile_process"),
                         [](const auto& which) { return std::string(which.param); });

}  // namespace
}  // namespace mapquake
