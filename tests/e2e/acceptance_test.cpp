// The promises of the first campaign (issue 2), each by command, in short form.
#include "tests/support/executors.hpp"
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

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing_support::build_directory;
using testing_support::run_mapquake;
using testing_support::TemporaryDirectory;

json summary_of(const testing_support::ProcessResult& result) {
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1) << result.out << result.err;
  return json::parse(result.out);
}

TEST(Acceptance, IteratingWhileWritingBreaksAStandardMapAndReplaysForEver) {
  const TemporaryDirectory store;
  const auto found = run_mapquake({"run", "--map", "std_unordered_map", "--scenario", "iterate-while-writing", "--time",
                                   "10s", "--store", store.path(), "--json"});
  ASSERT_EQ(found.exit_code, 1) << found.out << found.err;
  const json summary = summary_of(found);
  ASSERT_GE(summary.at("failures").size(), 1u);
  const json failure = summary.at("failures")[0];
  const auto replayed = run_mapquake({"replay", failure.at("replay"), "--times", "1000"});
  EXPECT_EQ(replayed.exit_code, 1) << replayed.out << replayed.err;
  EXPECT_THAT(replayed.out, HasSubstr(failure.at("trace_hash").get<std::string>()));
}

TEST(Acceptance, MapsThatAreRightStayClean) {
  const TemporaryDirectory store;
  const auto result =
      run_mapquake({"run", "--map", "rwlock_map", "--map", "go_sync_map", "--map", "tbb_concurrent_hash_map", "--time",
                    "5s", "--scenario", "mixed-operations", "--scenario", "load-spike", "--scenario",
                    "allocation-sweep", "--store", store.path(), "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_EQ(summary_of(result).at("failures"), json::array());
  const auto is_replay = [](const auto& entry) { return entry.path().extension() == ".toml"; };
  EXPECT_TRUE(std::ranges::none_of(fs::directory_iterator(store.path()), is_replay));
}

TEST(Acceptance, TheSummaryHasEveryField) {
  const TemporaryDirectory store;
  const json summary =
      summary_of(run_mapquake({"run", "--map", "buggy_duplicate_insert", "--scenario", "mixed-operations",
                               "--executions", "20000", "--store", store.path(), "--json"}));
  for (const char* field : {"executions", "executions_per_s", "steps_per_s", "switches_per_s"}) {
    EXPECT_GT(summary.at(field).get<double>(), 0) << field;
  }
  EXPECT_EQ(summary.at("exit_code"), 1);
  ASSERT_EQ(summary.at("failures").size(), 1u);
  const json failure = summary.at("failures")[0];
  EXPECT_EQ(failure.at("map"), "buggy_duplicate_insert");
  EXPECT_EQ(failure.at("scenario"), "mixed-operations");
  EXPECT_EQ(failure.at("outcome"), "not linearizable");
  EXPECT_FALSE(failure.at("signature").get<std::string>().empty());
  EXPECT_TRUE(fs::exists(failure.at("replay").get<std::string>()));
  EXPECT_EQ(failure.at("trace_hash").get<std::string>().size(), 16u);
  for (const char* field : {"threads", "operations", "preemptions", "executions_to_failure"}) {
    EXPECT_GT(failure.at(field).get<int>(), 0) << field;
  }
  EXPECT_EQ(failure.at("faults"), 0);
}

/// The plugins of adapters/buggy: each holds a defect and its twin.
std::vector<std::string> seeded_defects() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(testing_support::source_directory() / "adapters/buggy")) {
    if (entry.path().extension() == ".cpp") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class SeededDefect : public testing::TestWithParam<std::string> {
 protected:
  std::vector<MapInfo> maps() const {
    return testing_support::maps_of(testing_support::bundled_plugin(GetParam().c_str()));
  }
};

bool at_minimum(const json& failure, const Expectation& hand) {
  const auto at_most = [&](const char* field, unsigned limit) { return failure.at(field).get<unsigned>() <= limit; };
  return at_most("threads", hand.threads) && at_most("operations", hand.operations) &&
         at_most("preemptions", hand.preemptions) && at_most("faults", hand.faults);
}

TEST_P(SeededDefect, IsFoundWithEverySeedAndShrunkToItsMinimum) {
  for (const MapInfo& map : maps()) {
    if (map.expected_outcomes.empty()) continue;
    const std::string listed = "|" + map.expected_outcomes + "|";
    const auto is_wanted = [&](const json& failure) {
      const std::string name = "|" + failure.at("outcome").get<std::string>() + "|";
      return listed.find(name) != std::string::npos && at_minimum(failure, map.expected);
    };
    // Whatever hangs, and each step of shrinking it, takes a third of a second.
    const unsigned seeds = map.expected_outcomes == "hang" ? 1 : 3;
    for (unsigned seed = 1; seed <= seeds; ++seed) {
      // At most as many executions as fit into ten seconds, or far fewer where the defect is not rare; nearly all are
      // found by a fraction of that.
      const unsigned most = map.expected.rare ? 50'000 : 10'000;
      std::string said;
      bool found = false;
      for (unsigned executions = 1000; !found; executions = std::min(4 * executions, most)) {
        const TemporaryDirectory store;
        const auto result =
            run_mapquake({"run", "--map", map.name, "--scenario", "mixed-operations", "--scenario",
                          map.expected.rare ? "load-spike" : "iterate-while-writing", "--scenario", "rehash-pressure",
                          "--scenario", "single-thread", "--executions", std::to_string(executions), "--seed",
                          std::to_string(seed), "--store", store.path(), "--json"});
        said = result.out + result.err;
        const json summary = summary_of(result);
        found = result.exit_code == 1 && std::ranges::any_of(summary.at("failures"), is_wanted);
        if (executions == most) break;
      }
      EXPECT_TRUE(found) << map.name << ", seed " << seed << ": " << said;
    }
  }
}

TEST_P(SeededDefect, IsWhatItsMapIsExpectedToDo) {
  for (const MapInfo& map : maps()) {
    const TemporaryDirectory store;
    const auto result =
        run_mapquake({"run", "--map", map.name, "--scenario", "mixed-operations", "--scenario", "rehash-pressure",
                      "--executions", "2000", "--expected", "--store", store.path(), "--json"});
    EXPECT_EQ(result.exit_code, 0) << map.name << result.out << result.err;
  }
}

TEST_P(SeededDefect, HasATwinThatIsClean) {
  unsigned twins = 0;
  for (const MapInfo& map : maps()) {
    if (!map.expected_outcomes.empty()) continue;
    ++twins;
    const TemporaryDirectory store;
    const auto result = run_mapquake({"run", "--map", map.name, "--executions", "2000", "--store", store.path()});
    EXPECT_EQ(result.exit_code, 0) << map.name << result.out << result.err;
  }
  EXPECT_GE(twins, 1u);
}

INSTANTIATE_TEST_SUITE_P(Maps, SeededDefect, testing::ValuesIn(seeded_defects()),
                         [](const auto& name) { return name.param; });

/// Probes of the runtime: every map of tests/plugins/*_probe.cpp does what it declares, under every scenario.
class Probes : public testing::TestWithParam<std::string> {};

TEST_P(Probes, BehaveAsDeclared) {
  const TemporaryDirectory store;
  const auto plugin = testing_support::test_plugin(GetParam().c_str());
  const auto result = run_mapquake({"run", "--plugin", plugin, "--scenario", "mixed-operations", "--scenario",
                                    "load-spike", "--executions", "400", "--expected", "--store", store.path()});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

std::vector<std::string> probes() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(testing_support::source_directory() / "tests/plugins")) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".cpp" && name.ends_with("_probe")) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Plugins, Probes, testing::ValuesIn(probes()), [](const auto& name) { return name.param; });

}  // namespace
}  // namespace mapquake
