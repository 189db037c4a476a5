// Incidents by command: the table of make incidents in short form.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>

namespace mapquake {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing_support::run_mapquake;
using testing_support::TemporaryDirectory;

/// Runs one incident; checks that it is as told and that each stored failure happens again.
void check_incident(const std::string& id) {
  const TemporaryDirectory store;
  const auto result = run_mapquake({"run", "--incident", id, "--executions", "500", "--store", store.path(), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
  const json incident = json::parse(result.out).at("incidents").at(0);
  EXPECT_EQ(incident.at("id"), id);
  EXPECT_EQ(incident.at("holds"), true);
  unsigned failures = 0;
  for (const json& one : incident.at("cases")) {
    if (one.at("role") != "broken") continue;
    ++failures;
    const auto replayed = run_mapquake({"replay", one.at("replay"), "--times", "3"});
    EXPECT_EQ(replayed.exit_code, 1) << replayed.out << replayed.err;
  }
  EXPECT_GE(failures, 1u);
}

TEST(Incidents, ReaderDuringGrowth) {
  check_incident("I9");
}
TEST(Incidents, TimeToLiveSweeper) {
  check_incident("I12");
}
TEST(Incidents, BackendSwitch) {
  check_incident("I23");
}
TEST(Incidents, PromotionUnderTheLock) {
  check_incident("I7");
}

TEST(Incidents, AreListed) {
  const auto result = run_mapquake({"list", "--incidents"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (int i = 1; i <= 29; ++i) EXPECT_THAT(result.out, HasSubstr("I" + std::to_string(i) + " "));
}

TEST(Incidents, AFileOfOnesOwnThatIsWrongIsExitCodeSixtyFive) {
  const TemporaryDirectory directory;
  const auto file = std::filesystem::path(directory.path()) / "mine.toml";
  std::ofstream(file)
      << "incident = 1\nid = \"mine\"\ntitle = \"t\"\n[[broken]]\nmap = \"go_map\"\nfials = [\"crash\"]\n";
  const auto result = run_mapquake({"run", "--incident", file.string()});
  EXPECT_EQ(result.exit_code, 65);
  EXPECT_THAT(result.err, HasSubstr("mine.toml:6: key \"fials\" is unknown in [[broken]]"));
}

}  // namespace
}  // namespace mapquake
