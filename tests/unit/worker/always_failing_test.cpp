// Where every insert fails, a search goes on behind that at little cost.
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing_support::executor_for;
using testing_support::map_named;
using testing_support::test_plugin;

constexpr std::uint64_t searched_executions = 4'000;

ExploreResult searched(Executor& executor, std::uint64_t executions, const KnownDefects& known = {}) {
  ExploreRequest request = testing_support::exploring("mixed-operations", 1, executions);
  request.known = known;
  ExploreProgress progress;
  return executor.explore(request, progress);
}

struct DearEnd {
  const char* map;
  Outcome outcome;
};

class DearEnds : public testing::TestWithParam<DearEnd> {};

TEST_P(DearEnds, AreLeftOutOnceProgramsHaveEndedInThem) {
  const auto executor = executor_for(map_named(test_plugin("always_failing"), GetParam().map));
  const ExploreResult first = searched(*executor, searched_executions);
  ASSERT_TRUE(first.found);
  EXPECT_EQ(first.execution.violation.outcome, GetParam().outcome);
  const ExploreResult rest = searched(*executor, searched_executions, {first.fingerprint});
  EXPECT_FALSE(rest.found) << rest.execution.violation.label;
  EXPECT_EQ(rest.executions, searched_executions);
  EXPECT_GE(rest.known_hits.front(), dead_ends_in_row);
  // Two for each program that was tried, the entries of the prefill being one of the kinds.
  EXPECT_LE(rest.known_hits.front(), 40u);
  EXPECT_NE(rest.dead_ends, DeadEnds{});
}

INSTANTIATE_TEST_SUITE_P(AlwaysFailing, DearEnds,
                         testing::Values(DearEnd{"silent_loop", Outcome::hang},
                                         DearEnd{"stack_overflow", Outcome::stack_overflow}),
                         [](const auto& info) { return std::string(info.param.map); });

TEST(CheapEnds, AreMetAgain) {
  const auto executor = executor_for(map_named(test_plugin("always_failing"), "use_after_free"));
  const ExploreResult first = searched(*executor, searched_executions);
  ASSERT_TRUE(first.found);
  const ExploreResult rest = searched(*executor, searched_executions, {first.fingerprint});
  EXPECT_GT(rest.known_hits.front(), 40u);
  EXPECT_EQ(rest.dead_ends, DeadEnds{});
}

/// The harness's own functions need some of the stack, too, in the middle of which it must not come to its end.
TEST(StackOverflow, IsOneWhereverItsThreadIsSwitched) {
  const auto executor = executor_for(map_named(test_plugin("always_failing"), "stack_overflow"));
  ExploreRequest request = testing_support::exploring("mixed-operations", 1, 40);
  request.program.emplace();
  request.program->threads = {{{OpKind::insert, 1, 1}}, {{OpKind::insert, 2, 2}}, {{OpKind::find, 3, 0}}};
  request.known = {searched(*executor, 1).fingerprint};
  ExploreProgress progress;
  const ExploreResult result = executor->explore(request, progress);
  EXPECT_FALSE(result.found) << name_of(result.execution.violation.outcome) << " " << result.execution.violation.label;
  EXPECT_EQ(result.known_hits.front(), 40u);
  EXPECT_EQ(result.deaths, 0u);
}

}  // namespace
}  // namespace mapquake
