#include "harness/store/signature.hpp"

#include "tests/unit/store/replay_samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mapquake {
namespace {

using Change = void (*)(ReplayFile&);

StoredChoice adapters_own() {
  StoredChoice choice;
  choice.place = "random.hpp:3";
  choice.kind = ChoiceKind::adapter;
  choice.take = 5;
  return choice;
}

StoredChoice which_thread_begins() {
  StoredChoice choice;
  choice.event = "begin";
  choice.place = "?";
  choice.take = 2;
  return choice;
}

std::string after(Change change) {
  ReplayFile file = samples::lost_key();
  change(file);
  return signature_of(file);
}

TEST(Signature, IsSixteenDigitsAndStableAcrossBuilds) {
  EXPECT_EQ(signature_of(samples::lost_key()), "39ca7f8865c604d0");
}

TEST(Signature, StaysForTheSameDefect) {
  const std::string before = signature_of(samples::lost_key());
  const Change harmless[] = {
      [](ReplayFile& f) { f.seed = 99; },
      [](ReplayFile& f) { f.scenario = "load-spike"; },
      [](ReplayFile& f) { f.why = "other keys"; },
      [](ReplayFile& f) { f.trace_hash = f.executions_to_failure = 1; },
      [](ReplayFile& f) { f.build = "another compiler"; },
      [](ReplayFile& f) { f.program.prefill.clear(); },
      [](ReplayFile& f) {
        f.program.threads = {{{OpKind::insert, -7, 1}}, {{OpKind::insert, 100, 2}}};
      },
      [](ReplayFile& f) { f.choices[0].nth = 3; },
      [](ReplayFile& f) { f.choices[0].step = 1000; },
      [](ReplayFile& f) {
        f.choices[0].thread = 2;
        f.choices[0].take = 1;
      },
      [](ReplayFile& f) { f.choices.push_back(f.choices[0]); },
      [](ReplayFile& f) { f.choices.push_back(adapters_own()); },
      [](ReplayFile& f) { f.choices.push_back(which_thread_begins()); },
  };
  for (std::size_t i = 0; i < std::size(harmless); ++i) EXPECT_EQ(after(harmless[i]), before) << "change " << i;
}

TEST(Signature, TellsDefectsApart) {
  const Change telling[] = {
      [](ReplayFile&) {},
      [](ReplayFile& f) { f.map = "other_map"; },
      [](ReplayFile& f) { f.outcome = Outcome::deadlock; },
      [](ReplayFile& f) { f.label = "stale value"; },
      [](ReplayFile& f) { f.map += "lost key", f.label.clear(); },
      [](ReplayFile& f) { f.program.threads[1][0].kind = OpKind::erase; },
      [](ReplayFile& f) {
        f.program.threads[1].push_back({OpKind::insert, 1, 1});
      },
      [](ReplayFile& f) {
        f.program.threads.push_back({{OpKind::insert, 1, 1}});
      },
      [](ReplayFile& f) { f.choices[0].place = "my_map.hpp:97"; },
      [](ReplayFile& f) { f.choices[0].kind = ChoiceKind::alloc_fail; },
      [](ReplayFile& f) { f.choices.clear(); },
  };
  std::vector<std::string> signatures;
  for (const Change change : telling) signatures.push_back(after(change));
  std::sort(signatures.begin(), signatures.end());
  EXPECT_EQ(std::unique(signatures.begin(), signatures.end()), signatures.end());
}

TEST(Signature, NeitherOrderOfThreadsNorOfOperationsCounts) {
  EXPECT_TRUE(rc::check([] {
    ReplayFile file = samples::any_failure();
    const std::string before = signature_of(file);
    std::reverse(file.program.threads.begin(), file.program.threads.end());
    for (auto& thread : file.program.threads) std::reverse(thread.begin(), thread.end());
    std::reverse(file.choices.begin(), file.choices.end());
    RC_ASSERT(signature_of(file) == before);
    RC_ASSERT(before.size() == 16u);
  }));
}

TEST(Signature, ARaceIsToldByItsPlacesAlone) {
  const std::vector<std::string> places{"map.hpp:3", "map.hpp:9"}, others{"map.hpp:3", "map.hpp:10"};
  ReplayFile race = samples::lost_key();
  race.outcome = Outcome::data_race;
  const std::string before = signature_of(race, places);
  EXPECT_NE(signature_of(race, others), before);
  race.program.threads = {{{OpKind::find, 1, 0}}, {{OpKind::erase, 1, 0}}};
  race.choices.clear();
  EXPECT_EQ(signature_of(race, places), before);
  race.label = "write/write";
  EXPECT_EQ(signature_of(race, places), before) << "which of both wrote";
  EXPECT_NE(signature_of(race), before) << "where the places are not known, the label counts";
  race.outcome = Outcome::use_after_free;
  const std::string freed = signature_of(race, places);
  race.label = "read";
  EXPECT_NE(signature_of(race, places), freed) << "of what is no race it counts";
}

const SiteFunction lines_as_places = [](std::uint64_t pc) -> const Site& {
  static Site answer;
  answer.file = "map.hpp";
  answer.line = static_cast<unsigned>(pc);
  answer.origin = pc >= 100 ? Origin::standard : Origin::own;
  return answer;
};

Witness stands(ThreadId thread, Standing standing, std::vector<std::uint64_t> stack) {
  return {.thread = thread, .standing = standing, .stack = std::move(stack)};
}

TEST(Signature, ThePlacesAreThoseOfAccessesFreesAndWaits) {
  Execution traced;
  traced.violation.outcome = Outcome::data_race;
  traced.threads = {stands(1, {.role = Role::ready}, {1}),
                    stands(2, {.role = Role::second_access, .bytes = 8}, {100, 20, 30}),
                    stands(1, {.role = Role::first_access, .access = AccessKind::write}, {10}),
                    stands(1, {.role = Role::lock_held}, {11})};
  EXPECT_EQ(telling_places_of(traced, lines_as_places), (std::vector<std::string>{"map.hpp:10", "map.hpp:20"}));
  traced.violation.outcome = Outcome::not_linearizable;
  EXPECT_TRUE(telling_places_of(traced, lines_as_places).empty());
  traced.violation.outcome = Outcome::use_after_free;
  traced.threads = {stands(1, {.role = Role::running}, {1}), stands(2, {.role = Role::freed, .bytes = 8}, {2}),
                    stands(2, {.role = Role::ready}, {3})};
  EXPECT_EQ(telling_places_of(traced, lines_as_places), (std::vector<std::string>{"map.hpp:1", "map.hpp:2"}));
  traced.violation.outcome = Outcome::deadlock;
  traced.threads = {stands(1, {.role = Role::waiting, .awaited = Awaited::mutex, .other = 2}, {7}),
                    stands(0, {.role = Role::waiting, .awaited = Awaited::threads}, {9})};
  EXPECT_EQ(telling_places_of(traced, lines_as_places), (std::vector<std::string>{"map.hpp:7"}));
}

// There is no sentence in what a signature is computed from but the file's `why` and the adapter's dump: both may say
// anything, and so may what there is to say of the execution.
// That nothing below takes the sentences of roles from elsewhere is Facts.WhatDecidesSeesNoSentences.
TEST(Signature, NoSentenceCounts) {
  Execution traced;
  traced.violation.outcome = Outcome::data_race;
  traced.threads = {stands(1, {.role = Role::first_access}, {10}), stands(2, {.role = Role::second_access}, {20})};
  ReplayFile file = samples::lost_key();
  file.outcome = Outcome::data_race;
  const std::string before = signature_of(file, telling_places_of(traced, lines_as_places));
  traced.violation.reasons = {reason::OwnCheck{.text = std::string_view("Reworded")}};
  traced.dump = "other words";
  file.why = "Reworded";
  EXPECT_EQ(signature_of(file, telling_places_of(traced, lines_as_places)), before);
  traced.threads[0].standing.role = Role::lock_held;
  EXPECT_NE(signature_of(file, telling_places_of(traced, lines_as_places)), before) << "roles count";
}

}  // namespace
}  // namespace mapquake
