// `mapquake replay FILE --gdb`: stored cases in a gdb that is told what to do. What is expected is what the report
// says.
#include "tests/support/gdb.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <regex>
#include <string>
#include <vector>

namespace mapquake {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing_support::command_line;
using testing_support::run_mapquake;
using testing_support::stored;

/// What gdb and mapquake say, from the first stop on. A command may fail.
std::string gdb(const char* name, std::vector<std::string> commands) {
  commands.emplace_back("echo");  // gdb's exit code is the last one's
  const auto result = run_mapquake(command_line(stored(name), commands));
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  return result.out + result.err;
}

/// Between two lines that `echo` has written.
std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t found = text.find(from);
  if (found == std::string::npos) return {};
  const std::size_t begin = found + from.size(), end = text.find(to, begin);
  return end == std::string::npos ? "" : text.substr(begin, end - begin);
}

/// The report's rows, as the commands print them: "step 4  B  insert(1, 10)".
struct Row {
  std::string line;
  std::string place;  ///< "lock_order.cpp:31"
  std::string kind;
};

std::vector<Row> rows_of(const char* name) {
  const json report = json::parse(run_mapquake({"explain", stored(name), "--format", "json"}).out);
  std::vector<Row> rows;
  for (const json& step : report.at("steps")) {
    rows.push_back({"step " + std::to_string(rows.size() + 1) + "  " + step.at("thread").get<std::string>() + "  " +
                        step.at("text").get<std::string>(),
                    step.value("place", ""), step.at("kind")});
  }
  return rows;
}

std::size_t number_of(const std::vector<Row>& rows, const std::string& kind, bool last = false) {
  std::size_t number = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].kind == kind && (last || number == 0)) number = i + 1;
  }
  return number;
}

std::string go_to(std::size_t number) {
  return "mapquake goto " + std::to_string(number);
}

class Debugger : public testing_support::NeedsGdb {};

TEST_F(Debugger, StopsWhereTheLastOperationEntersTheMap) {
  const std::vector<Row> rows = rows_of("buggy_lock_order");
  const std::string text = gdb("buggy_lock_order", {"info symbol $pc"});
  const std::size_t begin = number_of(rows, "begin", true);
  ASSERT_GT(begin, 1u);
  EXPECT_THAT(text, HasSubstr(rows[begin - 1].line));
  EXPECT_THAT(text,
              ContainsRegex("insert .*lock_order.cpp:[0-9]+\n[0-9]+\t *const std::unique_lock writer\\(lock_\\);"));
  EXPECT_THAT(text, HasSubstr("JournalingMap<false>::insert")) << "the map's frame is selected";
}

TEST_F(Debugger, StopsAtTheStepThatIsAskedFor) {
  const std::vector<Row> rows = rows_of("buggy_lock_order");
  const auto result =
      run_mapquake({"replay", stored("buggy_lock_order"), "--gdb", "--step", "2", "--", "-nx", "-batch"});
  EXPECT_THAT(result.out, HasSubstr(rows[1].line + "  " + rows[1].place)) << result.err;
  EXPECT_THAT(result.out,
              HasSubstr("at " + (testing_support::source_directory() / "adapters/buggy/").string() + rows[1].place));
}

TEST_F(Debugger, ThreadsThatDoNotRunHaveNamesWaitsAndStacks) {
  const std::string text = gdb("buggy_lock_order", {"mapquake threads", "echo where A\\n", "mapquake where A",
                                                    "echo end\\n", "mapquake thread A", "info locals"});
  EXPECT_THAT(text, ContainsRegex("\n  main  .*waits for the threads to end \\(A\\)"));
  EXPECT_THAT(text, ContainsRegex("\n  A     erase\\(1\\) +ready +lock_order.cpp:[0-9]+ in .*::erase"));
  EXPECT_THAT(text, ContainsRegex("\n\\* B     insert\\(1, 10\\) +running +lock_order.cpp:[0-9]+ in .*::insert"));
  const std::string where = between(text, "where A\n", "end\n");
  EXPECT_THAT(where, Not(HasSubstr("insert"))) << "what B, which runs, does";
  EXPECT_THAT(where, ContainsRegex("#[0-9]+ .*JournalingMap<false>::erase \\(.*lock_order.cpp:[0-9]+"));
  EXPECT_THAT(where, Not(HasSubstr("change_context"))) << "mapquake's own frames are left out";
  EXPECT_THAT(text, ContainsRegex("\nwriter = ")) << "a local variable of A's";
}

TEST_F(Debugger, TellsWhatTheMapHoldsAtAStep) {
  const std::string text = gdb("buggy_size_counter", {go_to(2), "mapquake state", "mapquake step", "mapquake state",
                                                      go_to(3), "mapquake state"});
  const std::string locked = "cannot be looked at: a look waits for shared ownership of the lock held by A, locked at ";
  EXPECT_THAT(text, HasSubstr("\nThe map " + locked + "size_counter.cpp:"));
  EXPECT_THAT(text, HasSubstr("\nAt the step before: it " + locked));
  EXPECT_THAT(text, HasSubstr("\nThe map holds {1: 10}, size() says 0\n"));
}

TEST_F(Debugger, AThreadThatDoesNotRunCanBeLetGoToTheEndOfItsCall) {
  const std::string text =
      gdb("buggy_lost_insert_on_rehash", {go_to(4), "mapquake thread A", "finish", "mapquake threads"});
  EXPECT_THAT(text, HasSubstr("Value returned is $1 = true"));
  EXPECT_THAT(text, ContainsRegex("\n\\* A     insert\\(2, 20\\) +running"));
  EXPECT_THAT(text, ContainsRegex("\n  B     insert\\(2, 21\\) +ended"));
}

TEST_F(Debugger, GdbsOwnStepsAreByLinesOfTheMap) {
  const std::string text =
      gdb("buggy_lock_order",
          {go_to(2), "echo next\\n", "next", "mapquake threads", "echo enter\\n", go_to(4), "next", "echo end\\n",
           go_to(7), "next", "mapquake step", "echo break\\n", go_to(3), "break JournalingMap<false>::insert", "next"});
  EXPECT_THAT(text, HasSubstr("32\t    if (!fixed) writer.lock();\n"));
  EXPECT_THAT(text, ContainsRegex("\n\\* A     erase\\(1\\) +running +lock_order.cpp:32 in .*::erase"));
  EXPECT_THAT(between(text, "enter\n", "end\n"), HasSubstr("23\t    const std::lock_guard journal(journal_lock_);\n"));
  EXPECT_THAT(text, HasSubstr("The execution has ended: deadlock"));
  EXPECT_THAT(text, HasSubstr("The execution has ended. `mapquake goto N` goes back."));
  EXPECT_THAT(text.substr(text.find("break\n")), ContainsRegex("insert .*lock_order.cpp:21\n.*behind event"))
      << "a breakpoint that another thread meets comes first";
  EXPECT_THAT(text, Not(HasSubstr("harness/runtime")));
  EXPECT_THAT(text, Not(HasSubstr("Traceback")));
}

TEST_F(Debugger, NextComesToTheSwitchThatTheReportShows) {
  const std::vector<Row> rows = rows_of("buggy_lock_order");
  const std::size_t switched = number_of(rows, "preempted");
  ASSERT_GT(switched, 0u);
  const std::string text = gdb("buggy_lock_order", {go_to(1), "echo next\\n", "mapquake next", "echo end\\n"});
  const std::string next = between(text, "next\n", "end\n");
  EXPECT_THAT(next, HasSubstr(rows[switched - 1].line));
  EXPECT_THAT(next, HasSubstr(rows[switched - 1].place + "\n"));
  EXPECT_THAT(next, HasSubstr("switch to B"));
}

TEST_F(Debugger, EveryStepIsReachedForwardsAndBackwards) {
  const std::vector<Row> rows = rows_of("buggy_lost_insert_on_rehash");
  std::vector<std::string> commands;
  const auto add = [&](std::size_t number, const std::string& way) {
    commands.push_back("echo " + way + std::to_string(number) + "\\n");
    commands.push_back(go_to(number));
  };
  for (std::size_t i = 1; i <= rows.size(); ++i) add(i, "forwards");
  commands.push_back("continue");  // to the end
  for (std::size_t i = rows.size(); i > 0; --i) add(i, "backwards");
  commands.push_back("echo backwards0\\n");
  const std::string text = gdb("buggy_lost_insert_on_rehash", commands);
  for (std::size_t i = 1; i <= rows.size(); ++i) {
    const std::string forwards =
        between(text, "forwards" + std::to_string(i) + "\n", i == rows.size() ? "The execution" : "forwards");
    EXPECT_THAT(forwards, HasSubstr(rows[i - 1].line));
    EXPECT_THAT(forwards, HasSubstr(rows[i - 1].place + "\n"));
    EXPECT_EQ(forwards, between(text, "backwards" + std::to_string(i) + "\n", "backwards"));
  }
}

TEST_F(Debugger, GoesBackAndForthByEvents) {
  const std::string text = gdb("buggy_lock_order", {go_to(6), "echo here\\n", "mapquake back 3", "echo there\\n",
                                                    "mapquake step 3", "echo again\\n", go_to(6), "echo end\\n"});
  const std::regex event("event ([0-9]+) of");
  std::vector<int> events;
  for (std::sregex_iterator match(text.begin(), text.end(), event), end; match != end; ++match)
    events.push_back(std::stoi((*match)[1]));
  ASSERT_EQ(events.size(), 5u) << text;  // the first stop, then one of each command
  EXPECT_EQ(events[2], events[1] - 3);
  EXPECT_EQ(events[3], events[1]);
  EXPECT_EQ(events[4], events[1]) << "it is there already";
}

TEST_F(Debugger, BreakpointsAndWatchpointsOutliveTheWayBack) {
  const std::string text = gdb("buggy_lock_order", {go_to(1), "break JournalingMap<false>::insert", "continue",
                                                    "mapquake goto 1", "watch -l journal_lock_._M_mutex.__data.__lock",
                                                    "continue", "mapquake goto 1", "continue", "continue"});
  const std::regex stop("Thread 1 \"fibers\" hit (Breakpoint|Hardware watchpoint) [0-9]");
  std::vector<std::string> stops;
  for (std::sregex_iterator match(text.begin(), text.end(), stop), end; match != end; ++match)
    stops.push_back((*match)[1]);
  EXPECT_THAT(stops, testing::ElementsAre("Breakpoint", "Hardware watchpoint", "Hardware watchpoint", "Breakpoint"))
      << text;
  EXPECT_THAT(text, HasSubstr("behind event")) << "a breakpoint's stop says where that is";
}

TEST_F(Debugger, TheEndIsTheReports) {
  for (const char* const name : {"buggy_lock_order", "buggy_lost_insert_on_rehash", "buggy_zero_capacity"}) {
    const json report = json::parse(run_mapquake({"explain", stored(name), "--format", "json"}).out);
    const std::string text = gdb(name, {"continue"});
    EXPECT_THAT(text,
                ContainsRegex("The execution has ended: [a-z ]+ \\(" + report.at("label").get<std::string>() + "\\)"));
    EXPECT_THAT(text, Not(HasSubstr("another one")));
  }
}

TEST_F(Debugger, ADeadlockShowsWhoWaitsForWhom) {
  const std::string text =
      gdb("buggy_lock_order", {"continue", "mapquake threads", "mapquake where B", "continue", "mapquake threads"});
  EXPECT_THAT(text, HasSubstr("The execution has ended: deadlock"));
  EXPECT_THAT(text,
              ContainsRegex("A     erase\\(1\\) +waits for exclusive ownership of the lock \\(B\\) +lock_order.cpp"));
  EXPECT_THAT(text, ContainsRegex("B     insert\\(1, 10\\) +waits for the mutex \\(A\\) +lock_order.cpp"));
  EXPECT_THAT(text, ContainsRegex("#[0-9]+ .*::insert .*lock_order.cpp"));
  EXPECT_THAT(text, HasSubstr("The process has ended. `mapquake goto N` begins another one."));
}

TEST_F(Debugger, ACrashStopsAtTheInstructionAndCanBeGoneBackFrom) {
  const std::vector<Row> rows = rows_of("buggy_null_bucket");
  const std::string text =
      gdb("buggy_null_bucket", {"continue", "backtrace 3", "echo back\\n", go_to(2), "echo on\\n", "continue",
                                "continue", "continue", "echo new\\n", go_to(2), "echo end\\n"});
  EXPECT_THAT(text, HasSubstr("received signal SIGSEGV"));
  EXPECT_THAT(between(text, "SIGSEGV", "back\n"), ContainsRegex("BucketMap<false>::find .*null_bucket.cpp:[0-9]+"));
  const std::string back = between(text, "back\n", "on\n");
  EXPECT_THAT(back, HasSubstr(rows[1].line));
  EXPECT_THAT(text, HasSubstr("The execution has ended: crash (SIGSEGV)"));
  EXPECT_EQ(between(text, "new\n", "end\n"), back) << "in another process";
}

TEST_F(Debugger, ProgramsHaveTheThreadsThatTheyStart) {
  const std::string text = gdb(
      "dining_philosophers", {"mapquake next", "mapquake threads", "continue", "mapquake threads", "mapquake where C"});
  EXPECT_THAT(text, ContainsRegex("step 1  A  run\\(\\)"));
  EXPECT_THAT(text, ContainsRegex("left_first \\(\\) at .*dining_philosophers.cpp"));
  EXPECT_THAT(text, ContainsRegex("\n  D +not begun"));
  for (const char* const thread : {"B", "C", "D"}) {
    EXPECT_THAT(text,
                ContainsRegex(std::string(thread) + " +waits for the mutex \\([BCD]\\) +dining_philosophers.cpp"));
  }
  EXPECT_THAT(text, ContainsRegex("#[0-9]+ .*eat_with .*dining_philosophers.cpp"));
}

TEST_F(Debugger, CallsOnObjectsAreEntered) {
  const std::string text = gdb("boost_lockfree_queue", {"mapquake threads"});
  EXPECT_THAT(text, ContainsRegex("step [0-9]+  B  pop\\(\\)"));
  EXPECT_THAT(text, ContainsRegex("::pop \\(.*boost_lockfree.cpp:[0-9]+"));
}

TEST_F(Debugger, NeedsNoDebugInformationOfMapquake) {
  const testing_support::TemporaryDirectory directory;
  const std::string stripped = directory.path() / "mapquake";
  const auto strip =
      testing_support::run({{"strip", "--strip-all", "-o", stripped, testing_support::mapquake_binary()}, {}, {}, {}});
  ASSERT_EQ(strip.exit_code, 0) << strip.err;
  std::vector<std::string> words =
      command_line(stored("buggy_lock_order"), {"mapquake threads", go_to(2), "continue", "mapquake where B"});
  words.insert(words.begin(), stripped);
  const std::string maps = testing_support::build_directory() / "adapters";
  const std::string commands = testing_support::source_directory() / "harness/cli/gdb";
  const auto result = testing_support::run({words, {{"MAPQUAKE_PLUGINS", maps}, {"MAPQUAKE_GDB", commands}}, {}, {}});
  EXPECT_THAT(result.out, ContainsRegex("\n  A     erase\\(1\\) +ready +lock_order.cpp:[0-9]+ in .*::erase"))
      << result.err;
  EXPECT_THAT(result.out, ContainsRegex("step 2  A  lock  lock_order.cpp"));
  EXPECT_THAT(result.out, HasSubstr("The execution has ended: deadlock (lock cycle)"));
  EXPECT_THAT(result.out, ContainsRegex("#[0-9]+ .*::insert .*lock_order.cpp"));
  const auto lost = testing_support::run({words, {{"MAPQUAKE_PLUGINS", maps}}, {}, {}});
  EXPECT_EQ(lost.exit_code, 74) << "without its commands";
  EXPECT_THAT(lost.err, HasSubstr("Set MAPQUAKE_GDB"));
}

TEST_F(Debugger, WhatCannotBeIsSaid) {
  const std::string text =
      gdb("buggy_lock_order", {"mapquake goto 99", "mapquake where Q", "mapquake step x", "help mapquake"});
  EXPECT_THAT(text, HasSubstr("The report has the steps 1 to 7; \"99\" is none of them"));
  EXPECT_THAT(text, HasSubstr("There is no thread \"Q\": main, A, B"));
  EXPECT_THAT(text, HasSubstr("is no number from 1"));
  EXPECT_THAT(text, HasSubstr("mapquake where"));
  const auto beyond = run_mapquake({"replay", stored("buggy_lock_order"), "--gdb", "--step", "99"});
  EXPECT_EQ(beyond.exit_code, 64);
  EXPECT_THAT(beyond.err, HasSubstr("the report has 7 steps"));
}

}  // namespace
}  // namespace mapquake
