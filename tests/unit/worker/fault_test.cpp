// Faults end to end: every seeded defect that needs one is found and shrunk to its minimum, its twin stays clean under
// all of them, a sweep goes through every allocation, and faults repeat exactly.
#include "harness/campaign/finding.hpp"
#include "harness/campaign/report.hpp"
#include "harness/case/execution_words.hpp"
#include "harness/case/fault_names.hpp"
#include "harness/shrink/shrink.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace mapquake {
namespace {

using testing_support::bundled_plugin;
using testing_support::executor_for;
using testing_support::map_named;
using testing_support::twin;

ExploreRequest with_all_faults(const char* scenario, std::uint64_t executions) {
  ExploreRequest request = testing_support::exploring(scenario, 5, executions);
  request.plan.fault_mask = fault::all_faults();
  request.plan.faults_max = 4;
  return request;
}

class FaultDefect : public testing::TestWithParam<const char*> {};

TEST_P(FaultDefect, IsFoundAndShrunkToItsMinimum) {
  const MapInfo map = twin("buggy_", GetParam());
  const auto executor = executor_for(map);
  ExploreProgress progress;
  const ExploreResult explored = executor->explore(with_all_faults("mixed-operations", 200'000), progress);
  ASSERT_TRUE(explored.found);
  const Violation& found = explored.execution.violation;
  EXPECT_TRUE(is_expected(map, found.outcome)) << name_of(found.outcome) << ": " << why_of(explored.execution);

  ShrinkOptions options;
  options.seconds_max = 30;
  const ShrinkResult shrunk =
      shrink(*executor, explored.failing, found.outcome, label_to_keep(found.outcome, found.label), options);
  executor->fresh_process();
  const Execution minimal = executor->execute(shrunk.best, false);
  EXPECT_TRUE(is_expected(map, minimal.violation.outcome)) << name_of(minimal.violation.outcome);
  EXPECT_EQ(shrunk.best.program.threads.size(), map.expected.threads);
  EXPECT_EQ(shrunk.best.program.operation_count(), map.expected.operations)
      << name_of(minimal.violation.outcome) << ": " << why_of(minimal);
  // Some have two minima, depending on the kind of fault that was found; the one with more preemptions is stated.
  EXPECT_LE(minimal.preemptions, map.expected.preemptions);
  EXPECT_EQ(minimal.faults, map.expected.faults);
  const Execution again = executor->execute(shrunk.best, true);
  EXPECT_EQ(again.trace_hash, minimal.trace_hash);
}

TEST_P(FaultDefect, TheTwinStaysClean) {
  const MapInfo map = twin("fixed_", GetParam());
  const auto executor = executor_for(map);
  for (const char* scenario : {"mixed-operations", "rehash-pressure", "single-thread", "allocation-sweep"}) {
    ExploreProgress progress;
    const ExploreResult explored = executor->explore(with_all_faults(scenario, 5'000), progress);
    EXPECT_FALSE(explored.found) << scenario << ": " << name_of(explored.execution.violation.outcome) << ": "
                                 << explored.execution.violation.label << ": " << why_of(explored.execution);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeded, FaultDefect,
                         testing::Values("declared_failure", "erased_before_allocation", "half_moved_table",
                                         "handed_over_lock", "late_start", "leaked_node", "lock_kept_on_throw",
                                         "same_address", "short_lease", "short_stamp", "size_counted_early",
                                         "stalled_writer", "throwing_callback", "timed_flush", "timeout_keeps_lock",
                                         "weak_exchange_once"),
                         [](const auto& info) { return std::string(info.param); });

ExploreResult explored_under(const char* map_name, const char* plugin, std::uint32_t mask, std::uint64_t executions,
                             const std::function<void(ExploreRequest&)>& change = {}) {
  ExploreRequest request = with_all_faults("mixed-operations", executions);
  request.plan.fault_mask = mask;
  if (change) change(request);
  ExploreProgress progress;
  return executor_for(map_named(bundled_plugin(plugin), map_name))->explore(request, progress);
}

TEST(Faults, EachKindOfTimeFaultFindsTheLateMerge) {
  for (const ChoiceKind kind : {ChoiceKind::delay, ChoiceKind::pause, ChoiceKind::clock_jump}) {
    const auto found = explored_under("buggy_timed_flush", "timed_flush", fault_bit(kind), 100'000);
    EXPECT_TRUE(found.found) << static_cast<unsigned>(kind);
  }
  EXPECT_FALSE(explored_under("buggy_timed_flush", "timed_flush", 0, 5'000).found);
}

/// Delays of 2^take ns at the `event`-th event of A's `op`-th operation.
Execution with_a_delay(const char* map, OpIndex op, std::uint32_t event, std::uint32_t take) {
  const auto executor = executor_for(map_named(bundled_plugin("late_start"), map));
  Case input;
  input.program.threads = {{{OpKind::insert, 1, 10}, {OpKind::insert, 2, 20}}};
  input.choices = {{.thread = 1, .op = op, .event = event, .kind = ChoiceKind::delay, .take = take}};
  return executor->execute(input, false);
}

TEST(Faults, AThreadThatStartsLate) {
  constexpr std::uint32_t two_ms = 21, half_ms = 19;
  const Execution late = with_a_delay("buggy_late_start", 0, 1, two_ms);
  EXPECT_EQ(late.violation.outcome, Outcome::not_linearizable) << why_of(late);
  EXPECT_EQ(late.faults, 1u);
  EXPECT_EQ(with_a_delay("fixed_late_start", 0, 1, two_ms).violation.outcome, Outcome::clean);
  EXPECT_EQ(with_a_delay("buggy_late_start", 0, 1, half_ms).violation.outcome, Outcome::clean);
  const Execution later = with_a_delay("buggy_late_start", 1, 1, two_ms);
  EXPECT_EQ(later.violation.outcome, Outcome::clean) << why_of(later);
  EXPECT_EQ(later.faults, 1u);
}

TEST(Faults, OnlyTheDeclaredPointThatIsNamedFires) {
  const std::uint32_t declared = fault_bit(ChoiceKind::declared);
  const auto only = [](const char* name) {
    return [name](ExploreRequest& request) { request.plan.declared_only = std::string(name) + "\n"; };
  };
  EXPECT_TRUE(
      explored_under("buggy_declared_failure", "declared_failure", declared, 20'000, only("journal/write")).found);
  EXPECT_FALSE(
      explored_under("buggy_declared_failure", "declared_failure", declared, 5'000, only("journal/writ")).found);
}

TEST(Faults, AThreadThatEndsEarlyHoldsUpOnlyMapsThatBlock) {
  const std::uint32_t crash = fault_bit(ChoiceKind::crash);
  const auto for_good = [](ExploreRequest& request) { request.plan.threads_end = true; };
  const auto blocked = explored_under("buggy_stalled_writer", "stalled_writer", crash, 50'000, for_good);
  ASSERT_TRUE(blocked.found);
  EXPECT_EQ(blocked.execution.violation.outcome, Outcome::deadlock);
  const auto fine = explored_under("fixed_stalled_writer", "stalled_writer", crash, 20'000, for_good);
  EXPECT_FALSE(fine.found) << why_of(fine.execution);
}

TEST(Faults, SpinningForADelayedThreadIsNoLivelock) {
  ExploreRequest request = with_all_faults("mixed-operations", 5'000);
  request.plan.fault_mask = fault_bit(ChoiceKind::delay);
  ExploreProgress progress;
  const auto executor = executor_for(map_named(testing_support::test_plugin("spinning_map"), "spinning_map"));
  const ExploreResult result = executor->explore(request, progress);
  EXPECT_FALSE(result.found) << name_of(result.execution.violation.outcome) << ": " << why_of(result.execution);
  EXPECT_EQ(result.unknown, 0u);
}

TEST(Faults, SpikesLeaveARightMapAlone) {
  for (const char* scenario : {"mixed-operations", "iterate-while-writing", "rehash-pressure", "single-thread"}) {
    const auto result = explored_under("rwlock_map", "rwlock_map", 0, 3'000, [&](ExploreRequest& request) {
      request.scenario = scenario;
      request.plan.scenario.spike = true;
    });
    EXPECT_FALSE(result.found) << scenario << ": " << why_of(result.execution);
  }
}

TEST(Faults, ASweepCountsEveryAllocationOnceAndPersistent) {
  const auto executor = executor_for(map_named(bundled_plugin("rwlock_map"), "rwlock_map"));
  ExploreProgress progress;
  ExploreRequest request = with_all_faults("allocation-sweep", 2'000);
  request.plan.fault_mask = 0;
  const ExploreResult swept = executor->explore(request, progress);
  EXPECT_FALSE(swept.found) << why_of(swept.execution);
  EXPECT_GT(swept.sweep_points, 50u);
  EXPECT_GT(swept.executions, swept.sweep_points);
}

TEST(Faults, DeclaredPointsAreDiscoveredByName) {
  const auto executor = executor_for(map_named(bundled_plugin("declared_failure"), "fixed_declared_failure"));
  ExploreProgress progress;
  ExploreRequest request = with_all_faults("single-thread", 50);
  request.plan.fault_mask = 0;
  EXPECT_EQ(executor->explore(request, progress).declared_points, "journal/write\n");
}

TEST(Faults, MemoryPressureFailsAllocationsAndRepeats) {
  const MapInfo map = map_named(bundled_plugin("size_counted_early"), "buggy_size_counted_early");
  const auto executor = executor_for(map);
  ExploreProgress progress;
  ExploreRequest request = with_all_faults("single-thread", 5'000);
  request.plan.fault_mask = fault_bit(ChoiceKind::alloc_fail);
  request.plan.faults_max = 0;
  request.plan.pressure_bytes = 300;
  const ExploreResult explored = executor->explore(request, progress);
  ASSERT_TRUE(explored.found);
  executor->fresh_process();
  EXPECT_EQ(executor->execute(explored.failing, false).violation.label, explored.execution.violation.label);
}

/// The first failure that is no leak. Without its exception the program is clean: what is erased is not there yet then,
/// and here main erases it at the end.
ExploreResult erased_before_it_is_inserted(const char* map) {
  const auto executor = executor_for(map_named(testing_support::test_plugin("throw_probe"), map));
  ExploreRequest request = testing_support::exploring("single-thread", 1, 2'000);
  request.plan.fault_mask = exception_kinds;
  request.program.emplace();
  request.program->prefill = {{1, 1}};
  request.program->threads = {{{OpKind::erase, 2, 0}, {OpKind::insert, 2, 12}}};
  ExploreProgress progress;
  ExploreResult result = executor->explore(request, progress);
  while (result.found && result.execution.violation.outcome == Outcome::leak) {
    request.known.push_back(result.fingerprint);
    result = executor->explore(request, progress);
  }
  return result;
}

TEST(Blame, IsNotTheExceptionsWhereTheCallMadeLaterIsEnough) {
  const ExploreResult found = erased_before_it_is_inserted("erases_more");
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.execution.violation.outcome, Outcome::not_linearizable) << why_of(found.execution);
  const auto executor = executor_for(map_named(testing_support::test_plugin("throw_probe"), "erases_more"));
  const ShrinkResult shrunk = shrink(*executor, found.failing, Outcome::not_linearizable, "", {});
  EXPECT_EQ(shrunk.execution.violation.outcome, Outcome::not_linearizable);
  EXPECT_EQ(shrunk.execution.faults, 0u);
}

class Blamed : public testing::TestWithParam<const char*> {};

TEST_P(Blamed, AreTheExceptionsWhereTheCallDidHarm) {
  const ExploreResult found = erased_before_it_is_inserted(GetParam());
  ASSERT_TRUE(found.found);
  const Violation& seen = found.execution.violation;
  EXPECT_EQ(seen.outcome, Outcome::exception_guarantee_broken) << why_of(found.execution);
  const auto executor = executor_for(map_named(testing_support::test_plugin("throw_probe"), GetParam()));
  const ShrinkResult shrunk = shrink(*executor, found.failing, seen.outcome, seen.label, {});
  EXPECT_EQ(shrunk.execution.violation.outcome, Outcome::exception_guarantee_broken);
}

INSTANTIATE_TEST_SUITE_P(Maps, Blamed, testing::Values("erases_more_after_a_throw", "erases_more_and_leaks"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace mapquake
