// Weak memory end to end: every seeded defect that needs it is found, shrunk to its minimum and told; no interleaving
// shows it; its twin stays clean.
#include "harness/campaign/address.hpp"
#include "harness/campaign/finding.hpp"
#include "harness/campaign/report.hpp"
#include "harness/case/execution_words.hpp"
#include "harness/parent/symbolizer.hpp"
#include "harness/shrink/shrink.hpp"
#include "reports/steps.hpp"
#include "tests/support/executors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing_support::bundled_plugin;
using testing_support::executor_for;
using testing_support::map_named;
using testing_support::twin;

ExploreRequest exploring(bool weak, std::uint64_t executions) {
  ExploreRequest request = testing_support::exploring("mixed-operations", 3, executions);
  if (weak) request.plan.fault_mask = fault_bit(ChoiceKind::stale_read);
  return request;
}

class WeakMemoryDefect : public testing::TestWithParam<const char*> {};

TEST_P(WeakMemoryDefect, IsFoundShrunkAndTold) {
  const MapInfo map = twin("buggy_", GetParam());
  const auto executor = executor_for(map);
  ExploreProgress progress;
  const ExploreResult explored = executor->explore(exploring(true, 100'000), progress);
  ASSERT_TRUE(explored.found);
  const Violation& found = explored.execution.violation;
  EXPECT_TRUE(is_expected(map, found.outcome)) << name_of(found.outcome) << ": " << why_of(explored.execution);

  ShrinkOptions options;
  options.seconds_max = 30;
  const ShrinkResult shrunk =
      shrink(*executor, explored.failing, found.outcome, label_to_keep(found.outcome, found.label), options);
  executor->fresh_process();
  const Execution minimal = executor->execute(shrunk.best, true);
  EXPECT_EQ(minimal.violation.outcome, found.outcome);
  EXPECT_LE(shrunk.best.program.threads.size(), map.expected.threads);
  EXPECT_LE(shrunk.best.program.operation_count(), map.expected.operations);
  EXPECT_LE(minimal.preemptions, map.expected.preemptions);
  EXPECT_EQ(minimal.stale_reads(), 1u);
  EXPECT_EQ(minimal.faults, 0u);
  EXPECT_EQ(executor->execute(shrunk.best, false).trace_hash, minimal.trace_hash);

  const auto symbolizer = std::make_shared<Symbolizer>(map);
  const SiteFunction site = [symbolizer](std::uint64_t pc) -> const Site& { return symbolizer->site(pc); };
  std::string told;
  for (const reports::Step& step : reports::steps_of(minimal, site)) told += step.text + ": " + step.detail + "\n";
  EXPECT_THAT(told, testing::ContainsRegex("✗ reads an older value \\([1-7] stores? old\\): [AB] reads "
                                           "(the value stored at [a-z_.]+:[0-9]+ by thread [AB]|"
                                           "what was there before the store at [a-z_.]+:[0-9]+ by thread [AB]) "
                                           "\\([1-7] stores? old\\)"));
  const ReplayFile file = replay_file_of(shrunk.best.program, minimal, map, "mixed-operations", site);
  EXPECT_EQ(file.memory_model, MemoryModel::c11);
  EXPECT_THAT(to_toml(file), testing::HasSubstr("memory_model = \"c11\""));
}

TEST_P(WeakMemoryDefect, HidesFromEveryInterleaving) {
  const auto executor = executor_for(twin("buggy_", GetParam()));
  ExploreProgress progress;
  const ExploreResult explored = executor->explore(exploring(false, 10'000), progress);
  EXPECT_FALSE(explored.found) << why_of(explored.execution);
}

TEST_P(WeakMemoryDefect, TheTwinStaysClean) {
  const auto executor = executor_for(twin("fixed_", GetParam()));
  ExploreProgress progress;
  const ExploreResult explored = executor->explore(exploring(true, 10'000), progress);
  EXPECT_FALSE(explored.found) << why_of(explored.execution);
}

INSTANTIATE_TEST_SUITE_P(Seeded, WeakMemoryDefect,
                         testing::Values("hazard_without_fence", "relaxed_fields", "seqlock_without_fence"),
                         [](const auto& info) { return std::string(info.param); });

TEST(WeakMemory, WithoutAChoiceAnExecutionIsTheSame) {
  const MapInfo map = map_named(bundled_plugin("seqlock_without_fence"), "fixed_seqlock_without_fence");
  const auto executor = executor_for(map);
  Case input;
  input.program.prefill = {{1, 10}};
  input.program.threads = {{{OpKind::find, 1, 0}, {OpKind::insert, 2, 20}}, {{OpKind::erase, 1, 0}}};
  const Execution plain = executor->execute(input, false);
  // A stale read at an event that the program never comes to: the model is on, and nothing is chosen.
  input.choices = {{1, 1, 60'000, ChoiceKind::stale_read, 1}};
  EXPECT_EQ(executor->execute(input, false).trace_hash, plain.trace_hash);
}

}  // namespace
}  // namespace mapquake
