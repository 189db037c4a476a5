// A tree outside the project: installs mapquake into a prefix, builds a plugin against the package, runs it.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mapquake/abi.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing_support::ProcessResult;

constexpr std::chrono::seconds timeout_s{300};

class OutsideTree : public testing::Test {
 protected:
  // Building takes a few seconds, so all tests share one tree.
  static void SetUpTestSuite() {
    directory_ = std::make_unique<testing_support::TemporaryDirectory>();
    const ProcessResult installed =
        run({"cmake", "--install", testing_support::build_directory(), "--prefix", prefix(), "--strip"});
    ASSERT_EQ(installed.exit_code, 0) << installed.out << installed.err;
    const fs::path source = testing_support::source_directory() / "tests" / "e2e" / "outside_tree";
    const ProcessResult configured = run({"cmake", "-G", "Ninja", "-S", source, "-B", build(),
                                          "-DCMAKE_PREFIX_PATH=" + prefix(), "-DCMAKE_BUILD_TYPE=Release"});
    ASSERT_EQ(configured.exit_code, 0) << configured.out << configured.err;
    const ProcessResult built = run({"cmake", "--build", build()});
    ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
  }
  static void TearDownTestSuite() { directory_.reset(); }

  static ProcessResult run(std::vector<std::string> argv) {
    return testing_support::run(
        std::move(argv), directory_->path(),
        {{"DESTDIR", ""}, {"MAPQUAKE_PLUGINS", ""}, {"MAPQUAKE_CACHE", (directory_->path() / "cache").string()}},
        timeout_s);
  }
  static ProcessResult run_installed(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), prefix() + "/bin/mapquake");
    return run(std::move(arguments));
  }
  static std::string prefix() { return (directory_->path() / "prefix").string(); }
  static std::string build() { return (directory_->path() / "build").string(); }
  static std::string plugin() { return build() + "/my_map.so"; }

 private:
  static inline std::unique_ptr<testing_support::TemporaryDirectory> directory_;
};

TEST_F(OutsideTree, TheInstalledMapquakeKnowsItsOwnMaps) {
  const ProcessResult listed = run_installed({"list", "--json"});
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_THAT(listed.err, testing::IsEmpty());
  const auto json = nlohmann::json::parse(listed.out);
  EXPECT_GT(json.at("maps").size(), 10u);
  for (const auto& map : json.at("maps")) {
    EXPECT_THAT(map.at("plugin").get<std::string>(), HasSubstr("prefix/lib/mapquake/"));
  }
}

TEST_F(OutsideTree, WhatTheInstalledDocumentsPointAtIsInstalled) {
  const fs::path documents = fs::path(prefix()) / "share" / "doc" / "mapquake";
  const std::regex link(R"(\]\(([^)#:]+)(#[^)]*)?\))");
  unsigned links = 0;
  for (const auto& entry : fs::recursive_directory_iterator(documents)) {
    if (entry.path().extension() != ".md") continue;
    std::ifstream file(entry.path());
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at, ++links) {
      EXPECT_TRUE(fs::exists(entry.path().parent_path() / (*at)[1].str())) << entry.path() << ": " << (*at)[1];
    }
  }
  EXPECT_GT(links, 20u);
  EXPECT_TRUE(fs::exists(documents / "adapters" / "template_map.cpp"));
}

TEST_F(OutsideTree, ThePluginRuns) {
  const ProcessResult ran =
      run_installed({"run", "--plugin", plugin(), "--map", "my_map", "--time", "2s", "--store", "out", "--json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_GT(nlohmann::json::parse(ran.out).at("executions").get<std::uint64_t>(), 1000u);
}

TEST_F(OutsideTree, ASourceRunsWithTheInstalledHeaders) {
  const fs::path source = testing_support::source_directory() / "tests" / "e2e" / "outside_tree" / "my_map_adapter.cpp";
  const ProcessResult ran = run_installed({"run", source, "--map", "my_map", "--executions", "200", "--json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_THAT(run_installed({"build", source, "--commands"}).out, HasSubstr("-I" + prefix() + "/include "));
}

TEST_F(OutsideTree, PkgConfigHasTheFlagsOfAPlugin) {
  const std::string source =
      (testing_support::source_directory() / "tests/e2e/outside_tree/my_map_adapter.cpp").string();
  const ProcessResult built = run({"sh", "-ec", R"(
export PKG_CONFIG_PATH="$0/lib/pkgconfig"
${CXX:-g++} $(pkg-config --cflags mapquake) -c "$1" -o by_hand.o
${CXX:-g++} by_hand.o $(pkg-config --libs mapquake) -o by_hand.so
pkg-config --variable=abi_version mapquake)",
                                   prefix(), source});
  ASSERT_EQ(built.exit_code, 0) << built.err;
  EXPECT_EQ(built.out, std::to_string(abi::version) + "\n");
  const ProcessResult ran = run_installed(
      {"run", "./by_hand.so", "--map", "check_then_insert", "--executions", "5000", "--store", "out", "--json"});
  EXPECT_EQ(ran.exit_code, 1) << ran.out << ran.err;
}

TEST_F(OutsideTree, AFailureOfThePluginReplays) {
  const ProcessResult ran = run_installed(
      {"run", "--plugin", plugin(), "--map", "check_then_insert", "--executions", "20000", "--store", "out", "--json"});
  ASSERT_EQ(ran.exit_code, 1) << ran.out << ran.err;
  const auto failure = nlohmann::json::parse(ran.out).at("failures").at(0);
  EXPECT_EQ(failure.at("outcome"), "not linearizable");
  const ProcessResult replayed = run_installed({"replay", failure.at("replay").get<std::string>()});
  EXPECT_EQ(replayed.exit_code, 1) << replayed.out << replayed.err;
  EXPECT_THAT(replayed.out, HasSubstr("check_then_insert"));
}

TEST_F(OutsideTree, CtestHasAnEntryForEveryScenario) {
  const ProcessResult listed = run_installed({"list", "--plugin", plugin(), "--json"});
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  const auto maps = nlohmann::json::parse(listed.out).at("maps");
  ASSERT_EQ(maps.size(), 2u);
  const ProcessResult tests = run({"ctest", "--test-dir", build(), "-N"});
  ASSERT_EQ(tests.exit_code, 0) << tests.err;
  EXPECT_THAT(tests.out, HasSubstr("mapquake.check_then_insert\n"));
  EXPECT_THAT(tests.out, HasSubstr("mapquake.hand_over\n"));
  ASSERT_EQ(maps[1].at("name"), "my_map");
  EXPECT_GT(maps[1].at("scenarios").size(), 3u);
  for (const auto& scenario : maps[1].at("scenarios")) {
    EXPECT_THAT(tests.out, HasSubstr("mapquake.my_map." + scenario.get<std::string>() + "\n"));
  }
  const ProcessResult ran = run({"ctest", "--test-dir", build(), "--output-on-failure"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out;
}

TEST_F(OutsideTree, AMainThatKnowsNothingOfMapquakeIsAProgram) {
  const ProcessResult ran =
      run_installed({"run", "--plugin", build() + "/hand_over.so", "--executions", "5000", "--store", "out", "--json"});
  ASSERT_EQ(ran.exit_code, 1) << ran.out << ran.err;
  const auto failure = nlohmann::json::parse(ran.out).at("failures").at(0);
  EXPECT_EQ(failure.at("outcome"), "invariant broken");
  EXPECT_THAT(failure.at("label").get<std::string>(), HasSubstr("seen == "));
  const ProcessResult replayed = run_installed({"replay", failure.at("replay").get<std::string>()});
  EXPECT_EQ(replayed.exit_code, 1) << replayed.out << replayed.err;
}

TEST_F(OutsideTree, AGoogleTestExploresItsBodiesAndShowsWhatItFound) {
  const ProcessResult ran = run({build() + "/my_map_tests"});
  EXPECT_EQ(ran.exit_code, 1) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("[       OK ] MyMap.KeepsWhatTwoThreadsInsert"));
  EXPECT_THAT(ran.out, HasSubstr("[       OK ] MyMap.IsTheSecondBodyThatDeadlocks"));
  EXPECT_THAT(ran.out, HasSubstr("[  FAILED  ] MyMap.LosesACount"));
  EXPECT_THAT(ran.out, HasSubstr("MyMap_LosesACount × program: invariant broken"));
  EXPECT_THAT(ran.out, HasSubstr("Expected equality of these values: count Which is: 1 2 (my_map_test.cpp:"));
  EXPECT_THAT(ran.out, HasSubstr("thread A"));
  const std::string command = "replay    mapquake replay ";
  const std::size_t at = ran.out.find(command);
  ASSERT_NE(at, std::string::npos) << ran.out;
  const std::size_t begin = at + command.size();
  const std::string file = ran.out.substr(begin, ran.out.find('\n', begin) - begin);
  EXPECT_EQ(run_installed({"replay", file}).exit_code, 1) << file;
}

TEST_F(OutsideTree, CtestFailsWhereThePluginIsMissing) {
  const fs::path script = fs::path(build()) / "by_hand" / "CTestTestfile.cmake";
  fs::create_directories(script.parent_path());
  std::ofstream(script) << "set(mapquake_executable \"" << prefix() << "/bin/mapquake\")\n"
                        << "set(mapquake_plugin \"" << build() << "/absent.so\")\n"
                        << "set(mapquake_name my_map)\nset(mapquake_time 1s)\nset(mapquake_store out)\n"
                        << "include(\"" << prefix() << "/lib/cmake/mapquake/MapquakePluginTests.cmake\")\n";
  const ProcessResult ran = run({"ctest", "--test-dir", script.parent_path().string(), "--output-on-failure"});
  EXPECT_NE(ran.exit_code, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("absent.so"));
}

}  // namespace
}  // namespace mapquake
