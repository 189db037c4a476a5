// A campaign's document as `run` writes it, with all that formats have to cope with.
#pragma once

#include "reports/document/document.hpp"
#include "reports/formats/formats.hpp"
#include "tests/unit/reports/story.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mapquake::testing {

/// Two maps; of the cells one is clean, one failed, one not run, one of another shard, one not looked into, one
/// nondeterministic, and one failed as expected. The failures are the lost key and the deadlock of story.hpp.
inline nlohmann::ordered_json sample_document() {
  using nlohmann::ordered_json;
  const auto report = [](const Story& story, const std::string& signature, const std::string& path) {
    Story signed_story = story;
    signed_story.file.signature = signature;
    const auto source = [](const std::string& file, unsigned line) -> reports::FoundLine {
      return {file, "line_" + std::to_string(line) + "(\"<&>\");"};
    };
    return ordered_json::parse(reports::json_report(signed_story.file, signed_story.execution, Story::site,
                                                    signed_story.map, {120, path, source}, -1));
  };
  const auto cell = [](const char* map, const char* scenario, const char* verdict, unsigned executions) {
    return ordered_json{{"map", map},
                        {"scenario", scenario},
                        {"claimed", true},
                        {"verdict", verdict},
                        {"expected", false},
                        {"executions", executions},
                        {"steps", 10},
                        {"switches", 5},
                        {"seconds", 0.5},
                        {"coverage", 7},
                        {"hazards", {{"schedules", executions}}},
                        {"findings", ordered_json::array()},
                        {"replay", ordered_json::array()}};
  };
  const auto defect = [](const char* headline, const char* outcome, const char* signature, const char* state,
                         bool counts, const char* replay) {
    return ordered_json{
        {"map", "my_map"}, {"headline", headline}, {"outcome", outcome}, {"signature", signature},
        {"state", state},  {"counts", counts},     {"executions", 3},    {"scenarios", {{"rehash-pressure", 3}}},
        {"replay", replay}};
  };
  ordered_json json{{"mapquake_campaign", 1}, {"mapquake", "0.1.0"}};
  json["summary"] = {{"executions", 1234}, {"seconds", 2.5}, {"nondeterministic", 1}, {"exit_code", 1}};
  json["summary"]["defects"] =
      ordered_json::array({defect("not linearizable (lost key)", "not linearizable", "91c2a7e0b3d45f66", "confirmed",
                                  true, "out/lost.toml"),
                           defect("deadlock", "deadlock", "07be000000000000", "confirmed", true, "out/dead lock.toml"),
                           defect("leak", "leak", "", "not looked into", false, "")});
  json["summary"]["figures"]["my_map"]["insert"] = {{"calls", 20},
                                                    {"steps", {{"p50", 4}, {"max", 9}}},
                                                    {"latency_ns", {{"p50", 1500}, {"max", 2000}}},
                                                    {"meets", {{"insert", 6}}}};
  json["cells"] = ordered_json::array(
      {cell("my_map", "single-thread", "clean", 600), cell("my_map", "rehash-pressure", "failed", 300),
       cell("my_map", "mixed-operations", "failed", 100), cell("my_map", "moving-window", "not run", 0),
       cell("my_map", "read-mostly", "in another shard", 0), cell("my_map", "load-spike", "not looked into", 9),
       cell("other_map", "mixed-operations", "nondeterministic", 9), cell("other_map", "read-mostly", "failed", 9)});
  const auto finds = [&](std::size_t at, const char* headline, const char* replay) {
    json["cells"][at]["findings"] = {headline};
    json["cells"][at]["replay"] = {replay};
  };
  finds(1, "not linearizable (lost key)", "out/lost.toml");
  finds(2, "deadlock", "out/dead lock.toml");
  finds(7, "data race (write/read)", "");
  json["cells"][7]["expected"] = true;
  json["maps"] = ordered_json::array();
  json["verdicts"] = ordered_json::array(
      {{{"map", "my_map"}, {"as_expected", false}, {"sentence", "was to stay clean, but: deadlock"}}});
  json["reports"] = ordered_json::array({report(lost_key_story(), "91c2a7e0b3d45f66", "out/lost.toml"),
                                         report(deadlock_story(), "07be000000000000", "out/dead lock.toml")});
  return json;
}

inline reports::CampaignFacts sample_campaign(const nlohmann::ordered_json& json = sample_document()) {
  auto campaign = reports::read_document(json.dump(), "sample");
  EXPECT_TRUE(campaign) << campaign.error().what;
  return std::move(*campaign);
}

}  // namespace mapquake::testing
