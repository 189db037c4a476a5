// What becomes of data races in a campaign: none hides what it leads to, or another one (docs/cli.md, --races).
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <set>
#include <string>

namespace mapquake {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing_support::run_mapquake;

class RacesCommand : public testing::Test {
 protected:
  json failures_of(const char* program, const char* races) {
    const auto ran = run_mapquake({"run", "--plugin", testing_support::test_plugin("kernels"), "--program", program,
                                   "--executions", "5000", "--races", races, "--store", store_.path(), "--json"});
    const json summary = json::parse(ran.out);
    EXPECT_EQ(ran.exit_code, summary.at("failures").empty() ? 0 : 1) << ran.out << ran.err;
    return summary.at("failures");
  }
  static std::multiset<std::string> outcomes(const json& failures) {
    std::multiset<std::string> names;
    for (const json& failure : failures) names.insert(failure.at("outcome").get<std::string>());
    return names;
  }

 private:
  testing_support::TemporaryDirectory store_;
};

TEST_F(RacesCommand, WhatARaceLeadsToIsFoundAndNamesIt) {
  const json failures = failures_of("race_then_assertion", "report");
  EXPECT_EQ(outcomes(failures).count("abort"), 1u);
  EXPECT_GE(outcomes(failures).count("data race"), 1u);
  for (const json& failure : failures) {
    EXPECT_EQ(run_mapquake({"replay", failure.at("replay"), "--times", "20"}).exit_code, 1);
    if (failure.at("outcome") == "abort") {
      EXPECT_THAT(failure.at("why").get<std::string>(), HasSubstr("Before that, the write"));
    }
  }
}

TEST_F(RacesCommand, OneRaceDoesNotHideAnother) {
  EXPECT_EQ(outcomes(failures_of("two_races", "report")), (std::multiset<std::string>{"data race", "data race"}));
}

TEST_F(RacesCommand, StopEndsExecutionsAtRaces) {
  EXPECT_EQ(outcomes(failures_of("race_then_assertion", "stop")).count("abort"), 0u);
}

TEST_F(RacesCommand, IgnoreTellsOnlyWhatTheyLeadTo) {
  EXPECT_EQ(outcomes(failures_of("race_then_assertion", "ignore")), (std::multiset<std::string>{"abort"}));
  EXPECT_EQ(failures_of("race_and_no_more", "ignore"), json::array());
}

}  // namespace
}  // namespace mapquake
