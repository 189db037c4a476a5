#include "tests/unit/reports/story.hpp"

#include "reports/final_state.hpp"
#include "reports/layout.hpp"
#include "reports/selection.hpp"
#include "reports/steps.hpp"
#include "reports/text_format.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace mapquake {
namespace {

using testing::Story;

std::string steps_text(const Story& story, std::size_t width = 120) {
  return reports::layout(reports::steps_of(story.execution, Story::site), width);
}

TEST(TextReport, LostKey) {
  EXPECT_EQ(testing::lost_key_story().text(),
            R"(my_map × rehash-pressure: not linearizable (lost key)
2 threads · 2 operations · 1 preemption · 0 faults · prefill 3 keys
Minimal: nothing can be left out (checked, 11 runs).
found after 2,114 executions, shrunk in 0.4 s

     prefill {1: 10, 2: 20, 3: 30}
     thread A                                                 thread B
  1  insert(4, 40)
  2  │ read  my_map.hpp:90  in grow()
  3  │ ── preempted before store  my_map.hpp:97  in grow() ─►
  4  │                                                        insert(5, 50)
  5  │                                                        │ load  my_map.hpp:60  in find_bucket()
  6  │                                                        │ write  my_map.hpp:61  in find_bucket()
  7  │                                                        └ true
  8  │ store  my_map.hpp:97  in grow()
  9  └ true
     at the end: {1: 10, 2: 20, 3: 30, 4: 40}

Why: B's insert(5, 50) returned true and nothing erased 5, so it must be there; it is not.

replay    mapquake replay out/my_map-91c2.toml
explain   mapquake explain out/my_map-91c2.toml
debug     mapquake replay out/my_map-91c2.toml --gdb
test      mapquake replay out/my_map-91c2.toml --emit-gtest my_map_test.cpp
)");
}

TEST(TextReport, Deadlock) {
  EXPECT_EQ(testing::deadlock_story().text(),
            R"(my_map × rehash-pressure: deadlock
2 threads · 2 operations · 1 preemption · 0 faults · prefill 0 keys
Minimal: nothing can be left out (checked, 11 runs).
found after 2,114 executions, shrunk in 0.4 s

     prefill {}
     thread A                                            thread B
  1  insert(1, 10)
  2  │ lock  my_map.hpp:40  in find_bucket()
  3  │ ── preempted before lock  my_map.hpp:41 ────────►
  4  │                                                   erase(1)
  5  │                                                   │ lock  my_map.hpp:50  in find_bucket()
  6  │                                                   │ waits at lock  my_map.hpp:51  in find_bucket()
  7  │ waits at lock  my_map.hpp:41  in find_bucket()    │
     A's insert(1, 10) did not return
     B's erase(1) did not return

Why: A waits for B and B waits for A.

A's insert(1, 10): waits for the mutex held by B
     my_map.hpp:41                 find_bucket
     my_map.hpp:95                 grow

B's erase(1): waits for the mutex held by A
     my_map.hpp:51                 find_bucket

replay    mapquake replay out/my_map-91c2.toml
explain   mapquake explain out/my_map-91c2.toml
debug     mapquake replay out/my_map-91c2.toml --gdb
test      mapquake replay out/my_map-91c2.toml --emit-gtest my_map_test.cpp
)");
}

/// B, then A, then C: arrows to both sides.
Story three_threads() {
  Story story;
  story.call(2, {OpKind::insert, 1, 1}).does(2, EventKind::atomic_load, 10).preempted(2, 1);
  story.call(1, {OpKind::erase, 1, 0}).does(1, EventKind::atomic_rmw, 20).preempted(1, 3);
  story.call(3, {OpKind::find, 1, 0}).answers(3, false).answers(1, true).answers(2, true);
  return story;
}

TEST(TextReport, ArrowsGoBothWaysAndNarrowColumnsDropWordsFirst) {
  EXPECT_EQ(steps_text(three_threads()),
            R"(     thread A                          thread B                           thread C
  1                                    insert(1, 1)
  2  ◄─────────────────────────────────── before load  my_map.hpp:10
  3  erase(1)                          │
  4  │ ── before rmw  my_map.hpp:20 ────────────────────────────────────►
  5  │                                 │                                  find(1) → absent
  6  │ rmw  my_map.hpp:20              │
  7  └ true                            │
  8                                    │ load  my_map.hpp:10
  9                                    └ true
)");
}

TEST(TextReport, MoreThanThreeThreadsShareOneColumn) {
  Story story = three_threads();
  story.call(4, {OpKind::size, 0, 0}).answers(4, true);
  EXPECT_EQ(steps_text(story),
            R"(  1  B    insert(1, 1)
  2  B    │ preempted before load  my_map.hpp:10  in find_bucket()  ──► A
  3  A    erase(1)
  4  A    │ preempted before rmw  my_map.hpp:20  in find_bucket()  ──► C
  5  C    find(1) → absent
  6  A    │ rmw  my_map.hpp:20  in find_bucket()
  7  A    └ true
  8  B    │ load  my_map.hpp:10  in find_bucket()
  9  B    └ true
 10  D    size() → 0
)");
}

TEST(TextReport, NoLineOfTheStepsIsLongerThanAsked) {
  for (const std::size_t width : {60u, 80u, 100u, 120u}) {
    std::istringstream lines(steps_text(three_threads(), width) + steps_text(testing::lost_key_story(), width));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(reports::display_width(line), width) << line;
  }
}

TEST(TextReport, LongStoriesAreCutInTheMiddle) {
  Story story;
  for (int i = 0; i < 1000; ++i) story.call(1, {OpKind::find, i, 0}).answers(1, false);
  const std::string text = steps_text(story);
  EXPECT_NE(text.find("… 800 steps left out …"), std::string::npos);
  EXPECT_NE(text.find("find(0)"), std::string::npos);
  EXPECT_NE(text.find("find(999)"), std::string::npos);
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 210);
}

TEST(TextReport, ACrashShowsWhereAndTheStackOfTheThread) {
  Story story;
  story.call(1, {OpKind::insert, 1, 1}).does(1, EventKind::read, 10).does(1, EventKind::write, 96);
  story.fails(Outcome::crash, "SIGSEGV", "A wrote to address 0x8.");
  story.stands(2, {.role = Role::ready}, {5}).stands(1, {.role = Role::running}, {96, 10});
  const std::string text = story.text();
  EXPECT_NE(text.find("└ ✗ crash at write  my_map.hpp:96  in grow()"), std::string::npos) << text;
  EXPECT_LT(text.find("A's insert(1, 1): running"), text.find("thread B: ready")) << text;
}

TEST(TextReport, AWaitIsToldByItsNotificationsEarlyOnesIncluded) {
  Story story;
  story.call(2, {OpKind::insert, 1, 1}).does(2, EventKind::cond_signal, 25, 0x3000).answers(2, true);
  story.call(1, {OpKind::find, 1, 0}).does(1, EventKind::cond_wait, 15, 0x3000).blocked(1);
  story.call(2, {OpKind::insert, 2, 1}).does(2, EventKind::cond_signal, 26, 0x9000).answers(2, true);
  story.fails(Outcome::deadlock, "lost wake-up", "A waits for the condition variable.");
  const std::string text = steps_text(story);
  EXPECT_NE(text.find("cond_signal  my_map.hpp:25"), std::string::npos) << text;
  EXPECT_EQ(text.find("my_map.hpp:26"), std::string::npos) << text;
}

TEST(TextReport, WhatAThreadDidBeforeItWaitedIsToldWhereItMetSomebody) {
  Story story;
  story.call(1, {OpKind::erase, 1, 0}).does(1, EventKind::read, 8, 0x2000).does(1, EventKind::lock, 15, 0x100);
  story.blocked(1).call(2, {OpKind::erase, 1, 0}).does(2, EventKind::write, 17, 0x2000).answers(2, true);
  story.does(1, EventKind::read, 9, 0x5000).answers(1, true);
  const std::string text = steps_text(story);
  EXPECT_NE(text.find("read  my_map.hpp:8"), std::string::npos) << text;
  EXPECT_NE(text.find("write  my_map.hpp:17"), std::string::npos) << text;
}

TEST(TextReport, TheLastWriteOfAnInterruptedOperationIsTold) {
  Story story;
  story.call(1, {OpKind::erase, 1, 0}).does(1, EventKind::atomic_load, 23, 0x1000).preempted(1, 2);
  story.call(2, {OpKind::erase, 1, 0}).does(2, EventKind::atomic_rmw, 47, 0x1000).answers(2, true);
  story.does(1, EventKind::atomic_rmw, 46, 0x1000).does(1, EventKind::atomic_rmw, 48, 0x1000).answers(1, true);
  const std::string text = steps_text(story);
  EXPECT_NE(text.find("rmw  my_map.hpp:48"), std::string::npos) << text;
  EXPECT_EQ(text.find("my_map.hpp:46"), std::string::npos) << text;
}

TEST(TextReport, ALibrarysLineComesWithTheAuthors) {
  const SiteFunction in_library = [](std::uint64_t pc) -> const Site& {
    static Site own{"erase", "my_adapter.cpp", "/src/my_adapter.cpp", 33};
    static Site library;
    library = {"cuckoo_erase", "cuckoohash_map.hh", "/usr/include/libcuckoo/cuckoohash_map.hh", 812, Origin::library};
    return pc == 50 ? library : own;
  };
  Story story;
  story.call(1, {OpKind::erase, 1, 0}).does(1, EventKind::read, 50).does(1, EventKind::write, 50);
  story.execution.trace.events.back().callers = {60, 0};
  story.fails(Outcome::crash, "SIGSEGV", "");
  const auto steps = reports::steps_of(story.execution, in_library);
  EXPECT_EQ(to_string(steps.back().place), "cuckoohash_map.hh:812 (from my_adapter.cpp:33)");
  const std::string wide = reports::layout(steps, 120), narrow = reports::layout(steps, 60);
  EXPECT_NE(wide.find("crash at write  cuckoohash_map.hh:812 (from my_adapter.cpp:33)"), std::string::npos) << wide;
  EXPECT_NE(narrow.find("cuckoohash_map.hh:812\n"), std::string::npos) << narrow;
}

TEST(TextReport, OnlyThreadsThatTheMapStartedEnd) {
  Story story;
  story.call(1, {OpKind::find, 1, 0}).answers(1, false).does(1, EventKind::thread_end, 0);
  EXPECT_EQ(steps_text(story).find("ends"), std::string::npos) << steps_text(story);
}

TEST(TextReport, AUseAfterFreeShowsTheFree) {
  Story story;
  story.call(1, {OpKind::find, 1, 0}).does(1, EventKind::read, 10, 0x2000).preempted(1, 2);
  story.call(2, {OpKind::erase, 1, 0})
      .does(2, EventKind::free, 44, 0x3000, 64)
      .does(2, EventKind::free, 45, 0x9000, 64);
  story.answers(2, true).does(1, EventKind::read, 11, 0x3010);
  story.fails(Outcome::use_after_free, "", "A read memory that B had freed.");
  const std::string text = steps_text(story);
  EXPECT_NE(text.find("free  my_map.hpp:44"), std::string::npos) << text;
  EXPECT_EQ(text.find("my_map.hpp:45"), std::string::npos) << text;
}

TEST(TextReport, FaultsAreTold) {
  Story story;
  story.call(1, {OpKind::insert, 1, 1});
  story.does(1, EventKind::alloc, 90, 0x2000, 48);
  story.does(1, EventKind::fault, 90, 1, static_cast<std::uint64_t>(ChoiceKind::alloc_fail)).answers(1, true);
  EXPECT_NE(steps_text(story).find("✗ allocation 1 of the operation fails (48 bytes)  my_map.hpp:90"),
            std::string::npos)
      << steps_text(story);
}

TEST(TextReport, AFailedAllocationHasItsStackAndTheMapsPromise) {
  Story story;
  story.call(1, {OpKind::insert, 1, 1}).does(1, EventKind::alloc, 95, 0, 64).does(1, EventKind::alloc, 90, 0, 16);
  story.does(1, EventKind::fault, 90, 1, static_cast<std::uint64_t>(ChoiceKind::alloc_fail)).answers(1, true);
  story.execution.trace.events[3].callers = {90, 80, 0};
  story.map.claims.on_bad_alloc = ExceptionGuarantee::strong;
  const std::string text = story.text();
  EXPECT_NE(text.find("A's insert(1, 1), allocation 2 of the operation fails (16 bytes):\n"
                      "     my_map.hpp:90                 grow\n"
                      "     my_map.hpp:80                 find_bucket\n"
                      "Promised: the strong guarantee"),
            std::string::npos)
      << text;
}

TEST(TextReport, WithoutAFailureNothingIsPromised) {
  EXPECT_EQ(testing::lost_key_story().text().find("Promised"), std::string::npos);
}

TEST(TextReport, FiguresAreShownWhereABudgetIsHeldTo) {
  Story story;
  story.call(1, {OpKind::find, 1}).answers(1, false).call(1, {OpKind::find, 2}).answers(1, false);
  story.execution.history.calls[0].usage.steps = 9;
  story.execution.history.calls[1].usage.steps = 1'400;
  EXPECT_EQ(story.text().find("Used:"), std::string::npos);
  story.file.program.budgets = {{.limit = 3}};
  EXPECT_NE(story.text().find("Used:  2 × find: at most steps 1,400 (p50 9)\n"), std::string::npos) << story.text();
}

TEST(TextReport, ACapacityHintIsShownOnlyToAMapThatTakesOne) {
  Story story = testing::lost_key_story();
  story.file.program.capacity_hint = 64;
  EXPECT_EQ(story.text().find("capacity hint"), std::string::npos);
  story.map.has_capacity_hint = true;
  EXPECT_NE(story.text().find("capacity hint 64"), std::string::npos);
}

TEST(TextReport, SaysMinimalOnlyWhereItIs) {
  Story story = testing::lost_key_story();
  story.file.minimality = Minimality::best_so_far;
  EXPECT_EQ(story.text().find("Minimal"), std::string::npos);
  EXPECT_NE(story.text().find("Perhaps not minimal: the time for shrinking was over after 11 runs"), std::string::npos);
}

TEST(FinalState, LookUpsThatWereBrokenOffTellNothing) {
  History history;
  Call find, hanging;
  find.operation = {OpKind::find, 9, 0}, find.status = CallStatus::returned, find.has_value = true, find.value = 90;
  hanging.operation = {OpKind::find, 10, 0};
  history.calls = {find};
  EXPECT_NE(reports::final_state(history), std::nullopt);
  history.calls.push_back(hanging);
  EXPECT_EQ(reports::final_state(history), std::nullopt);
}

TEST(FinalState, TheTraversalWinsOverLookUps) {
  History history;
  history.visits = {{2, 20, false}, {1, 10, false}, {1, 10, false}};
  Call find, iterate;
  find.operation = {OpKind::find, 9, 0}, find.status = CallStatus::returned, find.has_value = true, find.value = 90;
  iterate.operation = {OpKind::iterate, 0, 0}, iterate.status = CallStatus::returned, iterate.visits_end = 3;
  history.calls = {find, iterate};
  const std::vector<std::pair<std::int64_t, std::int64_t>> expected{{1, 10}, {1, 10}, {2, 20}};
  EXPECT_EQ(reports::final_state(history), expected);
  history.quiescent_from = 2;
  EXPECT_EQ(reports::final_state(history), std::nullopt);
}

TEST(FinalState, WhatMainRepeatedStandsInFrontOfIt) {
  const auto call = [](ThreadId thread, OpKind kind, CallStatus status, bool has_value) {
    Call made;
    made.thread = thread, made.operation = {kind, 1, 11}, made.status = status, made.has_value = has_value;
    made.flag = has_value;
    return made;
  };
  Execution execution;
  execution.history.calls = {call(main_thread, OpKind::assign, CallStatus::returned, true),
                             call(1, OpKind::assign, CallStatus::threw, false),
                             call(main_thread, OpKind::find, CallStatus::returned, false),
                             call(main_thread, OpKind::assign, CallStatus::returned, true),
                             call(main_thread, OpKind::find, CallStatus::returned, true)};
  execution.history.quiescent_from = 4;
  EXPECT_EQ(reports::repeated_text(execution.history), "find(1) says absent, assign(1, 11) returned true");
  EXPECT_EQ(reports::final_state_text(execution, 100).find("     afterwards, main: find(1)"), 0U);
  execution.history.calls.erase(execution.history.calls.begin() + 2, execution.history.calls.begin() + 4);
  execution.history.quiescent_from = 2;
  EXPECT_EQ(reports::repeated_text(execution.history), "") << "nothing was";
}

TEST(JsonReport, HoldsTheSameFacts) {
  const Story story = testing::lost_key_story();
  const auto json = nlohmann::json::parse(
      reports::json_report(story.file, story.execution, Story::site, story.map, {120, "out/x.toml"}, 2));
  EXPECT_EQ(json["outcome"], "not linearizable");
  EXPECT_EQ(json["replay"], "out/x.toml");
  EXPECT_EQ(json["steps"].size(), 9u);
  EXPECT_EQ(json["steps"][2]["to"], "B");
  EXPECT_EQ(json["program"], nlohmann::json({{"insert(4, 40)"}, {"insert(5, 50)"}}));
  EXPECT_EQ(json["at_the_end"].size(), 4u);
  EXPECT_EQ(json["figures"]["insert"]["calls"], 2);
  EXPECT_EQ(json["figures"]["insert"]["steps"]["p99"], 0);
  EXPECT_EQ(json["failure_points"].size(), 0u);
}

}  // namespace
}  // namespace mapquake
