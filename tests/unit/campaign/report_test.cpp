#include "harness/campaign/report.hpp"

#include "tests/unit/campaign/fake_executor.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace mapquake {
namespace {

struct Judging : ::testing::Test {
  CampaignReport report_of(std::vector<std::vector<Outcome>> outcomes) {
    CampaignReport report;
    for (const auto& of_cell : outcomes) {
      CellReport cell;
      cell.cell = {0, "mixed", true};
      cell.executions = 100;
      cell.state = of_cell.empty() ? CellState::clean : CellState::failed;
      for (const Outcome outcome : of_cell) {
        DefectReport& defect = report.defects.emplace_back();
        defect.cell = report.cells.size();
        defect.headline = name_of(outcome);
        defect.outcome = outcome;
      }
      report.failures += static_cast<unsigned>(of_cell.size());
      report.cells.push_back(cell);
    }
    return report;
  }
  Judgement judgement(const CampaignReport& report) { return judge(maps, report).at(0).judgement; }

  std::vector<MapInfo> maps{testing::fake_map("fake")};
};

TEST_F(Judging, AMapWithoutExpectationMustStayClean) {
  EXPECT_EQ(judgement(report_of({{}, {}})), Judgement::as_expected);
  EXPECT_EQ(judgement(report_of({{}, {Outcome::deadlock}})), Judgement::surprise);
}

TEST_F(Judging, ABrokenMapMustFailSomewhereAndOnlyAsListed) {
  maps[0].expected_outcomes = "deadlock|use after free";
  EXPECT_EQ(judgement(report_of({{}, {Outcome::use_after_free}})), Judgement::as_expected);
  EXPECT_EQ(judgement(report_of({{Outcome::deadlock}, {Outcome::crash}})), Judgement::surprise);
  EXPECT_EQ(judgement(report_of({{}, {}})), Judgement::not_found);
}

TEST_F(Judging, ANameThatOnlyBeginsLikeAListedOneIsNotListed) {
  maps[0].expected_outcomes = "exit|hang";
  EXPECT_EQ(judgement(report_of({{Outcome::exit}})), Judgement::as_expected);
  EXPECT_EQ(judgement(report_of({{Outcome::exception_guarantee_broken}})), Judgement::surprise);
}

TEST_F(Judging, ExitCodes) {
  const auto exit_code = [&](const CampaignReport& report, bool expected) {
    return exit_code_of(report, expected ? judge(maps, report) : std::vector<MapVerdict>{});
  };
  EXPECT_EQ(exit_code(report_of({{}}), false), 0);
  EXPECT_EQ(exit_code(report_of({{Outcome::crash}}), false), 1);
  maps[0].expected_outcomes = "crash";
  EXPECT_EQ(exit_code(report_of({{Outcome::crash}}), false), 1);
  EXPECT_EQ(exit_code(report_of({{Outcome::crash}}), true), 0);
  EXPECT_EQ(exit_code(report_of({{}}), true), 1);
  EXPECT_EQ(exit_code(report_of({{Outcome::leak}}), true), 1);
}

TEST_F(Judging, AnInterruptionExcusesOnlyWhatWasNotFound) {
  maps[0].expected_outcomes = "crash";
  CampaignReport report = report_of({{}});
  report.signal = SIGINT;
  EXPECT_EQ(exit_code_of(report, judge(maps, report)), 130);
  report.signal = SIGTERM;
  EXPECT_EQ(exit_code_of(report, {}), 143);
  report = report_of({{Outcome::leak}});
  report.signal = SIGINT;
  EXPECT_EQ(exit_code_of(report, judge(maps, report)), 1);
  EXPECT_EQ(exit_code_of(report, {}), 1);
}

TEST_F(Judging, WhatHasNotRunIsNeverClean) {
  CampaignReport report = report_of({{}, {}});
  report.cells[1].state = CellState::waiting;
  report.cells[1].executions = 0;
  EXPECT_EQ(exit_code_of(report, {}), 2);
  EXPECT_EQ(judgement(report), Judgement::not_run);
  EXPECT_EQ(judge(maps, report)[0].sentence, "expected to stay clean, but 1 of its 2 cells has not run");
  EXPECT_EQ(exit_code_of(report, judge(maps, report)), 2);
  report.cells[1].state = CellState::elsewhere;  // another shard's
  EXPECT_EQ(exit_code_of(report, {}), 0);
  EXPECT_EQ(judgement(report), Judgement::as_expected);
}

TEST_F(Judging, AFailureThatNobodyLookedIntoIsNeitherCleanNorExpectedToBeFound) {
  CampaignReport report = report_of({{Outcome::crash}});
  report.failures = 0;
  report.defects[0].state = DefectState::unconfirmed;
  report.cells[0].state = CellState::unconfirmed;
  EXPECT_EQ(exit_code_of(report, {}), 2);
  EXPECT_EQ(judgement(report), Judgement::surprise);
  maps[0].expected_outcomes = "crash";
  EXPECT_EQ(judgement(report), Judgement::not_found);
}

TEST_F(Judging, OnlyUnknownResultsAreNotClean) {
  CampaignReport report = report_of({{}});
  report.cells[0].unknown = 40;
  EXPECT_EQ(exit_code_of(report, {}), 0);
  report.cells[0].unknown = 100;
  EXPECT_EQ(exit_code_of(report, {}), 2);
}

}  // namespace
}  // namespace mapquake
