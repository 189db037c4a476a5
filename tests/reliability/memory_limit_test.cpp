// Maps that need much memory, as a user runs them.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace mapquake {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing_support::run_mapquake;
using testing_support::TemporaryDirectory;
using testing_support::test_plugin;

std::vector<std::string> campaign(const std::string& map, const TemporaryDirectory& store, const char* executions) {
  return {"run",
          "--plugin",
          test_plugin("memory_appetite"),
          "--map",
          map,
          "--scenario",
          "mixed-operations",
          "--executions",
          executions,
          "--jobs",
          "1",
          "--json",
          "--store",
          store.path()};
}

TEST(MemoryLimit, ARightMapMayNeed600MiB) {
  const TemporaryDirectory store;
  const auto result = run_mapquake(campaign("needs_600_mib", store, "2"));
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

TEST(MemoryLimit, LessMayBeGranted) {
  const TemporaryDirectory store;
  std::vector<std::string> arguments = campaign("needs_600_mib", store, "2");
  arguments.insert(arguments.end(), {"--memory-limit", "500M"});
  const auto result = run_mapquake(arguments);
  EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("out of memory"));
}

TEST(MemoryLimit, ABlowUpIsAFailureThatIsShrunkAndReplays) {
  const TemporaryDirectory store;
  std::vector<std::string> arguments = campaign("grows_8_mib", store, "200");
  arguments.insert(arguments.end(), {"--memory-limit", "20M"});
  const auto result = run_mapquake(arguments);
  ASSERT_EQ(result.exit_code, 1) << result.out << result.err;
  const json failure = json::parse(result.out).at("failures").at(0);
  EXPECT_EQ(failure.at("outcome"), "out of memory");
  // Three inserts, or what is prefilled, and no more than that.
  EXPECT_LE(failure.at("operations").get<int>(), 3);
  const auto replay = run_mapquake({"replay", failure.at("replay"), "--times", "10"});
  EXPECT_EQ(replay.exit_code, 1) << replay.out << replay.err;
  const TemporaryDirectory twin;
  arguments = campaign("grows_8_mib", twin, "20");
  EXPECT_EQ(run_mapquake(arguments).exit_code, 0);
}

}  // namespace
}  // namespace mapquake
