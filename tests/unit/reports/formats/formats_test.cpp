#include "reports/formats/formats.hpp"

#include "tests/unit/reports/document_sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <pugixml.hpp>
#include <regex>
#include <sstream>

namespace mapquake {
namespace {

using nlohmann::json;
using reports::CampaignFacts;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(JunitFormat, WhatHasNotRunIsSkippedAndNeverPassed) {
  pugi::xml_document xml;
  ASSERT_TRUE(xml.load_string(reports::junit_xml(testing::sample_campaign()).c_str()));
  std::map<std::string, std::string> types;
  for (const pugi::xpath_node& test : xml.select_nodes("//testcase")) {
    const pugi::xml_node outcome = test.node().first_child();
    types[std::string(test.node().attribute("classname").value()) + "." + test.node().attribute("name").value()] =
        std::string(outcome.name()) + " " + outcome.attribute("type").value();
  }
  EXPECT_EQ(types["my_map.single-thread"], " ");
  EXPECT_EQ(types["my_map.rehash-pressure"], "failure mapquake.failure");
  EXPECT_EQ(types["my_map.moving-window"], "skipped mapquake.not-run");
  EXPECT_EQ(types["my_map.read-mostly"], "skipped mapquake.elsewhere");
  EXPECT_EQ(types["my_map.load-spike"], "skipped mapquake.not-looked-into");
  EXPECT_EQ(types["other_map.mixed-operations"], "error mapquake.error");
  EXPECT_EQ(types["other_map.read-mostly"], "skipped mapquake.expected");
  EXPECT_EQ(types["my_map.does what its adapter expects"], "failure mapquake.verdict");
  const pugi::xml_node all = xml.child("testsuites");
  EXPECT_STREQ(all.attribute("tests").value(), "9");
  EXPECT_STREQ(all.attribute("failures").value(), "3");
  EXPECT_STREQ(all.attribute("errors").value(), "1");
  EXPECT_STREQ(all.attribute("skipped").value(), "4");
}

TEST(JunitFormat, ACleanCellWithoutExecutionsIsNoPass) {
  auto document = testing::sample_document();
  document["cells"] = {document["cells"][0]};
  document["cells"][0]["executions"] = 0;
  EXPECT_THAT(reports::junit_xml(testing::sample_campaign(document)), HasSubstr("mapquake.not-run"));
  document["cells"][0]["verdict"] = "a word of a later version";
  document["cells"][0]["executions"] = 5;
  EXPECT_THAT(reports::junit_xml(testing::sample_campaign(document)), HasSubstr("mapquake.not-run"));
}

TEST(SarifFormat, AResultForEachDefectWithItsSignatureAndPlaces) {
  const json sarif = json::parse(reports::sarif_json(testing::sample_campaign(), {120, "/src"}));
  const json& run = sarif["runs"][0];
  ASSERT_EQ(run["results"].size(), 2u);
  const json& lost = run["results"][0];
  EXPECT_EQ(lost["ruleId"], "mapquake/not-linearizable");
  EXPECT_EQ(lost["partialFingerprints"]["mapquakeSignature/v1"], "my_map:91c2a7e0b3d45f66");
  const json& place = lost["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "my_map.hpp");
  EXPECT_EQ(place["artifactLocation"]["uriBaseId"], "SRCROOT");
  EXPECT_EQ(place["region"]["startLine"], 97);  // where A was preempted
  EXPECT_EQ(lost["codeFlows"][0]["threadFlows"].size(), 2u);
  EXPECT_EQ(lost["relatedLocations"].size(), 1u);
  const json& deadlock = run["results"][1];
  EXPECT_EQ(deadlock["relatedLocations"].size(), 3u);  // both waits and the preemption
  EXPECT_EQ(deadlock["locations"][0]["physicalLocation"]["region"]["startLine"], 41);
  EXPECT_FALSE(deadlock.contains("suppressions"));
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 2u);
  // The defect that nobody looked into and the cells without a verdict are said, not left out.
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"].size(), 5u);
}

TEST(SarifFormat, ExpectedDefectsAreSuppressed) {
  auto document = testing::sample_document();
  document["summary"]["defects"][0]["expected"] = true;
  const json sarif = json::parse(reports::sarif_json(testing::sample_campaign(document), {}));
  EXPECT_EQ(sarif["runs"][0]["results"][0]["suppressions"][0]["kind"], "external");
  EXPECT_EQ(sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "file:///src/my_map.hpp");
}

TEST(MarkdownFormat, TellsWhatHasNotRunAndDrawsEachFailure) {
  const std::string text = reports::markdown(testing::sample_campaign());
  EXPECT_THAT(text, HasSubstr("**2 distinct failures**"));
  EXPECT_THAT(text, HasSubstr("**1 cell not run**"));
  EXPECT_THAT(text, HasSubstr("| my\\_map | moving-window | 0 | 7 | ⚪ not run |"));
  EXPECT_THAT(text, HasSubstr("```mermaid\nsequenceDiagram\n"));
  EXPECT_THAT(text, HasSubstr("<details><summary><b>my\\_map × rehash-pressure</b>"));
}

TEST(MarkdownFormat, WhatMapsPrintIsNoMarkup) {
  auto document = testing::sample_document();
  document["reports"][0]["why"] = "<img src=x> | `a` [b](c)\n# d";
  const std::string text = reports::markdown(testing::sample_campaign(document));
  EXPECT_THAT(text, HasSubstr("&lt;img src=x&gt; \\| \\`a\\` \\[b\\](c) \\# d"));
  EXPECT_THAT(text, Not(HasSubstr("<img")));
}

TEST(MermaidFormat, CallsAnswersAndSwitchesInOrder) {
  const auto campaign = testing::sample_campaign();
  const std::string text = reports::mermaid_sequence(campaign.failures[0]);
  const auto at = [&](const char* what) { return text.find(what); };
  EXPECT_LT(at("TA->>Map: insert(4, 40)"), at("TA->>TB: preempted before store"));
  EXPECT_LT(at("TA->>TB: preempted before store"), at("TB->>Map: insert(5, 50)"));
  EXPECT_LT(at("TB->>Map: insert(5, 50)"), at("Map-->>TB: true"));
  EXPECT_NE(at("at the end {1: 10"), std::string::npos);
  EXPECT_THAT(text, Not(HasSubstr("<&>")));
}

/// Every line is a comment or a sample of the text format, and no metric is split.
TEST(PrometheusFormat, IsTheTextFormat) {
  const std::string text = reports::prometheus_text(testing::sample_campaign());
  const std::regex sample(
      R"re([a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? [0-9.e+-]+)re");
  std::istringstream lines(text);
  std::map<std::string, int> types;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) ++types[line.substr(7, line.find(' ', 7) - 7)];
    EXPECT_TRUE(line.starts_with("# ") || std::regex_match(line, sample)) << line;
  }
  for (const auto& [name, count] : types) EXPECT_EQ(count, 1) << name;
  EXPECT_THAT(text, HasSubstr("mapquake_cells{verdict=\"clean\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mapquake_cells{verdict=\"not run\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mapquake_failures{map=\"my_map\",outcome=\"deadlock\",expected=\"false\"} 1\n"));
  EXPECT_THAT(
      text, HasSubstr("map_operation_latency_seconds{map=\"my_map\",operation=\"insert\",quantile=\"0.5\"} 1.5e-06\n"));
}

TEST(TraceFormat, ATrackForEachThreadAndAnArrowForEachPreemption) {
  const json trace = json::parse(reports::trace_events(testing::sample_campaign()));
  unsigned names = 0, starts = 0, ends = 0, slices = 0;
  for (const json& event : trace["traceEvents"]) {
    const std::string phase = event["ph"];
    names += phase == "M", starts += phase == "s", ends += phase == "f", slices += phase == "X";
    EXPECT_TRUE(phase != "X" || event["dur"] > 0) << event;
  }
  EXPECT_EQ(names, 6u);  // two processes of two threads
  EXPECT_EQ(starts, 2u);
  EXPECT_EQ(ends, 2u);
  EXPECT_GE(slices, 12u);
}

TEST(HtmlFormat, IsOneFileThatNothingInTheDocumentCanBreakOutOf) {
  auto document = testing::sample_document();
  document["reports"][0]["why"] = "</script><script src=\"https://example.org/x.js\"></script>{{script}}";
  const std::string page = reports::html_page(testing::sample_campaign(document));
  EXPECT_THAT(page, Not(HasSubstr("<script src")));
  EXPECT_THAT(page, Not(HasSubstr("{{style}}")));
  EXPECT_THAT(page, Not(HasSubstr("<link rel=\"stylesheet\"")));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("\\u003c/script>"));
}

TEST(TextFormat, HasTheStepsAndWhatHasNotRun) {
  const std::string text = reports::campaign_text(testing::sample_campaign(), {});
  EXPECT_THAT(text, HasSubstr("my_map     moving-window                0         7  not run\n"));
  EXPECT_THAT(text, HasSubstr("1 cell not run"));
  EXPECT_THAT(text, HasSubstr("── preempted before store"));
  EXPECT_THAT(text, HasSubstr("line_61("));
  EXPECT_THAT(text, HasSubstr("mapquake replay 'out/dead lock.toml'\n"));
}

}  // namespace
}  // namespace mapquake
