#include "harness/campaign/incident_run.hpp"

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/campaign/fake_executor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

namespace mapquake {
namespace {

using testing::FakeBehaviour;
using testing::FakeExecutor;

class IncidentRunTest : public ::testing::Test {
 protected:
  IncidentRunTest() {
    told_.map = "fake";
    told_.run.scenario = "mixed-operations";
    told_.executions = 4096;
    told_.seconds = 60;
    options_.store = store_.path();
  }
  CaseResult run() {
    CampaignServices services;
    services.make_executor = [this](const MapInfo&) -> Result<std::unique_ptr<Executor>> {
      if (!loadable_) return Error{ExitCode::bad_input, "fake: not a plugin", ""};
      return std::unique_ptr<Executor>(new Listening(behaviour_, requests_));
    };
    services.make_symbolizer = [](const MapInfo&) { return SiteFunction(testing::fake_site); };
    services.shrink_case = testing::fake_shrink;
    services.signal = &signal_;
    return run_incident_case(told_, "I0", testing::fake_map("fake"), options_, services, {});
  }
  void must_fail(Outcome outcome, const std::string& label = "") { told_.fails = {{outcome, label}}; }

  testing_support::TemporaryDirectory store_;
  IncidentCase told_;
  IncidentOptions options_;
  FakeBehaviour behaviour_;
  bool loadable_ = true;
  std::atomic<int> signal_{0};
  std::vector<ExploreRequest> requests_;

 private:
  /// Leaves behind what it was asked.
  class Listening final : public Executor {
   public:
    Listening(FakeBehaviour behaviour, std::vector<ExploreRequest>& requests)
        : fake_(std::move(behaviour)), requests_(requests) {}
    Execution execute(const Case& input, bool trace) override { return fake_.execute(input, trace); }
    SearchResult search(const SearchRequest& request) override { return fake_.search(request); }
    ExploreResult explore(const ExploreRequest& request, ExploreProgress& progress) override {
      requests_.push_back(request);
      return fake_.explore(request, progress);
    }
    void fresh_process() override { fake_.fresh_process(); }
    void show_output(bool shown) override { fake_.show_output(shown); }

   private:
    FakeExecutor fake_;
    std::vector<ExploreRequest>& requests_;
  };
};

TEST_F(IncidentRunTest, ABrokenMapFailsAsToldWithItsMinimalCase) {
  must_fail(Outcome::not_linearizable);
  behaviour_.failing_programs = {5};
  const CaseResult result = run();
  EXPECT_EQ(result.verdict, CaseVerdict::fails_as_told);
  EXPECT_TRUE(result.holds());
  EXPECT_EQ(result.headline, "not linearizable (lost key)");
  EXPECT_EQ(result.threads, 2u);
  EXPECT_EQ(result.operations, 4u);
  EXPECT_EQ(result.preemptions, 1u);
  EXPECT_EQ(result.prefill, 2u);
  EXPECT_TRUE(std::filesystem::exists(result.path));
}

TEST_F(IncidentRunTest, TheLabelCountsWhereItIsTold) {
  behaviour_.failing_programs = {5};
  must_fail(Outcome::not_linearizable, "lost key");
  EXPECT_EQ(run().verdict, CaseVerdict::fails_as_told);
  must_fail(Outcome::not_linearizable, "stale value");
  EXPECT_EQ(run().verdict, CaseVerdict::fails_otherwise);
}

TEST_F(IncidentRunTest, AnotherFailureOrNoneIsNotWhatWasTold) {
  must_fail(Outcome::deadlock);
  EXPECT_EQ(run().verdict, CaseVerdict::not_found);
  behaviour_.failing_programs = {5};
  const CaseResult other = run();
  EXPECT_EQ(other.verdict, CaseVerdict::fails_otherwise);
  EXPECT_FALSE(other.holds());
}

TEST_F(IncidentRunTest, ADefenceIsCleanForAllItsExecutionsOrItFails) {
  const CaseResult clean = run();
  EXPECT_EQ(clean.verdict, CaseVerdict::clean);
  EXPECT_EQ(clean.executions, 4096u);
  behaviour_.failing_programs = {5};
  const CaseResult failed = run();
  EXPECT_EQ(failed.verdict, CaseVerdict::defence_fails);
  EXPECT_EQ(failed.headline, "not linearizable (lost key)");
  EXPECT_FALSE(failed.why.empty());
}

TEST_F(IncidentRunTest, TheCommandLineOverrulesTheFile) {
  options_.executions = 128;
  EXPECT_EQ(run().executions, 128u);
}

TEST_F(IncidentRunTest, WhatIsToldReachesTheExecutor) {
  told_.run.scenario.clear();
  told_.run.program.emplace().threads = {{{OpKind::find, 1, 0}}};
  told_.run.faults.mask = 6;
  told_.run.faults_max = 2;
  told_.run.budgets = *parse_budgets("find.max_waits=0");
  run();
  ASSERT_FALSE(requests_.empty());
  EXPECT_EQ(requests_[0].program, told_.run.program);
  EXPECT_EQ(requests_[0].plan.fault_mask, 6u);
  EXPECT_EQ(requests_[0].plan.faults_max, 2u);
  EXPECT_TRUE(std::ranges::equal(requests_[0].plan.budgets, told_.run.budgets));
}

TEST_F(IncidentRunTest, WhatDoesNotReproduceIsNoFailureOfTheMap) {
  must_fail(Outcome::not_linearizable);
  behaviour_.failing_programs = {5};
  behaviour_.deterministic = false;
  EXPECT_EQ(run().verdict, CaseVerdict::nondeterministic);
}

TEST_F(IncidentRunTest, AMapThatCannotBeRunSaysWhy) {
  loadable_ = false;
  const CaseResult result = run();
  EXPECT_EQ(result.verdict, CaseVerdict::unusable);
  ASSERT_TRUE(result.problem);
  EXPECT_EQ(result.problem->what, "fake: not a plugin");
}

TEST_F(IncidentRunTest, OperationsThatTheMapDoesNotHaveAreRefused) {
  told_.run.scenario = "ttl-sweep";
  const CaseResult scenario = run();
  ASSERT_TRUE(scenario.problem);
  EXPECT_EQ(scenario.problem->what, "fake has not the operations that the scenario ttl-sweep needs");
  told_.run.program.emplace().threads = {{{OpKind::find, 1, 0}, {OpKind::iterate, 0, 0}}};
  const CaseResult program = run();
  ASSERT_TRUE(program.problem);
  EXPECT_EQ(program.problem->what, "the program calls iterate, which fake does not have");
}

TEST_F(IncidentRunTest, AnInterruptedCaseIsNeitherCleanNorFailed) {
  signal_ = SIGINT;
  told_.executions = 1'000'000'000;
  EXPECT_EQ(run().verdict, CaseVerdict::interrupted);
}

TEST(IncidentExitCode, IsZeroExactlyIfAllHold) {
  const auto code = [](std::vector<CaseVerdict> verdicts) {
    std::vector<CaseResult> results;
    for (const CaseVerdict verdict : verdicts) results.emplace_back().verdict = verdict;
    return exit_code_of(results);
  };
  using enum CaseVerdict;
  EXPECT_EQ(code({fails_as_told, clean, clean}), 0);
  for (const CaseVerdict wrong : {fails_otherwise, not_found, defence_fails}) EXPECT_EQ(code({clean, wrong}), 1);
  EXPECT_EQ(code({clean, cut_short}), 2);
  EXPECT_EQ(code({fails_as_told, nondeterministic}), 2);
  EXPECT_EQ(code({cut_short, defence_fails}), 1);
  EXPECT_EQ(code({clean, interrupted}), 130);
  CaseResult terminated;
  terminated.verdict = interrupted;
  terminated.signal = SIGTERM;
  EXPECT_EQ(exit_code_of({&terminated, 1}), 143);
  CaseResult unloadable;
  unloadable.problem = Error{ExitCode::bad_input, "no", ""};
  EXPECT_EQ(exit_code_of(std::vector{unloadable}), 65);
}

}  // namespace
}  // namespace mapquake
