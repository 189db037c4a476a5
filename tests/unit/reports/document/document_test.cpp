#include "reports/document/document.hpp"

#include "tests/unit/reports/document_sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Document, IsReadAsItWasWritten) {
  const reports::CampaignFacts campaign = testing::sample_campaign();
  ASSERT_EQ(campaign.failures.size(), 2u);
  const reports::FailureFacts& lost = campaign.failures[0];
  EXPECT_EQ(lost.headline(), "not linearizable (lost key)");
  EXPECT_THAT(lost.threads(), ElementsAre("A", "B"));
  ASSERT_EQ(lost.steps.size(), 9u);
  EXPECT_EQ(lost.steps[2].kind, reports::StepKind::preempted);
  EXPECT_EQ(lost.steps[2].to, "B");
  EXPECT_EQ(lost.steps[2].at.line, 97u);
  EXPECT_EQ(lost.steps[2].at.text, "line_97(\"<&>\");");
  EXPECT_EQ(lost.steps[2].chain.size(), 1u);
  EXPECT_TRUE(std::ranges::is_sorted(lost.steps, {}, &reports::StepFacts::event));
  EXPECT_EQ(lost.at_the_end->size(), 4u);
  EXPECT_EQ(campaign.cells[3].verdict, reports::CellVerdict::not_run);
  EXPECT_EQ(campaign.failure_in("out/lost.toml"), &lost);
  EXPECT_EQ(campaign.failure_in(""), nullptr);
}

TEST(Document, AReportAloneIsACampaignOfOne) {
  const auto campaign = reports::read_document(testing::sample_document()["reports"][1].dump(), "one.json");
  ASSERT_TRUE(campaign);
  EXPECT_EQ(campaign->failures.size(), 1u);
  EXPECT_TRUE(campaign->cells.empty());
  EXPECT_EQ(campaign->defects.at(0).headline, "deadlock");
  EXPECT_TRUE(reports::read_document(campaign->json.dump(), "again.json"));
}

TEST(Document, WhatIsNoneIsRefused) {
  auto other = testing::sample_document();
  other["mapquake_campaign"] = 2;
  auto wrong_type = testing::sample_document();
  wrong_type["cells"][0]["executions"] = "many";
  auto without_steps = testing::sample_document();
  without_steps["reports"][0].erase("steps");
  for (const std::string& text : {std::string("{"), std::string("[]"), std::string("{}"), std::string("null"),
                                  other.dump(), wrong_type.dump(), without_steps.dump(), std::string(100'000, '[')}) {
    const auto read = reports::read_document(text, "broken.json");
    ASSERT_FALSE(read) << text.substr(0, 80);
    EXPECT_EQ(read.error().code, ExitCode::bad_input);
    EXPECT_THAT(read.error().what, HasSubstr("broken.json"));
  }
}

}  // namespace
}  // namespace mapquake
