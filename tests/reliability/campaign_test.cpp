// Whole campaigns over maps and stores that mean harm, from the command line.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/running.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing_support::Command;
using testing_support::eventually;
using testing_support::run;
using testing_support::run_mapquake;
using testing_support::RunningMapquake;
using testing_support::TemporaryDirectory;
using testing_support::test_plugin;

std::string plugin(const char* name) {
  return test_plugin(name).string();
}

TEST(HostileCampaign, GoesThroughAllOfThemAndReplaysEach) {
  const TemporaryDirectory directory;
  const auto campaign =
      run_mapquake({"run", "--plugin", plugin("hostile_ends"), "--plugin", plugin("hostile_process"), "--scenario",
                    "mixed-operations", "--executions", "100", "--expected", "--json", "--store", directory.path()});
  EXPECT_EQ(campaign.exit_code, 0) << campaign.out << campaign.err;
  EXPECT_EQ(std::ranges::count(campaign.out, '\n'), 1) << "what maps print is not in the output: " << campaign.out;
  const json summary = json::parse(campaign.out);
  EXPECT_EQ(summary.at("nondeterministic"), 0);
  std::set<std::string> maps;
  for (const json& failure : summary.at("failures")) {
    maps.insert(failure.at("map"));
    const auto replay = run_mapquake({"replay", failure.at("replay"), "--times", "3"});
    EXPECT_EQ(replay.exit_code, 1) << failure << replay.out << replay.err;
  }
  EXPECT_GE(maps.size(), 15u);
  for (const std::string& map : maps) EXPECT_TRUE(map.starts_with("hostile_")) << map;
}

TEST(HostileCampaign, EndlessLoopsDoNotStopTheOthers) {
  const TemporaryDirectory directory;
  const auto campaign = run_mapquake({"run",
                                      "--plugin",
                                      plugin("hostile_waits"),
                                      "--plugin",
                                      plugin("hostile_process"),
                                      "--map",
                                      "hostile_loop",
                                      "--map",
                                      "unusual_limits",
                                      "--scenario",
                                      "mixed-operations",
                                      "--threads",
                                      "2",
                                      "--ops",
                                      "1",
                                      "--executions",
                                      "200",
                                      "--expected",
                                      "--format",
                                      "json",
                                      "--store",
                                      directory.path()});
  EXPECT_EQ(campaign.exit_code, 0) << campaign.out << campaign.err;
  const json document = json::parse(campaign.out);
  const json& failures = document.at("summary").at("failures");
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_EQ(failures[0].at("outcome"), "hang");
  const json& cells = document.at("cells");
  const auto other = std::ranges::find_if(cells, [](const json& cell) { return cell.at("map") == "unusual_limits"; });
  ASSERT_NE(other, cells.end());
  EXPECT_EQ(other->at("executions"), 200);
}

TEST(Store, ThatCannotBeWrittenEndsBeforeAnythingRuns) {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "file") << "in the way";
  for (const fs::path& store : {fs::path("/proc/mapquake"), fs::path("/dev/full"), directory.path() / "file/below"}) {
    const auto result = run_mapquake({"run", "--map", "rwlock_map", "--time", "10s", "--store", store});
    EXPECT_EQ(result.exit_code, 74) << store << result.out << result.err;
    EXPECT_THAT(result.err, HasSubstr("mapquake: "));
    EXPECT_THAT(result.err, HasSubstr(store.string()));
    EXPECT_EQ(result.out, "");
  }
}

TEST(Store, ThatIsFullEndsBeforeAnythingRuns) {
  const TemporaryDirectory directory;
  Command command;
  // No file may grow beyond 0 bytes, as on a full disk.
  command.argv = {"sh", "-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" run --map rwlock_map --time 10s --store \"$1\"",
                  testing_support::mapquake_binary(), directory.path() / "store"};
  const auto result = run(command);
  EXPECT_EQ(result.exit_code, 74) << result.out << result.err;
  EXPECT_THAT(result.err, HasSubstr("store"));
}

TEST(Store, ThatFailsLaterLosesNothing) {
  const TemporaryDirectory directory;
  const fs::path store = directory.path() / "store", refuge = directory.path() / "refuge";
  fs::create_directory(refuge);
  ASSERT_EQ(::setenv("TMPDIR", refuge.c_str(), 1), 0);
  RunningMapquake running({"run", "--plugin", plugin("hostile_waits"), "--map", "hostile_loop", "--scenario",
                           "mixed-operations", "--threads", "1", "--ops", "1", "--executions", "100", "--store", store},
                          directory.path());
  ::unsetenv("TMPDIR");
  ASSERT_TRUE(eventually([&] { return !running.workers().empty(); }));
  // The failure takes seconds to confirm; by then its directory is a file.
  fs::remove_all(store);
  std::ofstream(store) << "in the way";
  EXPECT_EQ(running.wait(), 74) << running.out() << running.err();
  const auto saved = std::ranges::count_if(fs::directory_iterator(refuge),
                                           [](const auto& entry) { return entry.path().extension() == ".toml"; });
  EXPECT_EQ(saved, 1) << running.out() << running.err();
  EXPECT_THAT(running.err(), HasSubstr(refuge.string()));
}

}  // namespace
}  // namespace mapquake
