// Races beside a library that is not instrumented: what it may order is none, what it cannot order is found.
#include "harness/case/execution_words.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing_support::executor_for;
using testing_support::map_named;
using testing_support::test_plugin;

ExploreResult explored(const char* program, std::uint64_t executions) {
  const MapInfo map = map_named(test_plugin("border_programs"), program);
  EXPECT_EQ(map.unseen_libraries, std::vector<std::string>{"libborder_library.so"});
  ExploreRequest request = testing_support::exploring("mixed-operations", 3, executions);
  request.program.emplace();
  request.program->threads = {{{OpKind::run, 0, 0}}};
  ExploreProgress progress;
  return executor_for(map)->explore(request, progress);
}

class BesideALibrary : public testing::TestWithParam<const char*> {};

TEST_P(BesideALibrary, ARaceIsFound) {
  const ExploreResult result = explored(GetParam(), 2'000);
  ASSERT_TRUE(result.found);
  EXPECT_EQ(result.execution.violation.outcome, Outcome::data_race) << why_of(result.execution);
}

INSTANTIATE_TEST_SUITE_P(All, BesideALibrary,
                         testing::Values("beside_library_lock", "changed_library_letter", "after_library_callback",
                                         "before_library_table"),
                         [](const auto& info) { return std::string(info.param); });

class ThroughALibrary : public testing::TestWithParam<const char*> {};

TEST_P(ThroughALibrary, ThreadsAreOrdered) {
  const ExploreResult result = explored(GetParam(), 2'000);
  EXPECT_FALSE(result.found) << why_of(result.execution);
}

INSTANTIATE_TEST_SUITE_P(All, ThroughALibrary,
                         testing::Values("library_lock", "library_letter", "library_table", "library_virtual_functions",
                                         "library_own_table", "library_callback", "library_arguments"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace mapquake
