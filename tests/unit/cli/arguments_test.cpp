#include "harness/cli/arguments.hpp"

#include <gtest/gtest.h>

namespace mapquake::cli {
namespace {

Result<Arguments> parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "mapquake");
  return parse_arguments(static_cast<int>(words.size()), words.data());
}

std::string refusal(std::vector<const char*> words) {
  const auto arguments = parsed(std::move(words));
  if (arguments) return "accepted";
  EXPECT_EQ(arguments.error().code, ExitCode::usage);
  EXPECT_EQ(arguments.error().what.find('\n'), std::string::npos) << arguments.error().what;
  return arguments.error().what + " | " + arguments.error().hint;
}

TEST(CliArguments, RunExhaustivelyIsToProve) {
  const auto arguments = parsed({"run", "--exhaustive", "--map", "a", "--preemptions", "2", "--time", "9s"});
  ASSERT_TRUE(arguments) << arguments.error().what;
  const auto& prove = std::get<ProveArguments>(*arguments);
  EXPECT_EQ(prove.maps.names, (std::vector<std::string>{"a"}));
  EXPECT_EQ(prove.bounds.preemptions_max, 2u);
  EXPECT_EQ(prove.bounds.seconds, 9.0);
  EXPECT_EQ(refusal({"run", "--exhaustive", "--jobs", "2"}), refusal({"prove", "--jobs", "2"}));
  // Behind "--" stand the compiler's words.
  EXPECT_TRUE(std::holds_alternative<RunArguments>(*parsed({"run", "a.cpp", "--", "--exhaustive"})));
}

TEST(CliArguments, RunTakesEverything) {
  const auto arguments =
      parsed({"run",   "--map",           "a*",         "--map",     "b",    "--plugin",     "x.so",   "--scenario",
              "mixed", "--strategy",      "pct",        "--seed",    "9",    "--executions", "500",    "--time",
              "2m",    "--jobs",          "3",          "--shard",   "2/4",  "--threads",    "5",      "--ops",
              "6",     "--keys",          "7",          "--prefill", "8",    "--hash",       "few",    "--store",
              "s",     "--stop-at-first", "--expected", "--format",  "json", "--out",        "r.json", "--json",
              "--all"});
  ASSERT_TRUE(arguments) << arguments.error().what;
  const auto& run = std::get<RunArguments>(*arguments);
  EXPECT_EQ(run.maps.names, (std::vector<std::string>{"a*", "b"}));
  EXPECT_EQ(run.maps.plugins.size(), 1u);
  EXPECT_EQ(run.scenarios, (std::vector<std::string>{"mixed"}));
  EXPECT_EQ(run.campaign.plan.strategy, "pct");
  EXPECT_EQ(run.campaign.seed, 9u);
  EXPECT_EQ(run.campaign.executions, 500u);
  EXPECT_EQ(run.campaign.seconds, 120.0);
  EXPECT_EQ(run.campaign.jobs, 3u);
  EXPECT_EQ(run.campaign.shard, 2u);
  EXPECT_EQ(run.campaign.shards, 4u);
  EXPECT_EQ(run.campaign.plan.scenario.threads, 5u);
  EXPECT_EQ(run.campaign.plan.scenario.operations, 6u);
  EXPECT_EQ(run.campaign.plan.scenario.keys, 7u);
  EXPECT_EQ(run.campaign.plan.scenario.prefill, 8u);
  EXPECT_TRUE(run.campaign.plan.scenario.hash_given);
  EXPECT_EQ(run.campaign.plan.scenario.hash, abi::HashMode::few);
  EXPECT_EQ(run.campaign.store, "s");
  EXPECT_TRUE(run.campaign.stop_at_first && run.expected && run.json && run.all);
  EXPECT_EQ(run.format, Format::json);
  EXPECT_EQ(run.out, "r.json");
}

TEST(CliArguments, FilesOfRunAreSourcesAndPlugins) {
  const auto arguments = parsed({"run", "a.cpp", "x.so", "b.c", "--time", "1s", "--", "-Iinclude", "-O2"});
  ASSERT_TRUE(arguments) << arguments.error().what;
  const auto& run = std::get<RunArguments>(*arguments);
  EXPECT_EQ(run.maps.build.sources, (std::vector<std::filesystem::path>{"a.cpp", "b.c"}));
  EXPECT_EQ(run.maps.build.flags, (std::vector<std::string>{"-Iinclude", "-O2"}));
  EXPECT_EQ(run.maps.plugins, (std::vector<std::filesystem::path>{"x.so"}));
  EXPECT_NE(refusal({"run", "a.txt"}).find("\"a.txt\" is neither a source"), std::string::npos);
}

TEST(CliArguments, FlagsForTheCompilerNeedASource) {
  EXPECT_NE(refusal({"run", "x.so", "--", "-O2"}).find("no source is named"), std::string::npos);
  EXPECT_NE(refusal({"list", "--", "-O2"}).find("no source is named"), std::string::npos);
}

TEST(CliArguments, BuildTakesSourcesAlone) {
  const auto arguments = parsed({"build", "a.cpp", "b.cc", "--out", "c.so", "--commands", "--", "--time"});
  ASSERT_TRUE(arguments) << arguments.error().what;
  const auto& build = std::get<BuildArguments>(*arguments);
  EXPECT_EQ(build.request.sources.size(), 2u);
  EXPECT_EQ(build.request.flags, (std::vector<std::string>{"--time"}));
  EXPECT_EQ(build.out, "c.so");
  EXPECT_TRUE(build.commands);
  EXPECT_NE(refusal({"build", "x.so"}).find("is no source"), std::string::npos);
  EXPECT_NE(refusal({"build"}), "accepted");
}

TEST(CliArguments, BudgetsAddUp) {
  const auto arguments =
      parsed({"run", "--all", "--budget", "p99_steps=200", "--budget", "find.waits=0", "--budget", "p99_steps=200"});
  ASSERT_TRUE(arguments) << arguments.error().what;
  const std::span<const Budget> budgets = std::get<RunArguments>(*arguments).campaign.plan.budgets;
  ASSERT_EQ(budgets.size(), 2u);
  EXPECT_EQ(to_string(budgets[0]), "p99_steps=200");
  EXPECT_EQ(to_string(budgets[1]), "find.max_waits=0");
  EXPECT_NE(refusal({"run", "--all", "--budget", "p99_stps=200"}).find("\"stps\" is no figure"), std::string::npos);
}

TEST(CliArguments, SizesAreRefusedAboveWhatAProgramHolds) {
  const auto accepts = [](const char* option, std::size_t value) {
    const std::string text = std::to_string(value);
    return static_cast<bool>(parsed({"run", "--all", option, text.c_str()}));
  };
  constexpr std::size_t operations_max = program_operations_max / program_threads_max;
  EXPECT_TRUE(accepts("--ops", operations_max));
  EXPECT_FALSE(accepts("--ops", operations_max + 1));
  EXPECT_TRUE(accepts("--threads", program_threads_max));
  EXPECT_FALSE(accepts("--threads", program_threads_max + 1));
  EXPECT_TRUE(accepts("--prefill", 0));
  EXPECT_FALSE(accepts("--threads", 0));
  EXPECT_TRUE(accepts("--prefill", program_prefill_max));
  EXPECT_FALSE(accepts("--prefill", program_prefill_max + 1));
  EXPECT_EQ(refusal({"run", "--all", "--ops", "70000"}),
            "run: --ops: Value 70000 not in range 1 to 10485. More threads do more (--threads) | See `mapquake run "
            "--help`.");
}

TEST(CliArguments, ExecutionsAloneLiftTheTimeLimit) {
  EXPECT_EQ(std::get<RunArguments>(*parsed({"run", "--all", "--executions", "5"})).campaign.seconds, 0.0);
  EXPECT_EQ(std::get<RunArguments>(*parsed({"run", "--all"})).campaign.seconds, 10.0);
}

TEST(CliArguments, OneSentenceForEachMistake) {
  EXPECT_EQ(refusal({"rnu"}), "unknown command \"rnu\" | Did you mean \"run\"? See `mapquake --help`.");
  EXPECT_EQ(refusal({"run", "--exections", "5"}),
            "run: unknown option \"--exections\" | Did you mean \"--executions\"? See `mapquake run --help`.");
  EXPECT_EQ(refusal({"run", "--tmie=5s"}),
            "run: unknown option \"--tmie\" | Did you mean \"--time\"? See `mapquake run --help`.");
  EXPECT_EQ(refusal({"run", "--keep-going", "--verbose"}),
            "run: unknown option \"--verbose\" | See `mapquake run --help`.");
  EXPECT_NE(refusal({}).find("no command"), std::string::npos);
  EXPECT_NE(refusal({"run", "--time", "soon"}).find("\"soon\" is no duration"), std::string::npos);
  EXPECT_NE(refusal({"run", "--shard", "5/4"}).find("1 <= i <= n"), std::string::npos);
  EXPECT_NE(refusal({"run", "--shard", "4"}).find("1 <= i <= n"), std::string::npos);
  EXPECT_NE(refusal({"run", "--strategy", "luck"}).find("--strategy"), std::string::npos);
  EXPECT_NE(refusal({"run", "--jobs", "0"}).find("--jobs"), std::string::npos);
  EXPECT_NE(refusal({"run", "--threads", "101"}).find("--threads"), std::string::npos);
  EXPECT_NE(refusal({"run", "--seed", "-1"}).find("--seed"), std::string::npos);
  EXPECT_NE(refusal({"replay"}).find("FILE"), std::string::npos);
  EXPECT_NE(refusal({"replay", "a", "b"}).find("replay"), std::string::npos);
  EXPECT_NE(refusal({"replay", "a", "--step", "3"}).find("--gdb"), std::string::npos);
  EXPECT_NE(refusal({"replay", "a", "--gdb", "--step", "0"}).find("--step"), std::string::npos);
  EXPECT_NE(refusal({"replay", "a", "--", "-batch"}).find("no --gdb"), std::string::npos);
}

TEST(CliArguments, OptionsForGdbAreHandedOn) {
  const auto replay =
      std::get<ReplayArguments>(*parsed({"replay", "a", "--gdb", "--step", "3", "--", "-batch", "--gdb"}));
  EXPECT_TRUE(replay.gdb);
  EXPECT_EQ(replay.step, 3u);
  EXPECT_EQ(replay.gdb_arguments, (std::vector<std::string>{"-batch", "--gdb"}));
}

TEST(CliArguments, HelpAndVersionArePrinted) {
  EXPECT_NE(std::get<PrintArguments>(*parsed({"--help"})).text.find("mapquake list"), std::string::npos);
  const std::string run = std::get<PrintArguments>(*parsed({"run", "--help"})).text;
  for (const char* part : {"--executions", "--stop-at-first", "--only", "Examples:", "--expected --time 60s"}) {
    EXPECT_NE(run.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(std::get<PrintArguments>(*parsed({"--version"})).text, std::string("mapquake ") + MAPQUAKE_VERSION + "\n");
}

}  // namespace
}  // namespace mapquake::cli
