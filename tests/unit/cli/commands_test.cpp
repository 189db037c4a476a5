#include "tests/unit/cli/fake_environment.hpp"

#include "harness/store/fsio.hpp"

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

namespace mapquake {
namespace {

using testing::CliTest;

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(CliTest, ListShowsMapsScenariosAndStrategies) {
  const Answer answer = call({"list"});
  EXPECT_EQ(answer.code, 0);
  for (const char* part :
       {"rwlock_map", "all operations concurrent", "insert find", "nothing declared", "mixed", "pct"}) {
    EXPECT_TRUE(contains(answer.out, part)) << part << "\n" << answer.out;
  }
}

TEST_F(CliTest, ListAndTheHeadOfACampaignSayWhereRacesAreLookedFor) {
  EXPECT_FALSE(contains(call({"list"}).out, "not instrumented"));
  maps[0].unseen_libraries = {"libtbb.so.12", "libcds.so"};
  maps[1].unseen_libraries = {"libcds.so"};
  const std::string_view line = "libcds.so  not instrumented: data races are looked for in the code of rwlock_map";
  EXPECT_TRUE(contains(call({"list"}).out, std::string(line) + ", "));
  EXPECT_TRUE(contains(call({"run", "--map", "rwlock_map", "--executions", "100"}).out, std::string(line) + " alone"));
}

TEST_F(CliTest, ListAsJson) {
  maps[1].expected_outcomes = "deadlock|hang";
  const auto json = nlohmann::json::parse(call({"list", "--json", "--map", "s*"}).out);
  ASSERT_EQ(json["maps"].size(), 2u);
  EXPECT_EQ(json["maps"][0]["name"], "sharded_map");
  EXPECT_EQ(json["maps"][0]["expected_outcomes"], "deadlock|hang");
  EXPECT_EQ(json["maps"][0]["operations"], nlohmann::json({"insert", "find"}));
  EXPECT_EQ(json["maps"][0]["scenarios"], nlohmann::json({"mixed", "iterate-while-writing"}));
  EXPECT_EQ(json["maps"][1]["scenarios"].size(), 0u);
}

TEST_F(CliTest, ACleanCampaignExitsWithZero) {
  const Answer answer = call({"run", "--map", "rwlock_map", "--executions", "1000", "--store", store.string()});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_TRUE(contains(answer.out, "rwlock_map  mixed")) << answer.out;
  EXPECT_TRUE(contains(answer.out, "clean"));
  EXPECT_TRUE(contains(answer.out, "2,000 executions")) << answer.out;
  EXPECT_FALSE(contains(answer.out, "\x1b"));
}

TEST_F(CliTest, ACampaignSaysWhatItCoversAndWhatNot) {
  const auto says = [&](std::string_view text, std::vector<std::string> more) {
    std::vector<std::string> arguments{"run", "--map", "rwlock_map", "--executions", "600", "--store", store.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return contains(call(arguments).out, text);
  };
  EXPECT_TRUE(says("covers: the order of the threads · allocations that fail", {}));
  EXPECT_TRUE(says("executions by hazard: schedules 600, failures 200, disturbances 200, weak-memory 200.", {}));
  EXPECT_TRUE(says("not covered: failures (not asked for) · disturbances (not asked for) · weak-memory (not asked",
                   {"--only", "schedules"}));
  EXPECT_TRUE(says("not covered: weak-memory (not asked for)", {"--memory-model", "sc"}));
  EXPECT_TRUE(says("executions by hazard: as asked 1,200.", {"--faults", "delay"}));
  maps[0].claims.on_bad_alloc = ExceptionGuarantee::none;
  maps[0].unseen_libraries = {"libtbb.so"};
  EXPECT_TRUE(says("failures (no guarantee is claimed) · weak-memory (libraries are not instrumented)", {}));
}

TEST_F(CliTest, AFailureIsShownSavedAndExitsWithOne) {
  behaviour.failing_programs = {5};
  const Answer answer =
      call({"run", "--map", "rwlock_map", "--scenario", "mixed", "--executions", "1000", "--store", store.string()});
  EXPECT_EQ(answer.code, 1);
  EXPECT_FALSE(only_file().empty());
  for (const char* part : {"✗ not linearizable (lost key)", "preempted before write  fake_map.hpp:20",
                           "Why: ", "1 distinct failure", "mapquake replay "}) {
    EXPECT_TRUE(contains(answer.out, part)) << part << "\n" << answer.out;
  }
}

TEST_F(CliTest, JsonIsOneLineWithTheFieldsOfTheContract) {
  behaviour.failing_programs = {5};
  const Answer answer = call({"run", "--map", "rwlock_map", "--scenario", "mixed", "--executions", "1000", "--store",
                              store.string(), "--json"});
  EXPECT_EQ(std::count(answer.out.begin(), answer.out.end(), '\n'), 1);
  const auto json = nlohmann::json::parse(answer.out);
  for (const char* field : {"executions", "executions_per_s", "steps_per_s", "switches_per_s"}) {
    EXPECT_TRUE(json[field].is_number()) << field;
  }
  ASSERT_EQ(json["failures"].size(), 1u);
  const auto& failure = json["failures"][0];
  EXPECT_EQ(failure["map"], "rwlock_map");
  EXPECT_EQ(failure["scenario"], "mixed");
  EXPECT_EQ(failure["outcome"], "not linearizable");
  EXPECT_EQ(failure["replay"], only_file());
  EXPECT_EQ(failure["threads"], 2);
  EXPECT_EQ(failure["operations"], 4);
  EXPECT_EQ(failure["preemptions"], 1);
  EXPECT_EQ(failure["faults"], 0);
  EXPECT_EQ(failure["executions_to_failure"], 5 * 64 + 1);
  EXPECT_EQ(failure["signature"].get<std::string>().size(), 16u);
  EXPECT_EQ(failure["trace_hash"].get<std::string>().size(), 16u);
}

TEST_F(CliTest, TheReportGoesToAFileAsTextOrJson) {
  behaviour.failing_programs = {5};
  const std::string out = (store / "report").string();
  const std::vector<std::string> words{"run",          "--map", "rwlock_map", "--executions", "1000", "--store",
                                       store.string(), "--out", out};
  EXPECT_EQ(call(words).code, 1);
  EXPECT_TRUE(contains(*read_file_bounded(out, 1 << 20), "preempted before write"));
  std::vector<std::string> json_words = words;
  json_words.insert(json_words.end(), {"--format", "json"});
  EXPECT_EQ(call(json_words).code, 1);
  const auto json = nlohmann::json::parse(*read_file_bounded(out, 1 << 20));
  EXPECT_EQ(json["cells"].size(), 2u);
  ASSERT_EQ(json["reports"].size(), 1u);
  EXPECT_TRUE(json["reports"][0]["steps"].is_array());
}

TEST_F(CliTest, AScenarioThatIsNotClaimedRunsOnlyWhenNamedAndSaysSo) {
  Answer answer = call({"run", "--map", "std_unordered_map", "--executions", "64", "--store", store.string()});
  EXPECT_EQ(answer.code, 64);
  EXPECT_TRUE(contains(answer.err, "no scenario fits")) << answer.err;
  behaviour.failing_programs = {0};
  answer = call({"run", "--map", "std_unordered_map", "--scenario", "iterate-while-writing", "--executions", "64",
                 "--store", store.string()});
  EXPECT_EQ(answer.code, 1);
  EXPECT_TRUE(contains(answer.out, "std_unordered_map does not claim what iterate-while-writing asks")) << answer.out;
}

TEST_F(CliTest, MapsWithoutAScenarioAreNamed) {
  const Answer answer = call({"run", "--all", "--executions", "64", "--store", store.string()});
  EXPECT_EQ(answer.code, 0);
  EXPECT_TRUE(contains(answer.out, "note: no scenario that is claimed by std_unordered_map")) << answer.out;
  EXPECT_TRUE(contains(answer.out, "3 maps, 4 cells of map × scenario")) << answer.out;
}

TEST_F(CliTest, ExpectedFailuresExitWithZeroAndMissingOnesWithOne) {
  maps[0].expected_outcomes = "not linearizable";
  const std::vector<std::string> words{"run", "--map",   "rwlock_map",   "--executions",
                                       "640", "--store", store.string(), "--expected"};
  Answer answer = call(words);
  EXPECT_EQ(answer.code, 1);
  EXPECT_TRUE(contains(answer.out, "rwlock_map: expected not linearizable, but found no failure")) << answer.out;
  behaviour.failing_programs = {3};
  answer = call(words);
  EXPECT_EQ(answer.code, 0) << answer.out;
  EXPECT_TRUE(contains(answer.out, "as expected"));
  EXPECT_FALSE(contains(answer.out, "Why: "));
  maps[0].expected_outcomes = "deadlock";
  answer = call(words);
  EXPECT_EQ(answer.code, 1);
  EXPECT_TRUE(contains(answer.out, "expected deadlock, but: not linearizable (lost key) in mixed")) << answer.out;
}

TEST_F(CliTest, OneSentenceAndTheRightCodeForEachWrongName) {
  Answer answer = call({"run", "--map", "rwlock_mpa"});
  EXPECT_EQ(answer.code, 64);
  EXPECT_TRUE(contains(answer.err, "mapquake: unknown map \"rwlock_mpa\"\n          Did you mean \"rwlock_map\"?"))
      << answer.err;
  answer = call({"run", "--map", "zz*"});
  EXPECT_TRUE(contains(answer.err, "no map matches \"zz*\"")) << answer.err;
  answer = call({"run", "--map", "rwlock_map", "--scenario", "mxied"});
  EXPECT_EQ(answer.code, 64);
  EXPECT_TRUE(contains(answer.err, "unknown scenario \"mxied\"\n          Did you mean \"mixed\"?")) << answer.err;
  answer = call({"run"});
  EXPECT_EQ(answer.code, 64);
  EXPECT_TRUE(contains(answer.err, "no map is named"));
  answer = call({"run", "--plugin", "junk.so"});
  EXPECT_EQ(answer.code, 65);
  EXPECT_TRUE(contains(answer.err, "junk.so: not a plugin\n          Build one."));
}

TEST_F(CliTest, AStoreThatCannotBeWrittenIsToldBeforeAnythingRuns) {
  std::ofstream(store / "file") << "x";
  const Answer answer = call({"run", "--map", "rwlock_map", "--store", (store / "file").string()});
  EXPECT_EQ(answer.code, 74);
  EXPECT_TRUE(contains(answer.err, "cannot write to the store")) << answer.err;
  EXPECT_EQ(answer.out, "");
}

TEST_F(CliTest, APluginAloneRunsItsMapsAndReplaysFindThem) {
  behaviour.failing_programs = {0};
  const Answer answer =
      call({"run", "--plugin", "mine.so", "--scenario", "mixed", "--executions", "64", "--store", store.string()});
  EXPECT_EQ(answer.code, 1);
  EXPECT_TRUE(contains(answer.out, "mine"));
  EXPECT_FALSE(contains(answer.out, "sharded_map"));
  EXPECT_EQ(call({"replay", only_file()}).code, 1);
}

TEST_F(CliTest, ReplayRepeatsAndCountsTraceHashes) {
  const std::string file = stored_failure();
  const Answer answer = call({"replay", file, "--times", "1000"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_TRUE(contains(answer.out, "happened again in 1,000 of 1,000 runs · 1 distinct trace hash: ")) << answer.out;
  const auto json = nlohmann::json::parse(call({"replay", file, "--times", "7", "--json"}).out);
  EXPECT_EQ(json["runs"], 7);
  EXPECT_EQ(json["distinct_trace_hashes"], 1);
  EXPECT_EQ(json["same_build"], true);
}

TEST_F(CliTest, ReplayTellsNondeterminism) {
  const std::string file = stored_failure();
  behaviour.deterministic = false;
  const Answer answer = call({"replay", file, "--times", "5"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_TRUE(contains(answer.out, "5 distinct trace hashes")) << answer.out;
  EXPECT_EQ(call({"replay", file}).code, 2);  // one run, but not the hash that the file has of the same build
}

TEST_F(CliTest, ReplayOfAnotherBuildFindsTheEventsAndSaysWhatItCannotCompare) {
  const std::string file = stored_failure();
  behaviour.added_events = 2;
  maps[0].build = "fedcba9876543210";
  const Answer answer = call({"replay", file});
  EXPECT_EQ(answer.code, 1) << answer.err;
  EXPECT_TRUE(contains(answer.out, "cannot be compared")) << answer.out;
}

TEST_F(CliTest, ReplayOfARepairedMapDivergesOrIsClean) {
  const std::string file = stored_failure();
  behaviour.write_pc = testing::store_pc;
  Answer answer = call({"replay", file});
  EXPECT_EQ(answer.code, 65);
  EXPECT_TRUE(contains(answer.err, "diverged at choice 1 of 1")) << answer.err;
  EXPECT_TRUE(contains(answer.err, "--nearest")) << answer.err;
  behaviour.write_pc = testing::load_pc;
  answer = call({"replay", "--nearest", file});
  EXPECT_NE(answer.code, 65) << answer.err;
}

TEST_F(CliTest, ReplayRefusesWhatIsNoReplayFile) {
  std::ofstream(store / "junk.toml") << "hello";
  EXPECT_EQ(call({"replay", (store / "junk.toml").string()}).code, 65);
  EXPECT_EQ(call({"replay", (store / "missing.toml").string()}).code, 74);
  const std::string file = stored_failure();
  maps.erase(maps.begin());
  const Answer answer = call({"replay", file});
  EXPECT_EQ(answer.code, 65);
  EXPECT_TRUE(contains(answer.err, "which is not bundled")) << answer.err;
}

TEST_F(CliTest, ExplainShowsTheReport) {
  const std::string file = stored_failure();
  const Answer answer = call({"explain", file});
  EXPECT_EQ(answer.code, 0);
  for (const char* part : {"rwlock_map × mixed: not linearizable (lost key)", "preempted before write", "Minimal: "}) {
    EXPECT_TRUE(contains(answer.out, part)) << part << "\n" << answer.out;
  }
  EXPECT_EQ(nlohmann::json::parse(call({"explain", file, "--format", "json"}).out)["preemptions"], 1);
}

TEST_F(CliTest, ShrinkSavesTheSmallerCase) {
  const std::string file = stored_failure();
  const std::string out = (store / "smaller.toml").string();
  const Answer answer = call({"shrink", file, "--out", out});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_TRUE(contains(answer.out, "now  2 threads")) << answer.out;
  const auto smaller = load_replay(out, false);
  ASSERT_TRUE(smaller);
  EXPECT_EQ(smaller->executions_to_failure, 5u * 64 + 1);
  behaviour.write_pc = testing::added_pc;
  EXPECT_EQ(call({"shrink", file}).code, 65);
}

TEST_F(CliTest, EmittedTestHoldsTheFile) {
  const std::string file = stored_failure();
  const std::string out = (store / "lost_key_test.cpp").string();
  EXPECT_EQ(call({"replay", file, "--emit-gtest", out}).code, 0);
  const std::string source = *read_file_bounded(out, 1 << 20);
  EXPECT_TRUE(contains(source, "TEST(RwlockMap, LostKey)")) << source;
  EXPECT_TRUE(contains(source, to_toml(*load_replay(file, false))));
  EXPECT_TRUE(contains(source, "\"/opt/bin/mapquake\""));
}

TEST_F(CliTest, RunBuildsASourceFirst) {
  const auto answer = call({"run", "mine.cpp", "--executions", "100", "--store", store.string()});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_TRUE(contains(answer.out, "mine"));
  EXPECT_FALSE(contains(answer.out, "rwlock_map"));
  const auto wrong = call({"run", "other.cpp", "--store", store.string()});
  EXPECT_EQ(wrong.code, 65);
  EXPECT_TRUE(contains(wrong.err, "other.cpp: does not compile"));
}

TEST_F(CliTest, WithAPluginAGlobMeansItsMapsAlone) {
  for (MapInfo& map : maps) map.bundled = true;
  const auto run = [&](const std::string& map) {
    return call({"run", "--plugin", "mine.so", "--map", map, "--executions", "100", "--store", store.string()});
  };
  EXPECT_FALSE(contains(run("*").out, "rwlock_map"));
  EXPECT_TRUE(contains(run("*").out, "mine"));
  EXPECT_EQ(run("rwlock_*").code, 64);
  EXPECT_EQ(run("rwlock_map").code, 0);
}

TEST_F(CliTest, HelpTopics) {
  EXPECT_TRUE(contains(call({"help", "adapter"}).out, "mapquake run my_map_adapter.cpp"));
  EXPECT_TRUE(contains(call({"help", "outcomes"}).out, "not linearizable"));
  EXPECT_TRUE(contains(call({"help", "strategies"}).out, "pct"));
  EXPECT_TRUE(contains(call({"help", "scenarios"}).out, "iterate-while-writing"));
  EXPECT_TRUE(contains(call({"help", "exit-codes"}).out, "130"));
  EXPECT_TRUE(contains(call({"help", "budgets"}).out, "copied_bytes"));
  EXPECT_TRUE(contains(call({"help", "run"}).out, "--executions"));
  EXPECT_TRUE(contains(call({"help"}).out, "mapquake list"));
  const Answer answer = call({"help", "adaptor"});
  EXPECT_EQ(answer.code, 64);
  EXPECT_TRUE(contains(answer.err, "Did you mean \"adapter\"?"));
}

TEST_F(CliTest, AnInterruptionEndsTheCampaignWithItsTable) {
  signal = SIGINT;
  const Answer answer = call({"run", "--map", "rwlock_map", "--time", "1h", "--store", store.string()});
  EXPECT_EQ(answer.code, 130);
  EXPECT_TRUE(contains(answer.out, "Interrupted")) << answer.out;
}

TEST_F(CliTest, ALiveDisplayErasesWhatItDrew) {
  live = true;
  behaviour.failing_programs = {3};
  const Answer answer = call({"run", "--map", "rwlock_map", "--executions", "640", "--store", store.string()});
  EXPECT_EQ(answer.code, 1);
  EXPECT_TRUE(contains(answer.out, "\x1b[J"));
  EXPECT_TRUE(contains(answer.out, "█"));
}

}  // namespace
}  // namespace mapquake
