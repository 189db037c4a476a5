// --faults, --sweep and --budget, as a user gives them.
#include "tests/support/executors.hpp"
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
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing_support::run_mapquake;
using testing_support::TemporaryDirectory;

class FaultCommands : public testing::Test {
 protected:
  testing_support::ProcessResult run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "run");
    arguments.insert(arguments.end(), {"--store", store_.path(), "--jobs", "1"});
    return run_mapquake(arguments);
  }
  json summary(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    result_ = run(std::move(arguments));
    return json::parse(result_.out);
  }

  TemporaryDirectory store_;
  testing_support::ProcessResult result_;
};

TEST_F(FaultCommands, WithoutFaultsADefectThatNeedsOneStaysHidden) {
  const json clean = summary({"--map", "buggy_throwing_callback", "--scenario", "mixed-operations", "--executions",
                              "3000", "--only", "schedules"});
  EXPECT_EQ(result_.exit_code, 0) << result_.out;
  const json found = summary({"--map", "buggy_throwing_callback", "--scenario", "mixed-operations", "--executions",
                              "20000", "--faults", "user", "--stop-at-first"});
  EXPECT_EQ(result_.exit_code, 1) << result_.out << result_.err;
  ASSERT_EQ(found.at("failures").size(), 1u);
  EXPECT_EQ(found.at("failures")[0].at("outcome"), "exception guarantee broken");
  EXPECT_EQ(found.at("failures")[0].at("faults"), 1);
}

TEST_F(FaultCommands, AThreadThatStartsLateIsFoundAndTold) {
  const std::vector<std::string> late{"--map", "buggy_late_start", "--scenario", "mixed-operations", "--executions",
                                      "20000", "--faults",         "delay",      "--stop-at-first"};
  const json found = summary(late);
  ASSERT_EQ(found.at("failures").size(), 1u) << result_.out << result_.err;
  const json& failure = found.at("failures")[0];
  EXPECT_EQ(failure.at("outcome"), "not linearizable");
  EXPECT_EQ(failure.at("threads"), 1);
  EXPECT_EQ(failure.at("operations"), 1);
  EXPECT_EQ(failure.at("faults"), 1);
  const auto explained = run_mapquake({"explain", failure.at("replay")});
  EXPECT_THAT(explained.out, ContainsRegex("stands still for [0-9.]+ (ns|µs|ms|s)"));
  const json without = summary(
      {"--map", "buggy_late_start", "--scenario", "mixed-operations", "--executions", "5000", "--only", "schedules"});
  EXPECT_EQ(result_.exit_code, 0) << result_.out;
}

TEST_F(FaultCommands, AnExplainedAllocationFailureHasItsStackAndThePromise) {
  const json found = summary({"--map", "buggy_half_moved_table", "--sweep", "--executions", "20000"});
  ASSERT_EQ(found.at("failures").size(), 1u) << result_.out << result_.err;
  const std::string replay = found.at("failures")[0].at("replay");
  const auto explained = run_mapquake({"explain", replay});
  EXPECT_THAT(explained.out, AllOf(HasSubstr("allocation "), HasSubstr("half_moved_table.cpp:"),
                                   HasSubstr("Promised: the strong guarantee")));
  const json report = json::parse(run_mapquake({"explain", replay, "--format", "json"}).out);
  ASSERT_EQ(report.at("failure_points").size(), 1u);
  EXPECT_FALSE(report.at("failure_points")[0].at("stack").empty());
  EXPECT_EQ(run_mapquake({"replay", replay, "--times", "5"}).exit_code, 1);
}

TEST_F(FaultCommands, ASweepSaysHowManyPointsItWentThrough) {
  const auto swept = run({"--map", "fixed_half_moved_table", "--sweep", "--executions", "2000"});
  EXPECT_EQ(swept.exit_code, 0) << swept.out << swept.err;
  EXPECT_THAT(swept.out, HasSubstr("failure points"));
}

TEST_F(FaultCommands, OneDeclaredPointAlone) {
  const std::vector<std::string> common{"--map",         "buggy_declared_failure", "--scenario",
                                        "single-thread", "--executions",           "5000"};
  auto with = [&](const char* faults) {
    std::vector<std::string> arguments = common;
    arguments.insert(arguments.end(), {"--faults", faults});
    return run(arguments).exit_code;
  };
  EXPECT_EQ(with("declared:journal/write"), 1);
  EXPECT_EQ(with("declared:journal/read"), 0);
}

TEST_F(FaultCommands, CrashesAreOnlyInjectedWhereTheyAreAskedFor) {
  const auto listed = run_mapquake({"list", "--faults", "--map", "fixed_declared_failure"});
  EXPECT_THAT(listed.out, AllOf(HasSubstr("crash"), HasSubstr("spike"), HasSubstr("journal/write")));
  const json found = summary({"--map", "buggy_stalled_writer", "--scenario", "mixed-operations", "--executions",
                              "50000", "--faults", "crash", "--stop-at-first"});
  ASSERT_EQ(found.at("failures").size(), 1u) << result_.out;
  EXPECT_EQ(found.at("failures")[0].at("outcome"), "deadlock");
  EXPECT_EQ(summary({"--map", "fixed_stalled_writer", "--scenario", "mixed-operations", "--executions", "5000",
                     "--faults", "all,crash"})
                .at("exit_code"),
            0)
      << result_.out;
}

TEST_F(FaultCommands, ABudgetIsAFailureWithFiguresThatReplays) {
  const json found = summary({"--map", "rwlock_map", "--scenario", "mixed-operations", "--executions", "5000",
                              "--budget", "insert.max_allocations=0"});
  ASSERT_EQ(found.at("failures").size(), 1u) << result_.out << result_.err;
  const json failure = found.at("failures")[0];
  EXPECT_EQ(failure.at("outcome"), "budget exceeded");
  EXPECT_EQ(failure.at("label"), "insert.max_allocations");
  EXPECT_EQ(failure.at("threads"), 1);
  EXPECT_EQ(failure.at("operations"), 1);
  EXPECT_GT(failure.at("figures").at("insert").at("allocations").at("max").get<int>(), 0);
  EXPECT_THAT(failure.at("why").get<std::string>(), HasSubstr("insert.max_allocations"));
  const std::string replay = failure.at("replay");
  EXPECT_EQ(run_mapquake({"replay", replay, "--times", "20"}).exit_code, 1);
  EXPECT_THAT(run_mapquake({"explain", replay}).out, AllOf(HasSubstr("the budget insert.max_allocations allows 0"),
                                                           HasSubstr("Used:  1 × insert: at most steps")));
  const json report = json::parse(run_mapquake({"explain", replay, "--format", "json"}).out);
  EXPECT_GT(report.at("figures").at("insert").at("allocations").at("max").get<int>(), 0);
}

TEST_F(FaultCommands, TheFiguresOfACampaignAreBudgetsThatHold) {
  const std::vector<std::string> campaign{"--map",        "rwlock_map", "--scenario", "mixed-operations",
                                          "--executions", "3000",       "--seed",     "9"};
  std::vector<std::string> with_figures = campaign;
  with_figures.emplace_back("--figures");
  const json figures = summary(with_figures).at("figures").at("rwlock_map").at("insert");
  EXPECT_GT(figures.at("calls"), 1000);
  const std::uint64_t steps = figures.at("steps").at("max");
  EXPECT_GE(steps, figures.at("steps").at("p99").get<std::uint64_t>());
  EXPECT_GE(figures.at("steps").at("p99"), figures.at("steps").at("p50"));
  const auto budget = [&](std::uint64_t limit) {
    std::vector<std::string> bounded = campaign;
    bounded.insert(bounded.end(), {"--budget", "insert.max_steps=" + std::to_string(limit)});
    return summary(bounded).at("failures").size();
  };
  EXPECT_EQ(budget(steps), 0u);
  EXPECT_EQ(budget(steps - 1), 1u);
  EXPECT_THAT(run(with_figures).out, AllOf(HasSubstr("What the operations of rwlock_map used"), HasSubstr("p99")));
  EXPECT_FALSE(summary(campaign).contains("figures"));
}

TEST_F(FaultCommands, WithinItsBudgetsAMapIsClean) {
  const auto clean = run({"--map", "rwlock_map", "--scenario", "mixed-operations", "--executions", "5000", "--budget",
                          "find.allocations=0", "--budget", "p99_steps=100000"});
  EXPECT_EQ(clean.exit_code, 0) << clean.out << clean.err;
  EXPECT_THAT(clean.out, Not(HasSubstr("Used:")));
}

TEST_F(FaultCommands, WhatCannotBeReadIsRefused) {
  EXPECT_EQ(run({"--map", "rwlock_map", "--budget", "find.p98_steps=1"}).exit_code, 64);
  EXPECT_EQ(run({"--map", "rwlock_map", "--faults", "dealy"}).exit_code, 64);
  EXPECT_EQ(run({"--map", "rwlock_map", "--faults", "declared:"}).exit_code, 64);
}

}  // namespace
}  // namespace mapquake
