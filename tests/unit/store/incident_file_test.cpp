// Incident files: what they may say, what a case inherits, and one sentence with the right line for each wrong one.
#include "harness/store/incident_file.hpp"

#include "harness/case/fault_names.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mapquake {
namespace {

const std::string good =
    "incident = 1\n"                                                   // 1
    "id = \"I10\"\n"                                                   // 2
    "title = \"Amount and status disagree\"\n"                         // 3
    "faults = \"alloc\"\n"                                             // 4
    "budgets = [\"find.max_waits=0\"]\n"                               // 5
    "[program]\n"                                                      // 6
    "prefill = 2\n"                                                    // 7
    "threads = [[\"iterate\"], [\"assign 1 21\", \"assign 2 22\"]]\n"  // 8
    "[[broken]]\n"                                                     // 9
    "map = \"range_scan_map_broken\"\n"                                // 10
    "fails = [\"iteration broken\", \"deadlock (lock cycle)\"]\n"      // 11
    "[[defence]]\n"                                                    // 12
    "map = \"range_scan_map\"\n"                                       // 13
    "executions = 5000\n";                                             // 14

std::string changed(std::string_view from, std::string_view to) {
  std::string text = good;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

Incident read(const std::string& text) {
  auto result = parse_incident(text, "i10.toml");
  if (result) return *result;
  ADD_FAILURE() << result.error().what;
  return {};
}

std::string error_of(std::string_view text) {
  const auto result = parse_incident(text, "i10.toml");
  if (result) return "accepted";
  EXPECT_EQ(result.error().code, ExitCode::bad_input);
  return result.error().what;
}

TEST(IncidentFile, SaysWhatMustFailAndWhatMustHold) {
  const Incident incident = read(good);
  EXPECT_EQ(incident.id, "I10");
  EXPECT_EQ(incident.title, "Amount and status disagree");
  ASSERT_EQ(incident.cases.size(), 2u);
  const IncidentCase& broken = incident.cases[0];
  EXPECT_EQ(broken.map, "range_scan_map_broken");
  EXPECT_FALSE(broken.is_defence());
  EXPECT_EQ(broken.fails,
            (std::vector<ToldFailure>{{Outcome::iteration_broken, ""}, {Outcome::deadlock, "lock cycle"}}));
  EXPECT_GT(broken.executions, 0u);
  EXPECT_GT(broken.seconds, 0);
  const IncidentCase& defence = incident.cases[1];
  EXPECT_TRUE(defence.is_defence());
  EXPECT_EQ(defence.executions, 5000u);
}

TEST(IncidentFile, WhatTheFileSaysHoldsForEveryCase) {
  for (const IncidentCase& one : read(good).cases) {
    ASSERT_TRUE(one.run.program.has_value());
    EXPECT_EQ(one.run.program->prefill.size(), 2u);
    EXPECT_EQ(one.run.program->prefill[1].key, 2);
    EXPECT_EQ(one.run.program->prefill[1].value, 2);
    EXPECT_EQ(one.run.program->threads.size(), 2u);
    EXPECT_NE(one.run.faults.mask, 0u);
    EXPECT_NE(one.run.faults.mask, fault::all_faults());
    ASSERT_EQ(one.run.budgets.size(), 1u);
    EXPECT_EQ(to_string(one.run.budgets[0]), "find.max_waits=0");
  }
}

TEST(IncidentFile, ACaseOfItsOwnMind) {
  const Incident incident = read(good +
                                 "faults = \"none\"\n"
                                 "budgets = []\n"
                                 "scenario = \"mixed-operations\"\n"
                                 "[defence.options]\n"
                                 "threads = 3\n"
                                 "[[defence]]\n"
                                 "map = \"x\"\n"
                                 "executions = 1\n"
                                 "program = { threads = [[\"size\"]] }\n");
  ASSERT_EQ(incident.cases.size(), 3u);
  EXPECT_EQ(incident.cases[1].run.scenario, "mixed-operations");
  EXPECT_FALSE(incident.cases[1].run.program.has_value());
  EXPECT_EQ(incident.cases[1].run.options.threads, 3u);
  EXPECT_EQ(incident.cases[1].run.faults.mask, 0u);
  EXPECT_TRUE(incident.cases[1].run.budgets.empty());
  EXPECT_TRUE(incident.cases[2].run.scenario.empty());
  ASSERT_TRUE(incident.cases[2].run.program.has_value());
  EXPECT_EQ(incident.cases[2].run.program->threads.size(), 1u);
  EXPECT_NE(incident.cases[2].run.faults.mask, 0u);
}

TEST(IncidentErrors, NameTheLineAndTheReason) {
  const std::pair<std::string, std::string> wrong[] = {
      {"", "i10.toml:1: the file is empty"},
      {"x = 1\n", "i10.toml:1: the key incident (the number of the format) is missing: this is no incident file"},
      {changed("incident = 1", "incident = 2"), "i10.toml:1: this mapquake reads incident files of format 1"},
      {changed("id = \"I10\"", "id = \"\""), "i10.toml:1: the key id is missing"},
      {changed("title", "titel"), "i10.toml:3: key \"titel\" is unknown in an incident file"},
      {changed("\"alloc\"", "\"aloc\""), "i10.toml:4: \"aloc\" is no kind of fault"},
      {changed("prefill = 2", "prefill = -2"), "i10.toml:7: prefill is not a number from 0 to 1048576"},
      {changed("prefill = 2", "prefill = 99999999"), "i10.toml:7: prefill is not a number from 0 to 1048576"},
      {changed("[[\"iterate\"], [\"assign 1 21\", \"assign 2 22\"]]", "[]"), "i10.toml:6: [program] has no thread"},
      {changed("map = \"range_scan_map_broken\"\n", ""), "i10.toml:9: the key map is missing"},
      {changed("deadlock (", "dreadlock ("),
       "i10.toml:11: \"dreadlock (lock cycle)\" is no failure that mapquake knows"},
      {changed("iteration broken", "clean"), "i10.toml:11: \"clean\" is no failure that mapquake knows"},
      {changed("fails = [\"iteration broken\", \"deadlock (lock cycle)\"]\n", ""),
       "i10.toml:9: the key fails is missing: how must the broken map fail?"},
      {changed("executions = 5000\n", ""),
       "i10.toml:12: the key executions is missing: for how many must it stay clean?"},
      {good + "fails = [\"crash\"]\n", "i10.toml:12: a [[defence]] does not fail; a map that does is a [[broken]] one"},
      {good + "scenario = \"unheard-of\"\n", "i10.toml:15: scenario \"unheard-of\" is unknown"},
      {good + "seconds = 1e9\n", "i10.toml:12: seconds exceeds 3600"},
      {"incident = 1\nid = \"I1\"\ntitle = \"t\"\n", "i10.toml:1: there is neither a [[broken]] map nor a [[defence]]"},
      {"incident = 1\nid = \"I1\"\ntitle = \"t\"\n[[defence]]\nmap = \"m\"\nexecutions = 1\n",
       "i10.toml:4: neither a scenario nor a [program] says what is run"},
      {"incident = 1\nid = [\n", "i10.toml:"},
  };
  for (const auto& [text, reason] : wrong) EXPECT_EQ(error_of(text).substr(0, reason.size()), reason);
  EXPECT_EQ(error_of(good), "accepted");
}

TEST(IncidentErrors, ALongFileIsRefusedBeforeItIsRead) {
  EXPECT_EQ(error_of(std::string(incident_file_bytes_max + 1, '#')),
            "i10.toml:1: the file is longer than 1048576 bytes");
}

TEST(IncidentErrors, TooManyCasesAreRefused) {
  std::string text = good;
  for (std::size_t i = 0; i < incident_cases_max; ++i) text += "[[defence]]\nmap = \"m\"\nexecutions = 1\n";
  EXPECT_EQ(error_of(text), "i10.toml:12: defence has 65 elements; at most 64 are allowed");
}

TEST(ToldFailure, IsAnOutcomeAndPerhapsALabel) {
  EXPECT_EQ(told_failure("use after free"), (ToldFailure{Outcome::use_after_free, ""}));
  const auto labelled = told_failure("budget exceeded (find.max_waits)");
  ASSERT_TRUE(labelled);
  EXPECT_EQ(to_string(*labelled), "budget exceeded (find.max_waits)");
  const auto any = told_failure("any failure");
  ASSERT_TRUE(any);
  EXPECT_EQ(any->outcome, std::nullopt);
  EXPECT_EQ(to_string(*any), "any failure");
  for (const char* wrong : {"", "clean", "nondeterministic", "crash (", "(x)"})
    EXPECT_FALSE(told_failure(wrong)) << wrong;
}

}  // namespace
}  // namespace mapquake
