// Defects that only what is asked for here finds, or tells rightly; and their right twins, which are clean.
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
  EXPECT_FALSE(clean.found) << clean.execution.violation.why;
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
  ASSERT_EQ(execution.violation.outcome, Outcome::data_race) << execution.violation.why;
  EXPECT_THAT(execution.violation.why, HasSubstr("Only A holds a lock."));
  EXPECT_THAT(execution.violation.why, Not(HasSubstr("only shared")));
  const auto symbolizer = std::make_shared<Symbolizer>(map);
  const SiteFunction site = [symbolizer](std::uint64_t pc) -> const Site& { return symbolizer->site(pc); };
  std::string told;
  for (const reports::Step& step : reports::steps_of(execution, site)) told += step.text + "\n";
  EXPECT_THAT(told, HasSubstr("times out"));
  EXPECT_EQ(impatient(unseen("impatient_waits")).violation.outcome, Outcome::clean);
}

}  // namespace
}  // namespace mapquake
