// From what looks have seen to rows, words and JSON.
#include "reports/states.hpp"

#include "reports/repetitions.hpp"
#include "reports/state_words.hpp"
#include "tests/unit/reports/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mapquake::reports {
namespace {

using nlohmann::ordered_json;

using ::testing::HasSubstr;
using ::testing::Not;

/// A puts its entry and is preempted before it counts it; B erases the entry.
///  1  A insert(1, 10)   2  A write, line 61   3  A preempted at 70
///  4  B erase(1)        5  … true             6  A store, line 70   7  A true
testing::Story half_counted() {
  testing::Story story;
  story.call(1, {OpKind::insert, 1, 10}).does(1, EventKind::write, 61, 0x2000);
  story.does(1, EventKind::atomic_store, 70, 0x1000).preempted(1, 2);
  story.call(2, {OpKind::erase, 1, 0})
      .does(2, EventKind::atomic_load, 62, 0x1000)
      .does(2, EventKind::write, 63, 0x2000);
  story.answers(2, true).answers(1, true).finally(1, std::nullopt);
  story.fails(Outcome::invariant_broken, "size disagrees with look-ups", "The final size() says 1.");
  return story;
}

std::vector<Step> steps_of(const testing::Story& story) {
  return folded(reports::steps_of(story.execution, testing::Story::site));
}

std::vector<std::uint64_t> moments(const testing::Story& story) {
  return moments_to_look_at(story.execution, testing::Story::site);
}

/// At each moment the same.
void see(testing::Story& story, const MapState& state) {
  for (const std::uint64_t at : moments(story)) {
    story.execution.states.push_back(state);
    story.execution.states.back().at = at;
  }
}

ordered_json json_of(const testing::Story& story) {
  return ordered_json::parse(json_report(story.file, story.execution, testing::Story::site, story.map, {120, ""}, -1));
}

std::vector<std::string> notes_of(const testing::Story& story) {
  return state_notes(steps_of(story), story.execution, testing::Story::site);
}

TEST(States, AreAskedForBeforeTheFirstStepAndBehindEach) {
  testing::Story story = half_counted();
  const std::vector<std::uint64_t> all = moments(story);
  EXPECT_TRUE(std::ranges::is_sorted(all));
  EXPECT_EQ(all.front(), 1u);
  EXPECT_EQ(all.back(), 2 * story.execution.trace.events.size() - 1);
  see(story, {.sight = Sight::seen});
  const std::vector<Step> steps = steps_of(story);
  const StatesOfSteps states = states_of(steps, story.execution);
  EXPECT_EQ(states.before, &story.execution.states.front());
  ASSERT_EQ(states.behind.size(), steps.size());
  EXPECT_THAT(states.behind, ::testing::Each(::testing::NotNull()));
  EXPECT_EQ(states.behind.back(), &story.execution.states.back());
}

TEST(States, OfManyStepsAreThoseOfCallsAndSwitches) {
  testing::Story story;
  for (int i = 0; i < 200; ++i) {
    story.call(1, {OpKind::insert, i, 1}).does(1, EventKind::atomic_store, 61).preempted(1, 2);
    story.call(2, {OpKind::insert, i, 2}).does(2, EventKind::atomic_store, 62).answers(2, true).answers(1, false);
  }
  const std::vector<std::uint64_t> some = moments(story);
  EXPECT_LE(some.size(), looks_max);
  EXPECT_GE(some.size(), looks_max / 2);
  EXPECT_TRUE(std::ranges::is_sorted(some));
}

TEST(States, AreAskedForOfAProgram) {
  testing::Story story;
  story.call(1, {OpKind::run, 0, 0}).does(1, EventKind::atomic_store, 61).answers(1, true);
  EXPECT_FALSE(moments(story).empty());
}

TEST(StateNotes, TellWhatIsHalfDoneAndNothingElse) {
  testing::Story story = half_counted();
  see(story, {.sight = Sight::seen, .size = 0});
  const std::vector<Step> steps = steps_of(story);
  std::size_t written = 0, erased = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].kind == StepKind::preempted) written = i;
    if (steps[i].thread == 2 && steps[i].kind == StepKind::end) erased = i;
  }
  ASSERT_LT(written, erased);
  for (std::size_t i = written; i < erased; ++i) {
    const MapState* const state = states_of(steps, story.execution).behind[i];
    story.execution.states[static_cast<std::size_t>(state - story.execution.states.data())].entries = {{1, 10}};
  }
  const std::vector<std::string> notes = notes_of(story);
  EXPECT_EQ(std::ranges::count_if(notes, [](const std::string& note) { return !note.empty(); }), 1);
  EXPECT_EQ(notes[written], "now: {1: 10}, size() says 0");
  EXPECT_THAT(story.text(), HasSubstr("\n     now: {1: 10}, size() says 0\n"));
}

TEST(StateNotes, SayNothingWhereNothingChangesOrNobodyLooked) {
  testing::Story story = half_counted();
  const std::string without = story.text();
  EXPECT_THAT(without, Not(HasSubstr("now:")));
  see(story, {.sight = Sight::seen});
  EXPECT_EQ(story.text(), without);
}

TEST(StateNotes, SayWhatHasChangedOfManyEntries) {
  testing::Story story = half_counted();
  MapState many{.sight = Sight::seen};
  for (int key = 0; key < 10; ++key) many.entries.emplace_back(key, 10 * key);
  see(story, many);
  MapState& last = story.execution.states.back();
  last.entries[3].second = 31;
  last.entries.erase(last.entries.begin() + 5);
  last.entries.emplace_back(20, 200);
  EXPECT_THAT(notes_of(story), ::testing::Contains("now: 3: 31, + 20: 200, - 5 (10 entries)"));
}

TEST(StateNotes, SayOnceThatItCannotBeWalkedThrough) {
  testing::Story story = half_counted();
  see(story, {.sight = Sight::broke, .outcome = Outcome::use_after_free});
  const std::vector<std::string> notes = notes_of(story);
  EXPECT_EQ(notes.front(), "now: cannot be looked at: use after free while looking");
  EXPECT_EQ(std::ranges::count_if(notes, [](const std::string& note) { return !note.empty(); }), 1);
}

TEST(StateWords, NameWhoHoldsTheLockAndWhereItWasTaken) {
  testing::Story story = testing::deadlock_story();
  const MapState state{.at = 5,
                       .sight = Sight::waits,
                       .standing = {.role = Role::waiting, .awaited = Awaited::mutex, .other = 1},
                       .object = 0x1000};
  EXPECT_EQ(unseen_text(state, story.execution, testing::Story::site),
            "a look waits for the mutex held by A, locked at my_map.hpp:40");
  see(story, state);
  EXPECT_THAT(story.text(), Not(HasSubstr("now:")));
  EXPECT_EQ(json_of(story)["state_before"]["unseen"], "waits");
}

TEST(StateWords, NameTheCallThatMustBeAloneAndWhatALoopReads) {
  const testing::Story story = half_counted();
  const auto text = [&](const MapState& state) { return unseen_text(state, story.execution, testing::Story::site); };
  EXPECT_EQ(text({.at = 5, .sight = Sight::not_beside, .beside = 1}),
            "the map does not let anybody look beside A's insert(1, 10)");
  EXPECT_EQ(text({.at = 5, .sight = Sight::broke, .object = 0x2000, .outcome = Outcome::hang}),
            "a loop without end while looking; what it reads was written last by A at my_map.hpp:61");
  EXPECT_EQ(text({.at = 5, .sight = Sight::broke, .outcome = Outcome::livelock}), "a loop without end while looking");
  EXPECT_EQ(text({.at = 5, .sight = Sight::threw}), "a call threw while looking");
  EXPECT_EQ(text({.at = 5}), "nobody looked");
}

TEST(StateJson, SaysItOnceUntilItIsAnother) {
  testing::Story story = half_counted();
  see(story, {.sight = Sight::seen, .by_look_ups = true, .entries = {{2, 20}}, .more = 3, .size = 1, .inside = "two"});
  story.execution.states.back() = {.at = story.execution.states.back().at};
  const ordered_json json = json_of(story);
  EXPECT_EQ(json["state_before"].dump(), R"({"entries":[[2,20]],"more":3,"size":1,"by_look_ups":true,"inside":"two"})");
  std::vector<std::string> states;
  for (const ordered_json& step : json["steps"]) {
    if (step.contains("state")) states.push_back(step["state"].dump());
  }
  EXPECT_THAT(states, ::testing::ElementsAre(R"({"unseen":"not-looked","why":"nobody looked"})"));
}

TEST(StateNotes, OfAMapOfManyEntriesSayThatItsSizeIsRightAgain) {
  testing::Story story = half_counted();
  MapState many{.sight = Sight::seen, .size = 9};
  for (std::int64_t key = 1; key <= 9; ++key) many.entries.emplace_back(key, 10 * key);
  see(story, many);
  story.execution.states[1].size = 8;
  const std::string text = story.text();
  EXPECT_THAT(text, HasSubstr("     now: size() says 8\n"));
  EXPECT_THAT(text, HasSubstr("     now: size() says 9\n"));
}

TEST(States, OfAnObjectAreToldWhereverTheyChange) {
  testing::Story story = half_counted();
  see(story, {.sight = Sight::shown, .inside = "head 0\ntail 1"});
  EXPECT_THAT(story.text(), Not(HasSubstr("now:")));
  story.execution.states.back().inside = "head 1";
  EXPECT_THAT(story.text(), HasSubstr("     now: head 1\n"));
  story.execution.states[1].inside = "head 2\ntail 2";
  EXPECT_THAT(story.text(), HasSubstr("     now: head 2 tail 2\n"));
  const ordered_json json = json_of(story);
  EXPECT_EQ(json["state_before"].dump(), R"({"inside":"head 0\ntail 1"})");
}

TEST(StateJson, SaysNothingWhereNobodyLooked) {
  testing::Story story = half_counted();
  EXPECT_EQ(json_of(story).dump().find("\"state"), std::string::npos);
  see(story, {});
  EXPECT_EQ(json_of(story).dump().find("\"state"), std::string::npos);
}

}  // namespace
}  // namespace mapquake::reports
