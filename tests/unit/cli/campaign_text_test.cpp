// What a campaign's last lines count.
#include "harness/cli/campaign_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mapquake::cli {
namespace {

using testing::HasSubstr;

DefectReport found(std::size_t map, Outcome outcome, bool after_race) {
  DefectReport defect;
  defect.map = map;
  defect.outcome = outcome;
  defect.after_race = after_race;
  return defect;
}

std::string told(std::vector<DefectReport> defects) {
  std::vector<MapInfo> maps(2);
  maps[0].name = "one", maps[1].name = "other";
  CampaignReport report;
  report.failures = static_cast<unsigned>(defects.size());
  report.defects = std::move(defects);
  return closing_lines(maps, report, {}, {});
}

TEST(CampaignText, WhatWasMetBehindARaceIsNoDefectOfItsOwn) {
  const std::string text = told({found(0, Outcome::data_race, false), found(0, Outcome::use_after_free, true),
                                 found(0, Outcome::not_linearizable, true)});
  EXPECT_THAT(text, HasSubstr(": 1 distinct failure, and 2 behind a data race, which may be the cause\n"));
}

TEST(CampaignText, NeitherIsARaceOfAnotherMapNorWhatNoRaceWasToldOf) {
  const std::string text = told(
      {found(0, Outcome::data_race, false), found(1, Outcome::use_after_free, true), found(1, Outcome::leak, false)});
  EXPECT_THAT(text, HasSubstr(": 3 distinct failures\n"));
  EXPECT_THAT(told({}), HasSubstr(": 0 distinct failures\n"));
}

TEST(CampaignText, ASuppressedRaceTakesNothingAway) {
  DefectReport race = found(0, Outcome::data_race, false);
  race.state = DefectState::suppressed;
  CampaignReport report;
  report.failures = 1;
  report.defects = {race, found(0, Outcome::use_after_free, true)};
  EXPECT_THAT(closing_lines(std::vector<MapInfo>(1), report, {}, {}), HasSubstr(": 1 distinct failure\n"));
}

}  // namespace
}  // namespace mapquake::cli
