#include "harness/nightly/directory.hpp"
#include "tests/unit/cli/fake_environment.hpp"

#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>

namespace mapquake::testing {
namespace {

using nlohmann::json;

class NightlyTest : public CliTest {
 protected:
  Answer fuzz(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"fuzz",         "--map",        "rwlock_map", "--scenario", "mixed",
                                   "--only",       "schedules",    "--jobs",     "1",          "--store",
                                   store.string(), "--executions", "20000"};
    words.insert(words.end(), more.begin(), more.end());
    return call(words);
  }
  json status() { return json::parse(call({"status", store.string(), "--json"}).out); }
};

TEST_F(NightlyTest, ReplaysWhatTheLastRunFoundAndCountsItAsOne) {
  behaviour.failing_programs = {5};
  const Answer first = fuzz();
  EXPECT_EQ(first.code, 1) << first.out << first.err;
  EXPECT_NE(first.out.find("✗ rwlock_map × mixed"), std::string::npos) << first.out;
  const Answer second = fuzz({"--json"});
  EXPECT_EQ(second.code, 1) << second.err;
  const json line = json::parse(second.out);
  EXPECT_EQ(line.at("number"), 2);
  ASSERT_EQ(line.at("known").size(), 1u);
  EXPECT_EQ(line.at("known")[0].at("state"), "still failing");
  EXPECT_EQ(status().at("runs"), 2);
  EXPECT_EQ(status().at("defects").size(), 1u);
  EXPECT_EQ(status().at("maps")[0].at("standing"), "failing");
}

TEST_F(NightlyTest, NeverRepeatsTheSeedsOfAnEarlierRun) {
  fuzz(), fuzz({"--shard", "2/3"}), fuzz();
  std::vector<Error> problems;
  std::set<std::uint64_t> seeds;
  for (const auto& [id, run] : nightly::read_runs(store, problems)) {
    EXPECT_TRUE(seeds.insert(nightly::seed_of_run(run.seed, run.number, run.shards)).second);
    EXPECT_EQ(run.end, nightly::RunEnd::executions);
    EXPECT_GE(run.executions(), 20000u);
  }
  EXPECT_EQ(seeds.size(), 3u);
}

TEST_F(NightlyTest, EndsOnceItIsQuiet) {
  const Answer answer = call({"fuzz", "--map", "rwlock_map", "--scenario", "mixed", "--only", "schedules", "--store",
                              store.string(), "--until-quiet", "100ms", "--time", "1h", "--json"});
  EXPECT_EQ(answer.code, 0) << answer.out << answer.err;
  EXPECT_NE(json::parse(answer.out).at("ended_by"), "time");
}

TEST_F(NightlyTest, ASignalEndsItWithItsRecord) {
  signal = SIGTERM;
  EXPECT_EQ(fuzz().code, 143);
  EXPECT_EQ(status().at("runs_without_end"), 0);
}

TEST_F(NightlyTest, ASuppressedFailureIsNoFailure) {
  behaviour.failing_programs = {5};
  fuzz();
  const std::string signature = status().at("defects")[0].at("signature");
  std::ofstream(store / "known.txt") << "signature:" << signature << "  issue 12\n";
  const Answer answer = fuzz({"--suppressions", (store / "known.txt").string()});
  EXPECT_EQ(answer.code, 0) << answer.out << answer.err;
}

TEST_F(NightlyTest, MergesStores) {
  behaviour.failing_programs = {5};
  fuzz();
  const std::string into = (store / "into").string();
  EXPECT_EQ(call({"merge", store.string(), "--into", into}).code, 0);
  const Answer again = call({"merge", store.string(), into, "--into", into});
  EXPECT_NE(again.out.find("1 defect (0 new), 1 run (0 new)"), std::string::npos) << again.out;
}

TEST_F(NightlyTest, TellsOfDamagedFilesButNotOfAThousand) {
  for (int i = 0; i < 30; ++i) std::ofstream(store / (std::to_string(i) + ".toml")) << "mapquake = 1\nmap = \"my_m";
  const Answer answer = call({"status", store.string()});
  EXPECT_EQ(answer.code, 65);
  EXPECT_NE(answer.err.find("and 20 more"), std::string::npos) << answer.err;
}

TEST_F(NightlyTest, RefusesWhatIsNotThere) {
  EXPECT_EQ(call({"status", (store / "none").string()}).code, 74);
  EXPECT_EQ(call({"merge", (store / "none").string(), "--into", (store / "into").string()}).code, 74);
  EXPECT_EQ(call({"fuzz", "--store", store.string()}).code, 64);
  EXPECT_EQ(call({"fuzz", "--map", "rwlock_map"}).code, 64) << "without a store";
}

}  // namespace
}  // namespace mapquake::testing
