// Faults end to end: every seeded defect that needs one is found and shrunk to its minimum, its twin stays clean under
// all of them, a sweep goes through every allocation, and faults repeat exactly.
#include "harness/fault/fault_names.hpp"
#include "harness/shrink/shrink.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing_support::bundled_plugin;
using testing_support::executor_for;
using testing_support::map_named;

constexpr Limits limits{.steps_max = 100'000};

ExploreRequest with_all_faults(const char* scenario, std::uint64_t executions) {
  ExploreRequest request;
  request.scenario = scenario;
  request.strategy = "mixed";
  request.seed = 5;
  request.executions_max = executions;
  request.seconds_max = 60;
  request.fault_mask = fault::all_faults();
  request.faults_max = 4;
  return request;
}

class FaultDefect : public testing::TestWithParam<const char*> {
 protected:
  MapInfo info(const char* prefix) const {
    return map_named(bundled_plugin(GetParam()), std::string(prefix) + GetParam());
  }
};

TEST_P(FaultDefect, IsFoundAndShrunkToItsMinimum) {
  const MapInfo map = info("buggy_");
  const auto executor = executor_for(map, limits);
  ExploreProgress progress;
  const ExploreResult explored = executor->explore(with_all_faults("mixed-operations", 200'000), progress);
  ASSERT_TRUE(explored.found);
  const Violation& found = explored.execution.violation;
  EXPECT_NE(("|" + map.expected_outcomes + "|").find("|" + std::string(name_of(found.outcome)) + "|"),
            std::string::npos)
      << name_of(found.outcome) << ": " << found.why;

  ShrinkOptions options;
  options.seconds_max = 30;
  const ShrinkResult shrunk = shrink(*executor, explored.failing, found.outcome, found.label, options);
  executor->fresh_process();
  const Execution minimal = executor->execute(shrunk.best, false);
  EXPECT_EQ(minimal.violation.outcome, found.outcome);
  EXPECT_EQ(shrunk.best.program.threads.size(), map.expected.threads);
  EXPECT_EQ(shrunk.best.program.operation_count(), map.expected.operations);
  EXPECT_EQ(minimal.preemptions, map.expected.preemptions);
  EXPECT_EQ(minimal.faults, map.expected.faults);
  const Execution again = executor->execute(shrunk.best, true);
  EXPECT_EQ(again.trace_hash, minimal.trace_hash);
}

TEST_P(FaultDefect, TheTwinStaysClean) {
  const MapInfo map = info("fixed_");
  const auto executor = executor_for(map, limits);
  for (const char* scenario : {"mixed-operations", "rehash-pressure", "single-thread", "allocation-sweep"}) {
    ExploreProgress progress;
    const ExploreResult explored = executor->explore(with_all_faults(scenario, 5'000), progress);
    EXPECT_FALSE(explored.found) << scenario << ": " << name_of(explored.execution.violation.outcome) << ": "
                                 << explored.execution.violation.label << ": " << explored.execution.violation.why;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeded, FaultDefect,
                         testing::Values("declared_failure", "erased_before_allocation", "half_moved_table",
                                         "leaked_node", "lock_kept_on_throw", "size_counted_early", "stalled_writer",
                                         "throwing_callback", "weak_exchange_once"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Faults, ASweepCountsEveryAllocationOnceAndPersistent) {
  const auto executor = executor_for(map_named(bundled_plugin("rwlock_map"), "rwlock_map"), limits);
  ExploreProgress progress;
  ExploreRequest request = with_all_faults("allocation-sweep", 2'000);
  request.fault_mask = 0;
  const ExploreResult swept = executor->explore(request, progress);
  EXPECT_FALSE(swept.found) << swept.execution.violation.why;
  EXPECT_GT(swept.sweep_points, 50u);
  EXPECT_GT(swept.executions, swept.sweep_points);
}

TEST(Faults, DeclaredPointsAreDiscoveredByName) {
  const auto executor = executor_for(map_named(bundled_plugin("declared_failure"), "fixed_declared_failure"), limits);
  ExploreProgress progress;
  ExploreRequest request = with_all_faults("single-thread", 50);
  request.fault_mask = 0;
  EXPECT_EQ(executor->explore(request, progress).declared_points, "journal/write\n");
}

TEST(Faults, MemoryPressureFailsAllocationsAndRepeats) {
  const MapInfo map = map_named(bundled_plugin("size_counted_early"), "buggy_size_counted_early");
  const auto executor = executor_for(map, limits);
  ExploreProgress progress;
  ExploreRequest request = with_all_faults("single-thread", 5'000);
  request.fault_mask = 1u << static_cast<unsigned>(ChoiceKind::alloc_fail);
  request.faults_max = 0;
  request.pressure_bytes = 300;
  const ExploreResult explored = executor->explore(request, progress);
  ASSERT_TRUE(explored.found);
  executor->fresh_process();
  EXPECT_EQ(executor->execute(explored.failing, false).violation.label, explored.execution.violation.label);
}

}  // namespace
}  // namespace mapquake
