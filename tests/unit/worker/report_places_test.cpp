// What a report says of places: inside which library, on which memory, by which call.
#include "harness/campaign/finding.hpp"
#include "harness/case/execution_words.hpp"
#include "harness/parent/symbolizer.hpp"
#include "harness/store/signature.hpp"
#include "reports/text_report.hpp"
#include "tests/support/executors.hpp"
#include "tests/support/places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace mapquake {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class Reported : public testing::Test {
 protected:
  /// One insert() runs the probe.
  std::string report_of(const char* probe) {
    const MapInfo map = testing_support::map_named(testing_support::test_plugin("report_probe"), probe);
    const auto executor = testing_support::executor_for(map);
    Program program;
    program.threads = {{{OpKind::insert, 1, 10}}};
    execution_ = executor->execute({program, {}}, true);
    const auto symbolizer = std::make_shared<Symbolizer>(map);
    const SiteFunction site = [symbolizer](std::uint64_t pc) -> const Site& { return symbolizer->site(pc); };
    const ReplayFile file = replay_file_of(program, execution_, map, "probe", site);
    const std::vector<reports::Step> steps = reports::steps_of(execution_, site);
    telling_places_ = telling_places_of(execution_, site);
    last_place_ = steps.empty() ? "" : to_string(steps.back().place);
    return reports::text_report(file, execution_, site, map, {160, {}});
  }

  Execution execution_;
  std::string last_place_;  ///< of the last step
  std::vector<std::string> telling_places_;
};

TEST_F(Reported, ARaceInALibraryNamesItsLineAndTheAuthors) {
  const std::string text = report_of("probe_race_in_library");
  ASSERT_EQ(execution_.violation.outcome, Outcome::data_race) << text;
  EXPECT_THAT(last_place_, MatchesRegex("[a-z_]+\\.hpp:[0-9]+ \\(from report_probe\\.cpp:[0-9]+\\)"));
  EXPECT_THAT(text, ContainsRegex("\n     base\\.hpp:[0-9]+ +boost::circular_buffer::push_back"));
  EXPECT_THAT(text, ContainsRegex("\n     report_probe\\.cpp:[0-9]+ "));
}

TEST_F(Reported, ARaceInTheStandardLibraryNamesItsLineAndTheAuthors) {
  const std::string text = report_of("probe_race_in_shared_pointer");
  ASSERT_EQ(execution_.violation.outcome, Outcome::data_race) << text;
  EXPECT_THAT(text, ContainsRegex("\n     shared_ptr_base\\.h:[0-9]+ "));
  EXPECT_THAT(text, HasSubstr("Memory: "));
}

TEST_F(Reported, ARaceInABlockNamesTheBlockAndWhoAllocatedIt) {
  const std::string text = report_of("probe_race_in_block");
  ASSERT_EQ(execution_.violation.outcome, Outcome::data_race) << text;
  EXPECT_THAT(text, ContainsRegex("Memory: offset 16 of a block of 48 bytes, allocated at report_probe\\.cpp:[0-9]+ by "
                                  "A's insert\\(1, 10\\)\\."));
  EXPECT_THAT(why_of(execution_), HasSubstr(", at offset 16 of a block of 48 bytes,"));
  EXPECT_THAT(why_of(execution_), Not(HasSubstr("operation 1")));
}

TEST_F(Reported, ARaceOnAGlobalNamesIt) {
  const std::string text = report_of("probe_race_on_global");
  ASSERT_EQ(execution_.violation.outcome, Outcome::data_race) << text;
  EXPECT_THAT(text, ContainsRegex("Memory: the global object .*reported_total\\."));
}

TEST_F(Reported, ADoubleFreeNamesBothFrees) {
  const std::string text = report_of("probe_freed_twice");
  ASSERT_EQ(execution_.violation.outcome, Outcome::double_free) << text;
  EXPECT_THAT(text, AllOf(HasSubstr("Why: A's insert(1, 10) frees a block of 48 bytes that was free already."),
                          HasSubstr("A's insert(1, 10): freed the block of 48 bytes")));
  EXPECT_THAT(text, ContainsRegex("freed at report_probe\\.cpp:[0-9]+ by A's insert\\(1, 10\\)"));
}

TEST_F(Reported, AWakeUpIsLostOnlyWhereThereWasOne) {
  for (const auto& [probe, label] :
       {std::pair{"probe_notified_too_early", "lost wake-up"}, std::pair{"probe_never_notified", "never woken"},
        std::pair{"probe_joined_notified_too_early", "lost wake-up"},
        std::pair{"probe_joined_never_notified", "never woken"},
        std::pair{"probe_waits_with_lock", "waits with a lock held"}}) {
    const std::string text = report_of(probe);
    EXPECT_EQ(execution_.violation.outcome, Outcome::deadlock) << text;
    EXPECT_EQ(execution_.violation.label, label) << text;
  }
}

TEST_F(Reported, WhatALambdaDoesIsPlacedInIt) {
  const std::string text = report_of("probe_locks_in_lambda");
  ASSERT_EQ(execution_.violation.outcome, Outcome::deadlock) << text;
  EXPECT_THAT(text, ContainsRegex("lock  report_probe\\.cpp:[0-9]+  in operator"));
  EXPECT_THAT(text, Not(HasSubstr("gthr-default.h"))) << "the library's own line";
}

TEST_F(Reported, WhatAnAggregateCopiesStandsAtItsLineAndNotAtTheClosingBrace) {
  const std::string text = report_of("probe_loses_what_is_copied");
  ASSERT_EQ(execution_.violation.outcome, Outcome::leak) << text;
  ASSERT_EQ(telling_places_.size(), 1u);
  const std::string place = telling_places_[0];
  ASSERT_THAT(place, testing::StartsWith("report_probe.cpp:"));
  std::ifstream source(testing_support::source_directory() / "tests/plugins/report_probe.cpp");
  std::string line;
  for (int left = std::stoi(place.substr(place.find(':') + 1)); left > 0; --left) std::getline(source, line);
  EXPECT_THAT(line, HasSubstr("new Entry{"));
}

TEST_F(Reported, AnUnexpectedExceptionHasItsTypeAndText) {
  const std::string text = report_of("probe_throws");
  ASSERT_EQ(execution_.violation.outcome, Outcome::unexpected_exception) << text;
  EXPECT_EQ(execution_.violation.label, "std::out_of_range");
  EXPECT_EQ(
      why_of(execution_),
      "A's insert(1, 10) threw std::out_of_range: no such key. "
      "One thread alone shows this, so the map, its adapter or a claim is wrong; no weaker claim makes it right.");
}

}  // namespace
}  // namespace mapquake
