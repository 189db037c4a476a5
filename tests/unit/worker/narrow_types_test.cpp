// Keys and values that hold few numbers.
#include "harness/case/execution_words.hpp"
#include "harness/shrink/shrink.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing_support::executor_for;
using testing_support::map_named;

ExploreResult explored(const char* name, const char* scenario, std::uint64_t executions) {
  const MapInfo map = map_named(testing_support::test_plugin("narrow_maps"), name);
  ExploreProgress progress;
  return executor_for(map)->explore(testing_support::exploring(scenario, 1, executions), progress);
}

class NarrowTypes : public ::testing::TestWithParam<const char*> {};

TEST_P(NarrowTypes, ARightMapOfThemIsClean) {
  for (const char* const scenario : {"single-thread", "mixed-operations", "rehash-pressure", "load-spike"}) {
    const ExploreResult result = explored(GetParam(), scenario, 4'000);
    EXPECT_FALSE(result.found) << scenario << ": " << why_of(result.execution);
  }
}
INSTANTIATE_TEST_SUITE_P(AllOf, NarrowTypes, ::testing::Values("map_of_bytes", "map_of_signed_bytes", "map_of_words"));

TEST(NarrowTypesBroken, AreFoundAllTheSame) {
  for (const char* const name : {"map_of_bytes_lost_update", "map_of_words_lost_update"}) {
    const ExploreResult result = explored(name, "single-thread", 4'000);
    ASSERT_TRUE(result.found) << name;
    EXPECT_EQ(result.execution.violation.outcome, Outcome::not_linearizable);
  }
}

// A smaller case in which a byte is asked to hold 1000 fails on the right map as well.
TEST(NarrowTypesBroken, ShrinkToWhatTheirTypesHold) {
  for (const char* const name : {"map_of_bytes_lost_update", "map_of_words_lost_update"}) {
    const MapInfo map = map_named(testing_support::test_plugin("narrow_maps"), name);
    const ExploreResult result = explored(name, "single-thread", 4'000);
    ASSERT_TRUE(result.found) << name;
    const Violation& seen = result.execution.violation;
    const auto executor = executor_for(map);
    ShrinkOptions options;
    options.numbers = {map.key_numbers, map.value_numbers};
    const ShrinkResult shrunk = shrink(*executor, result.failing, seen.outcome, seen.label, options);
    EXPECT_TRUE(keys_within(map.key_numbers, shrunk.best.program)) << name;
    EXPECT_TRUE(values_within(map.value_numbers, shrunk.best.program)) << name;
    EXPECT_LE(shrunk.best.program.operation_count(), 2u) << name;
  }
}

}  // namespace
}  // namespace mapquake
