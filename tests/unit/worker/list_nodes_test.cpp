// std::list's functions on nodes are accesses, and do what the library's do.
#include "harness/case/execution_words.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing_support::executor_for;
using testing_support::map_named;
using testing_support::test_plugin;

ExploreResult explored(const char* map, OpKind kind) {
  const auto executor = executor_for(map_named(test_plugin("list_nodes"), map));
  ExploreRequest request = testing_support::exploring("mixed-operations", 1, 200);
  request.program.emplace();
  request.program->prefill = {{1, 1}, {2, 2}};
  request.program->threads = {{{kind, 1, 11}}, {{kind, 2, 21}}};
  ExploreProgress progress;
  return executor->explore(request, progress);
}

TEST(ListNodes, ASpliceUnderALockOfReadersIsARace) {
  const ExploreResult result = explored("moves_under_shared_lock", OpKind::find);
  ASSERT_TRUE(result.found);
  EXPECT_EQ(result.execution.violation.outcome, Outcome::data_race) << why_of(result.execution);
}

TEST(ListNodes, ASpliceUnderALockIsNone) {
  const ExploreResult result = explored("moves_under_lock", OpKind::find);
  EXPECT_FALSE(result.found) << why_of(result.execution);
}

TEST(ListNodes, ListsAreWhatTheyShouldBe) {
  const ExploreResult result = explored("lists", OpKind::insert);
  EXPECT_FALSE(result.found) << why_of(result.execution);
}

}  // namespace
}  // namespace mapquake
