// Defects that only what is asked for here finds, or tells rightly; and their right twins, which are clean.
#include "harness/case/execution_words.hpp"
#include "harness/parent/symbolizer.hpp"
#include "harness/shrink/shrink.hpp"
#include "reports/steps.hpp"
#include "tests/support/executors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_support::executor_for;
using testing_support::map_named;

MapInfo unseen(const std::string& name) {
  return map_named(testing_support::test_plugin("unseen_maps"), name);
}

ExploreResult explored(const MapInfo& map, const char* scenario, std::uint64_t executions) {
  ExploreProgress progress;
  return executor_for(map)->explore(testing_support::exploring(scenario, 1, executions), progress);
}

/// `broken` shows this under the scenario, and its twin shows nothing.
void expect_twins(const char* broken, const char* right, const char* scenario, Outcome outcome, const char* label) {
  const ExploreResult found = explored(unseen(broken), scenario, 200'000);
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.execution.violation.outcome, outcome);
  EXPECT_EQ(found.execution.violation.label, label);
  const ExploreResult clean = explored(unseen(right), scenario, 20'000);
  EXPECT_FALSE(clean.found) << why_of(clean.execution);
}

TEST(UnseenMaps, ABoundOverShardsInTurnIsNotAtomic) {
  expect_twins("ordered_shards_in_turn", "ordered_shards_together", "mixed-operations", Outcome::not_linearizable,
               "wrong neighbour");
}

TEST(UnseenMaps, ACopyWithAnotherCountIsBroken) {
  expect_twins("counted_copy_before", "counted_copy_under", "iterate-while-writing", Outcome::invariant_broken,
               "size of the copy disagrees with its entries");
}

/// A is stopped with the lock held for longer than B waits for it.
Execution impatient(const MapInfo& map) {
  const auto executor = executor_for(map);
  Case input;
  input.program.threads = {{{OpKind::insert, 1, 10}}, {{OpKind::erase, 1}}};
  Execution last;
  for (std::uint32_t event = 1; event <= 30; ++event) {
    input.choices = {{1, 0, event, ChoiceKind::delay, 27}};
    last = executor->execute(input, true);
    if (last.violation.outcome == Outcome::data_race) break;
  }
  return last;
}

TEST(UnseenMaps, ALockThatWasNotGotInTimeIsNotHeld) {
  const MapInfo map = unseen("impatient_goes_on");
  const Execution execution = impatient(map);
  ASSERT_EQ(execution.violation.outcome, Outcome::data_race) << why_of(execution);
  EXPECT_THAT(why_of(execution), HasSubstr("Only A holds a lock."));
  EXPECT_THAT(why_of(execution), Not(HasSubstr("only shared")));
  const auto symbolizer = std::make_shared<Symbolizer>(map);
  const SiteFunction site = [symbolizer](std::uint64_t pc) -> const Site& { return symbolizer->site(pc); };
  std::string told;
  for (const reports::Step& step : reports::steps_of(execution, site)) told += step.text + "\n";
  EXPECT_THAT(told, HasSubstr("times out"));
  EXPECT_EQ(impatient(unseen("impatient_waits")).violation.outcome, Outcome::clean);
}

/// What a campaign asks for: all failures of `map`, one after the other, until there are no new ones.
std::vector<ExploreResult> all_of(const MapInfo& map, std::uint32_t fault_mask) {
  const auto executor = executor_for(map);
  ExploreRequest request = testing_support::exploring("mixed-operations", 1, 100'000);
  request.plan.fault_mask = fault_mask;
  std::vector<ExploreResult> all;
  while (all.size() < 20) {
    ExploreProgress progress;
    all.push_back(executor->explore(request, progress));
    if (!all.back().found) break;
    request.known.push_back(all.back().fingerprint);
  }
  return all;
}

TEST(UnseenMaps, WhatAWeakExecutionShowsItsCaseShows) {
  const MapInfo map = unseen("byte_lock_relaxed");
  const auto executor = executor_for(map);
  const auto all = all_of(map, fault_bit(ChoiceKind::stale_read));
  ASSERT_GE(all.size(), 3u);
  for (const ExploreResult& result : all) {
    if (!result.found) continue;
    const Execution again = executor->execute(result.failing, false);
    EXPECT_NE(again.violation.outcome, Outcome::nondeterministic);
    EXPECT_EQ(again.violation.outcome, result.execution.violation.outcome) << why_of(result.execution);
    EXPECT_EQ(again.trace_hash, result.execution.trace_hash);
  }
  const auto of_twin = all_of(unseen("byte_lock_releases"), fault_bit(ChoiceKind::stale_read));
  EXPECT_FALSE(of_twin.front().found) << why_of(of_twin.front().execution);
}

TEST(UnseenMaps, WhatWasMovedFromIsNoEntryAnyMore) {
  ExploreRequest request = testing_support::exploring("mixed-operations", 1, 50'000);
  request.plan.fault_mask = exception_kinds;
  ExploreProgress progress;
  const ExploreResult found = executor_for(unseen("grows_by_move"))->explore(request, progress);
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.execution.violation.outcome, Outcome::exception_guarantee_broken);
  request.executions_max = 20'000;
  const ExploreResult clean = executor_for(unseen("grows_by_copy"))->explore(request, progress);
  EXPECT_FALSE(clean.found) << why_of(clean.execution);
}

}  // namespace
}  // namespace mapquake
