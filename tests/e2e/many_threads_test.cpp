// Executions of many threads take tens of thousands of steps, and more choices when they are repeated: those that fresh
// memory is tested with must have room for them.
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake {
namespace {

TEST(ManyThreads, OfARightMapAreRepeatedAsTheyWere) {
  const testing_support::TemporaryDirectory directory;
  const auto result = testing_support::run_mapquake({"run", "--map", "sharded_map", "--scenario", "mixed-operations",
                                                     "--threads", "100", "--ops", "10", "--hash", "good", "--only",
                                                     "schedules", "--executions", "60", "--store", directory.path()});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, testing::Not(testing::HasSubstr("nondeterministic")));
}

}  // namespace
}  // namespace mapquake
