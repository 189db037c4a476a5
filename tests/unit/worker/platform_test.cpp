// The environment as a fault: code that takes one answer of the platform for a promise fails, its twin does not, and
// replays are exact. And threads beyond the number of those that can be alive at once.
#include "harness/case/execution_words.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mapquake {
namespace {

using testing_support::executor_for;
using testing_support::map_named;
using testing_support::one_insert;
using testing_support::test_plugin;

ExploreResult explored_environments(Executor& executor, std::uint64_t executions) {
  ExploreRequest request = testing_support::exploring("mixed-operations", 7, executions);
  request.plan.fault_mask = environment_kinds;
  request.plan.faults_max = 4;
  ExploreProgress progress;
  return executor.explore(request, progress);
}

struct Promise {
  const char* probe;
  ChoiceKind kind;
};

class PlatformPromise : public testing::TestWithParam<Promise> {};

TEST_P(PlatformPromise, IsBrokenByAChoiceAndByNothingElse) {
  const auto executor = executor_for(map_named(test_plugin("platform_probe"), GetParam().probe));
  EXPECT_EQ(executor->execute(one_insert(), false).violation.outcome, Outcome::clean);
  const ExploreResult result = explored_environments(*executor, 20'000);
  ASSERT_TRUE(result.found);
  const auto& choices = result.failing.choices;
  EXPECT_TRUE(std::ranges::any_of(choices, [](const Choice& choice) { return choice.kind == GetParam().kind; }));

  executor->fresh_process();
  const Execution first = executor->execute(result.failing, false), again = executor->execute(result.failing, true);
  EXPECT_EQ(first.violation.outcome, result.execution.violation.outcome);
  EXPECT_EQ(again.violation.outcome, result.execution.violation.outcome);
  EXPECT_EQ(first.trace_hash, again.trace_hash);

  Case harmless = result.failing;
  std::erase_if(harmless.choices, [](const Choice& choice) { return choice.kind == GetParam().kind; });
  EXPECT_EQ(executor->execute(harmless, false).violation.outcome, Outcome::clean);
}

INSTANTIATE_TEST_SUITE_P(All, PlatformPromise,
                         testing::Values(Promise{"probe_no_shards", ChoiceKind::processors},
                                         Promise{"probe_even_seed", ChoiceKind::seed},
                                         Promise{"probe_shared_slot", ChoiceKind::thread_ids},
                                         Promise{"probe_stale_registration", ChoiceKind::thread_reuse},
                                         Promise{"probe_younger_is_higher", ChoiceKind::place},
                                         Promise{"probe_pointer_bits", ChoiceKind::place},
                                         Promise{"probe_end_of_page", ChoiceKind::place}),
                         [](const auto& info) { return std::string(info.param.probe); });

class PlatformTwin : public testing::TestWithParam<const char*> {};

TEST_P(PlatformTwin, StaysCleanInEveryEnvironment) {
  const auto executor = executor_for(map_named(test_plugin("platform_probe"), GetParam()));
  const ExploreResult result = explored_environments(*executor, 2'000);
  EXPECT_FALSE(result.found) << name_of(result.execution.violation.outcome) << ": " << why_of(result.execution);
}

INSTANTIATE_TEST_SUITE_P(All, PlatformTwin,
                         testing::Values("probe_some_shards", "probe_odd_seed", "probe_atomic_slot", "probe_signed_off",
                                         "probe_blocks_anywhere", "probe_successive_threads"),
                         [](const auto& info) { return std::string(info.param); });

Execution execution_of(const char* program) {
  const MapInfo map = map_named(test_plugin("many_threads"), program);
  Case input;
  input.program.threads = {{{OpKind::run, 0, 0}}};
  return executor_for(map)->execute(input, false);
}

TEST(ManyThreads, AThousandOneAfterTheOther) {
  for (const char* program : {"thousand_joined_threads", "thousand_detached_threads"}) {
    const Execution found = execution_of(program);
    EXPECT_EQ(found.violation.outcome, Outcome::clean)
        << program << ": " << found.violation.label << ": " << why_of(found);
  }
}

TEST(ManyThreads, ThoseThatComeAgainRaceLikeOthers) {
  EXPECT_EQ(execution_of("race_after_many_threads").violation.outcome, Outcome::data_race);
}

}  // namespace
}  // namespace mapquake
