#include "harness/campaign/campaign.hpp"

#include "harness/campaign/agenda.hpp"
#include "tests/unit/campaign/fake_executor.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <tuple>

namespace mapquake {
namespace {

using testing::FakeBehaviour;
using testing::FakeExecutor;

class Recorder final : public CampaignListener {
 public:
  void tick(const CampaignReport&) override { ++ticks; }
  void found(Finding& finding) override { findings.push_back(std::move(finding)); }
  unsigned ticks = 0;
  std::vector<Finding> findings;
};

class CampaignTest : public ::testing::Test {
 protected:
  CampaignTest()
      : store_(std::filesystem::temp_directory_path() /
               ("mapquake-campaign-" + std::to_string(::getpid()) + "-" +
                ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    options_.store = store_;
    options_.executions = 4096;
    options_.seconds = 0;
  }
  ~CampaignTest() override { std::filesystem::remove_all(store_); }

  CampaignReport run(FakeBehaviour behaviour, const CampaignPast& past = {}) {
    CampaignServices services;
    services.make_executor = [this, behaviour](const MapInfo& map) -> Result<std::unique_ptr<Executor>> {
      if (map.name == "unloadable") return Error{ExitCode::bad_input, "unloadable: not a plugin", ""};
      auto executor = std::make_unique<FakeExecutor>(behaviour);
      executor->heard = [this](const ExploreRequest& request) {
        const std::scoped_lock hold(heard_lock_);
        requests_.push_back(request);
      };
      return std::unique_ptr<Executor>(std::move(executor));
    };
    services.make_symbolizer = [](const MapInfo&) { return SiteFunction(testing::fake_site); };
    services.shrink_case = testing::fake_shrink;
    services.signal = &signal_;
    return run_campaign(maps_, cells_, options_, services, recorder_, past);
  }

  std::vector<MapInfo> maps_{testing::fake_map("fake"), testing::fake_map("other")};
  std::vector<Cell> cells_{{0, "mixed", true}, {0, "rehash", true}};
  std::filesystem::path store_;
  CampaignOptions options_;
  std::atomic<int> signal_{0};
  Recorder recorder_;
  std::mutex heard_lock_;
  std::vector<ExploreRequest> requests_;  ///< of all workers
};

/// Of a slice with 512 executions, 64 for each program.
std::uint64_t program_in(std::uint64_t slice, std::uint64_t program) {
  return (slice << slice_program_bits) + program;
}

TEST_F(CampaignTest, AMapWithoutFailuresIsCleanAndEveryExecutionIsRun) {
  options_.jobs = 2;
  const CampaignReport report = run({});
  ASSERT_EQ(report.cells.size(), 2u);
  for (const CellReport& cell : report.cells) {
    EXPECT_EQ(cell.state, CellState::clean);
    EXPECT_EQ(cell.executions, 4096u);
    EXPECT_GT(cell.coverage, 0u);
  }
  EXPECT_EQ(report.executions(), 8192u);
  EXPECT_EQ(report.steps(), 81920u);
  EXPECT_EQ(exit_code_of(report, {}), 0);
  EXPECT_GT(recorder_.ticks, 0u);
}

TEST_F(CampaignTest, AFailureIsConfirmedShrunkAndSavedAndItsCellGoesOn) {
  const CampaignReport report = run({.failing_programs = {program_in(1, 2)}, .failing_scenarios = {"mixed"}});
  EXPECT_EQ(report.cells[0].state, CellState::failed);
  EXPECT_EQ(report.cells[1].state, CellState::clean);
  EXPECT_EQ(report.cells[1].executions, 4096u);
  EXPECT_EQ(report.cells[0].executions, 4096u + 1) << "the program that showed it was run again from its start";
  ASSERT_EQ(recorder_.findings.size(), 1u);
  const Finding& finding = recorder_.findings[0];
  EXPECT_EQ(finding.file.outcome, Outcome::not_linearizable);
  EXPECT_EQ(finding.file.executions_to_failure, 10u * 64 + 1);
  EXPECT_EQ(finding.file.program.threads.size(), 2u);
  EXPECT_EQ(finding.file.minimality, Minimality::irreducible);
  EXPECT_EQ(finding.file.removals_checked, 3u);
  EXPECT_FALSE(finding.execution.trace.events.empty());
  const auto loaded = load_replay(finding.path, false);
  ASSERT_TRUE(loaded) << loaded.error().what;
  EXPECT_EQ(loaded->choices, finding.file.choices);
  EXPECT_EQ(loaded->trace_hash, finding.file.trace_hash);
  EXPECT_EQ(exit_code_of(report, {}), 1);
}

/// What was found, whoever found it.
std::string told_by(std::vector<Finding>& findings) {
  std::sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tuple(a.cell, a.file.executions_to_failure) < std::tuple(b.cell, b.file.executions_to_failure);
  });
  std::string all;
  for (Finding& finding : findings) {
    finding.file.shrink_seconds = 0;
    all += to_toml(finding.file);
  }
  return all;
}

TEST_F(CampaignTest, FindsTheSameFailuresWithAnyNumberOfJobs) {
  const FakeBehaviour behaviour{
      .failing_programs = {program_in(1, 1), program_in(1, 2), program_in(5, 0), program_in(7, 7)}};
  for (const bool stop_at_first : {false, true}) {
    options_.stop_at_first = stop_at_first;
    std::set<std::string> files;
    for (const unsigned jobs : {1u, 2u, 3u, 7u}) {
      options_.jobs = jobs;
      recorder_.findings.clear();
      EXPECT_EQ(run(behaviour).failures, stop_at_first ? 2u : 1u);
      files.insert(told_by(recorder_.findings));
    }
    EXPECT_EQ(files.size(), 1u);
  }
}

TEST_F(CampaignTest, AKnownDefectIsCountedWhereverItIsMetAndToldOnce) {
  const CampaignReport report = run({.failing_programs = {3, program_in(1, 2), program_in(5, 0)}});
  EXPECT_EQ(report.failures, 1u);
  EXPECT_EQ(recorder_.findings.size(), 1u);
  ASSERT_EQ(report.defects.size(), 1u);
  EXPECT_EQ(report.defects[0].state, DefectState::confirmed);
  ASSERT_EQ(report.defects[0].where.size(), 2u);
  EXPECT_EQ(report.defects[0].where[1].hits, 3u);
  for (const CellReport& cell : report.cells) {
    EXPECT_EQ(cell.state, CellState::failed);
    EXPECT_GE(cell.executions, 4096u);
    EXPECT_LE(cell.executions, 4096u + 1);
  }
}

TEST_F(CampaignTest, FailuresThatAreAlikeAreLookedIntoOnlySoOften) {
  std::set<std::uint64_t> failing;
  for (std::uint64_t program = 0; program < 20; ++program) failing.insert(program_in(program % 8, program / 8));
  const CampaignReport report =
      run({.failing_programs = failing, .each_another = true, .failing_scenarios = {"mixed"}});
  EXPECT_EQ(report.failures, 1u) << "one signature";
  ASSERT_EQ(report.defects.size(), 2u);
  EXPECT_EQ(report.defects[1].state, DefectState::unconfirmed);
  EXPECT_EQ(report.defects[0].hits() + report.defects[1].hits(), 40u) << "each was met, and again behind itself";
}

TEST_F(CampaignTest, ADeathIsAnExecutionAndItsProgramGoesOnBehindIt) {
  const CampaignReport report = run({.dying_programs = {program_in(1, 2)}, .failing_scenarios = {"mixed"}});
  EXPECT_EQ(report.failures, 1u);
  EXPECT_EQ(report.defects[0].hits(), 1u);
  EXPECT_LT(report.cells[0].executions, 4096u) << "a process counts as several executions";
  EXPECT_EQ(report.cells[1].executions, 4096u);
}

TEST_F(CampaignTest, ACellThatStopsAtItsFirstFailureRunsNoMore) {
  options_.stop_at_first = true;
  const CampaignReport report = run({.failing_programs = {3, program_in(5, 0)}});
  EXPECT_EQ(report.failures, 2u) << "one for each cell";
  EXPECT_EQ(recorder_.findings.size(), 2u);
  EXPECT_EQ(report.cells[0].executions, 3u * 64 + 1);
}

TEST_F(CampaignTest, ASuppressedFailureIsCountedAndFailsNothing) {
  const FakeBehaviour behaviour{.failing_programs = {3, program_in(5, 0)}, .failing_scenarios = {"mixed"}};
  const std::string signature = run(behaviour).defects.at(0).signature;
  recorder_.findings.clear();
  options_.suppressions = {{SuppressionKind::signature, signature, "known, issue 12", "supp.txt:1"},
                           {SuppressionKind::race, "Counter::*", "statistics", "supp.txt:2"}};
  const CampaignReport report = run(behaviour);
  EXPECT_TRUE(recorder_.findings.empty());
  EXPECT_EQ(report.failures, 0u);
  EXPECT_EQ(report.cells[0].state, CellState::clean);
  ASSERT_EQ(report.defects.size(), 1u);
  EXPECT_EQ(report.defects[0].state, DefectState::suppressed);
  EXPECT_EQ(report.defects[0].reason, "known, issue 12");
  EXPECT_GE(report.defects[0].hits(), 2u);
  EXPECT_EQ(report.unused_suppressions, std::vector<std::string>{"race:Counter::* (supp.txt:2)"});
  EXPECT_EQ(exit_code_of(report, {}), 0);
}

TEST_F(CampaignTest, ANondeterministicFailureIsNoFailureOfTheMap) {
  const CampaignReport report = run({.failing_programs = {2}, .deterministic = false});
  EXPECT_EQ(report.failures, 0u);
  EXPECT_EQ(report.nondeterministic, 1u);
  EXPECT_EQ(report.cells[0].state, CellState::nondeterministic);
  EXPECT_EQ(report.cells[1].state, CellState::nondeterministic);
  ASSERT_EQ(recorder_.findings.size(), 1u);
  EXPECT_FALSE(recorder_.findings[0].reproducible());
  EXPECT_TRUE(std::filesystem::exists(recorder_.findings[0].path));
  EXPECT_EQ(exit_code_of(report, {}), 2);
}

TEST_F(CampaignTest, AMapThatCannotBeRunDoesNotEndTheOthers) {
  maps_[0].name = "unloadable";
  cells_.push_back({1, "mixed", true});
  const CampaignReport report = run({});
  EXPECT_EQ(report.cells[0].state, CellState::unusable);
  EXPECT_EQ(report.cells[1].state, CellState::unusable);
  EXPECT_EQ(report.cells[2].state, CellState::clean);
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(exit_code_of(report, {}), 65);
}

TEST_F(CampaignTest, ASignalEndsACampaignThatHasNoOtherEnd) {
  signal_ = SIGTERM;
  options_.executions = 0;
  options_.seconds = 1e6;
  const CampaignReport report = run({});
  EXPECT_EQ(report.signal, SIGTERM);
  EXPECT_EQ(exit_code_of(report, {}), 143);
}

TEST_F(CampaignTest, TimeEndsACampaignAndLanesGoOnAcrossSlices) {
  options_.executions = 0;
  options_.seconds = 0.05;
  options_.jobs = 2;
  const CampaignReport report = run({});
  EXPECT_EQ(report.cells[0].state, CellState::clean);
  EXPECT_GT(report.executions(), 0u);
}

TEST_F(CampaignTest, WhatMapsMustRunAtLeastDoesNotDependOnTheTime) {
  options_.executions = 0;
  options_.executions_of_map_min = 1000;
  options_.seconds = 1e-6;
  options_.hazards = default_hazards;
  const CampaignReport report = run({});
  EXPECT_EQ(report.executions(), 0u) << "patience has an end, too";
  EXPECT_EQ(report.cells[0].state, CellState::waiting);
  EXPECT_EQ(exit_code_of(report, {}), 2) << "what has not run is not clean";
  options_.seconds = 1;
  const CampaignReport timed = run({});
  EXPECT_GE(timed.executions(), 1000u);
  for (const CellReport& cell : timed.cells) {
    for (const HazardReport& hazard : cell.hazards) EXPECT_GT(hazard.executions, 0u);
  }
}

TEST_F(CampaignTest, EachHazardHasItsShare) {
  options_.hazards = default_hazards;
  const CampaignReport report = run({});
  const std::vector<HazardReport>& hazards = report.cells[0].hazards;
  ASSERT_EQ(hazards.size(), 4u);
  EXPECT_EQ(hazards[0].hazard, Hazard::schedules);
  EXPECT_EQ(hazards[0].executions, 2048u);
  EXPECT_EQ(report.cells[0].executions, 4096u);
  maps_[0].claims.on_bad_alloc = ExceptionGuarantee::none;
  maps_[0].unseen_libraries = {"libtbb.so"};
  EXPECT_EQ(run({}).cells[0].hazards.size(), 2u);
}

TEST_F(CampaignTest, ShardsTogetherFindWhatOneProcessFinds) {
  const FakeBehaviour behaviour{.failing_programs = {program_in(2, 1)}, .failing_scenarios = {"mixed"}};
  std::vector<std::string> found;
  std::uint64_t executions = 0;
  options_.shards = 3;
  for (options_.shard = 1; options_.shard <= 3; ++options_.shard) {
    const CampaignReport report = run(behaviour);
    executions += report.executions();
    for (const DefectReport& defect : report.defects) found.push_back(defect.signature);
  }
  options_.shard = options_.shards = 1;
  const CampaignReport whole = run(behaviour);
  ASSERT_EQ(found.size(), 1u) << "by one of the shards";
  ASSERT_EQ(whole.defects.size(), 1u);
  EXPECT_EQ(found[0], whole.defects[0].signature);
  EXPECT_EQ(executions, whole.executions());
}

TEST_F(CampaignTest, AFindingThatTheStoreRefusesIsKeptElsewhere) {
  std::filesystem::create_directories(store_);
  FakeExecutor executor({});
  options_.store = store_ / "file";
  {
    FILE* file = std::fopen(options_.store.c_str(), "w");
    std::fclose(file);
  }
  EXPECT_FALSE(check_store(options_.store));
  const CampaignReport report = run({.failing_programs = {1}, .failing_scenarios = {"mixed"}});
  ASSERT_EQ(recorder_.findings.size(), 1u);
  ASSERT_TRUE(recorder_.findings[0].problem);
  EXPECT_TRUE(std::filesystem::exists(recorder_.findings[0].path));
  std::filesystem::remove(recorder_.findings[0].path);
  EXPECT_EQ(exit_code_of(report, {}), 74);
}

TEST_F(CampaignTest, AStoreThatCanBeWrittenIsCreatedAndLeftEmpty) {
  EXPECT_TRUE(check_store(store_));
  EXPECT_TRUE(std::filesystem::is_empty(store_));
}

TEST_F(CampaignTest, WhatEarlierCampaignsKeptIsHandedOn) {
  options_.executions = 0;
  options_.seconds = 0.1;
  CampaignPast past;
  past.kept.resize(cells_.size());
  past.kept[1].emplace_back().capacity_hint = 7;
  const CampaignReport report = run({}, past);
  for (const ExploreRequest& request : requests_) EXPECT_EQ(request.inherited, past.kept[request.scenario == "rehash"]);
  for (const CellReport& cell : report.cells) EXPECT_NE(cell.kept, nullptr);
}

// What a row runs follows from its plan alone, whatever the machine; what comes after it learns.
TEST_F(CampaignTest, OnlyWhatHasTimeToItselfBreedsAndItKnowsWhatItsCellHasCovered) {
  options_.executions = 0;
  options_.executions_of_map_min = 1024;
  options_.seconds = 0.3;
  run({});
  std::map<std::string, std::set<std::uint64_t>> kept;  // by scenario, of all requests before
  std::size_t rows = 0, lanes = 0, heirs = 0;
  for (const ExploreRequest& request : requests_) {
    (request.breeds ? lanes : rows)++;
    EXPECT_EQ(request.breeds, request.executions_max == UINT64_MAX);
    EXPECT_LE(request.kept.size(), kept_programs_max);
    for (const Program& program : request.kept) EXPECT_TRUE(kept[request.scenario].contains(program.capacity_hint));
    heirs += !request.kept.empty() && !request.covered.empty();
    kept[request.scenario].insert(request.first_program + 1);
  }
  EXPECT_GT(rows, 0u);
  EXPECT_GT(lanes, 0u);
  EXPECT_GT(heirs, lanes / 2);
}

}  // namespace
}  // namespace mapquake
