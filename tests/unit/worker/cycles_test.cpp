// Threads that repeat one state for ever, and others that seem to.
#include "harness/case/execution_words.hpp"
#include "tests/support/executors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing_support::executor_for;
using testing_support::map_named;
using testing_support::test_plugin;

ExploreResult explored(Executor& executor, std::uint64_t executions, const KnownDefects& known = {}) {
  ExploreRequest request = testing_support::exploring("mixed-operations", 1, executions);
  request.program.emplace();
  request.program->threads = {{{OpKind::insert, 1, 1}}, {{OpKind::insert, 2, 2}}};
  request.known = known;
  ExploreProgress progress;
  return executor.explore(request, progress);
}

class LoopsWithoutEnd : public testing::TestWithParam<const char*> {};

TEST_P(LoopsWithoutEnd, AreProvenSoonAndAlikeEveryTime) {
  // One turn may have as many, and an execution 5 x 10^5.
  constexpr std::uint64_t soon_steps = 20'000;
  const auto executor = executor_for(map_named(test_plugin("cycles"), GetParam()));
  const ExploreResult result = explored(*executor, 20);
  ASSERT_TRUE(result.found);
  EXPECT_EQ(result.execution.violation.outcome, Outcome::hang) << why_of(result.execution);
  EXPECT_THAT(why_of(result.execution), testing::HasSubstr("nothing changes"));
  EXPECT_LE(result.execution.steps, soon_steps);
  executor->fresh_process();
  const Execution again = executor->execute(result.failing, false);
  EXPECT_EQ(again.trace_hash, result.execution.trace_hash);
  EXPECT_EQ(executor->execute(result.failing, true).trace_hash, result.execution.trace_hash);
  EXPECT_EQ(again.fingerprint, result.execution.fingerprint);
}

INSTANTIATE_TEST_SUITE_P(Cycles, LoopsWithoutEnd,
                         testing::Values("reads_for_ever", "all_for_ever", "relinks_for_ever", "nests_for_ever"),
                         [](const auto& info) { return std::string(info.param); });

struct LoopOfMain {
  const char* map;
  std::uint64_t steps_max;
};

class LoopsOfMain : public testing::TestWithParam<LoopOfMain> {};

TEST_P(LoopsOfMain, EndWithinTheirPatience) {
  const auto executor = executor_for(map_named(test_plugin("cycles"), GetParam().map));
  const ExploreResult result = explored(*executor, 1);
  ASSERT_TRUE(result.found);
  EXPECT_EQ(result.execution.violation.outcome, Outcome::hang) << why_of(result.execution);
  EXPECT_LE(result.execution.steps, GetParam().steps_max);
  EXPECT_EQ(executor->execute(result.failing, true).trace_hash, result.execution.trace_hash);
}

// What repeats a state is proven to; what counts its rounds has the patience of an operation.
INSTANTIATE_TEST_SUITE_P(Cycles, LoopsOfMain,
                         testing::Values(LoopOfMain{"never_destroyed", 60'000}, LoopOfMain{"counts_for_ever", 700'000}),
                         [](const auto& info) { return std::string(info.param.map); });

class LoopsThatEnd : public testing::TestWithParam<const char*> {};

TEST_P(LoopsThatEnd, AreGivenTheTime) {
  const auto executor = executor_for(map_named(test_plugin("cycles"), GetParam()));
  const ExploreResult result = explored(*executor, 20);
  EXPECT_FALSE(result.found) << why_of(result.execution);
  EXPECT_EQ(result.executions, 20u);
}

INSTANTIATE_TEST_SUITE_P(Cycles, LoopsThatEnd,
                         testing::Values("counts_in_a_register", "appends_to_a_string", "sorts", "waits_for_the_clock",
                                         "counts_for_long", "polls_for_long"),
                         [](const auto& info) { return std::string(info.param); });

TEST(LoopOfSleeps, ThatNobodyEndsIsFound) {
  const auto executor = executor_for(map_named(test_plugin("cycles"), "polls_for_ever"));
  const ExploreResult result = explored(*executor, 20);
  ASSERT_TRUE(result.found);
  EXPECT_NE(result.execution.violation.outcome, Outcome::nondeterministic) << why_of(result.execution);
}

TEST(LoopThatAnotherThreadEnds, EndsWithWhatTheOtherDoes) {
  const auto executor = executor_for(map_named(test_plugin("cycles"), "meets_by_a_race"));
  KnownDefects known;
  for (int i = 0; i < 8; ++i) {
    const ExploreResult result = explored(*executor, 50, known);
    if (!result.found) return;
    EXPECT_EQ(result.execution.violation.outcome, Outcome::data_race) << why_of(result.execution);
    known.push_back(result.fingerprint);
  }
  FAIL() << "ever new defects";
}

}  // namespace
}  // namespace mapquake
