// What shows after tens or hundreds of operations is found by the plain command: some programs are long.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mapquake {
namespace {

/// Bounded by executions, so that the verdict is the same on every machine; with one job, so that the search is, too.
testing_support::ProcessResult searched(const std::string& map, const char* executions) {
  const testing_support::TemporaryDirectory store;
  const auto plugin = testing_support::build_directory() / "tests/plugins/late_thresholds.so";
  return testing_support::run_mapquake({"run", "--plugin", plugin, "--map", map, "--executions", executions, "--jobs",
                                        "1", "--expected", "--store", store.path()});
}

class LateThresholds : public testing::TestWithParam<const char*> {};

TEST_P(LateThresholds, AreReached) {
  const auto ran = searched(std::string("late_") + GetParam(), "100000");
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
}

TEST_P(LateThresholds, AreNoneWhereTheMapIsRight) {
  const auto ran = searched(std::string("right_") + GetParam(), "10000");
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
}

INSTANTIATE_TEST_SUITE_P(Maps, LateThresholds,
                         testing::Values("full_retirement_list", "count_of_eight_bits", "saturated_filter"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace mapquake
