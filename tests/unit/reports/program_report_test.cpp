// Reports of programs: threads that the program starts itself, and code of the author's own amid library code.
#include "reports/layout.hpp"
#include "reports/steps.hpp"
#include "reports/text_format.hpp"
#include "reports/text_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t library_pc = 1000;  ///< from here on

const Site& site_at(std::uint64_t pc) {
  static std::map<std::uint64_t, Site> sites;
  Site& site = sites[pc];
  const bool library = pc >= library_pc;
  const std::string file = library ? "program.hpp" : "transfer_between_accounts.cpp";
  const Origin origin = library ? Origin::glue : Origin::own;
  if (pc != 0) site = {library ? "run_entry" : "deposit", file, "/src/" + file, static_cast<unsigned>(pc), origin};
  return site;
}

/// A starts B and C; B is preempted before a write that C's writes meet.
class ProgramReport : public testing::Test {
 protected:
  ProgramReport() {
    file_.map = map_.name = "transfer";
    file_.scenario = "program";
    file_.program.threads = {{{OpKind::run, 0, 0}}};
    file_.outcome = Outcome::invariant_broken;
    execution_.violation = {Outcome::invariant_broken,
                            "lost",
                            {reason::OwnCheck{.text = std::string_view("not true: balance == 130")}},
                            {}};
    Call run;
    run.thread = 1;
    run.operation = {OpKind::run, 0, 0};
    run.invoked = 1;
    execution_.history.calls.push_back(run);
    execution_.preemptions = 1;
    record(1, EventKind::op_begin, 0);
  }
  void record(ThreadId thread, EventKind kind, std::uint64_t pc, std::uint64_t address = 0, std::uint64_t value = 0) {
    const std::uint8_t flags = kind == EventKind::switched && pc != 0 ? 1 : 0;
    const bool new_event = kind != EventKind::switched && kind != EventKind::thread_start;
    execution_.trace.events.push_back({thread, 0, kind, 8, flags, event_[thread] += new_event, pc, address, value, {}});
  }
  void tell() {
    record(1, EventKind::write, 5, 0x1000);  // before there are others: no conflict
    record(1, EventKind::thread_create, 10);
    record(1, EventKind::thread_start, 10, 0, 2);
    record(1, EventKind::thread_create, 11);
    record(1, EventKind::thread_start, 11, 0, 3);
    record(1, EventKind::switched, 0, 0, 2);
    record(2, EventKind::read, 20, 0x1000);
    record(2, EventKind::write, 20, 0x1000);
    record(2, EventKind::switched, 20, 0, 3);
    record(3, EventKind::write, 30, 0x1000);
    record(3, EventKind::thread_end, 0);
    record(3, EventKind::switched, 0, 0, 2);
    record(2, EventKind::thread_end, 0);
    record(1, EventKind::read, 40, 0x1000);
    execution_.threads.push_back({1, 0, 0, {.role = Role::running}, {library_pc, 40, library_pc + 1, library_pc + 2}});
  }
  std::string text(std::size_t width = 140) const {
    return reports::text_report(file_, execution_, site_at, map_, {width, "out/transfer.toml"});
  }
  std::string steps(std::size_t width) const { return reports::layout(reports::steps_of(execution_, site_at), width); }

  ReplayFile file_;
  Execution execution_;
  MapInfo map_;
  std::map<ThreadId, std::uint32_t> event_;
};

TEST_F(ProgramReport, CountsThreadsAndLeavesOutWhatOnlyMapsHave) {
  tell();
  EXPECT_THAT(text(), HasSubstr("3 threads · 1 preemption · 0 faults\n"));
  EXPECT_THAT(text(), Not(HasSubstr("prefill")));
}

TEST_F(ProgramReport, TellsWhoStartsWhomAndWhereItEnds) {
  tell();
  const std::string all = steps(200);
  EXPECT_THAT(all, HasSubstr("│ starts thread B  transfer_between_accounts.cpp:10"));
  EXPECT_THAT(all, HasSubstr("│ starts thread C  transfer_between_accounts.cpp:11"));
  EXPECT_THAT(all, HasSubstr("└ ends"));
  EXPECT_THAT(all, HasSubstr("└ ✗ invariant broken  transfer_between_accounts.cpp:40"));
}

TEST_F(ProgramReport, WhatWasDoneBeforeAThreadWasStartedIsNoConflictWithIt) {
  tell();
  EXPECT_THAT(steps(200), Not(HasSubstr("transfer_between_accounts.cpp:5 ")));
  record(1, EventKind::write, 50, 0x2000);
  record(1, EventKind::switched, 50, 0, 3);
  record(3, EventKind::write, 60, 0x2000);
  EXPECT_THAT(steps(200), HasSubstr("transfer_between_accounts.cpp:60"));
}

TEST_F(ProgramReport, ANarrowColumnCutsNamesAndKeepsLineNumbers) {
  tell();
  for (const std::size_t width : {90u, 100u, 110u}) {
    const std::string all = steps(width);
    EXPECT_THAT(all, HasSubstr("…:10")) << all;
    EXPECT_THAT(all, HasSubstr("…:20")) << all;
    EXPECT_THAT(all, HasSubstr("…:30")) << all;
  }
}

TEST_F(ProgramReport, AWideColumnTakesWhatOthersLeave) {
  execution_.trace.events.clear();
  record(1, EventKind::op_begin, 0);
  record(1, EventKind::thread_start, 10, 0, 2);
  record(2, EventKind::thread_start, 11, 0, 3);
  record(3, EventKind::fault, 0, 1, static_cast<std::uint64_t>(ChoiceKind::spurious_wake));
  execution_.violation.outcome = Outcome::not_linearizable;
  // A third of the width for each would cut both places.
  EXPECT_THAT(steps(150), HasSubstr("starts thread B  transfer_between_accounts.cpp:10"));
  EXPECT_THAT(steps(150), HasSubstr("starts thread C  transfer_between_accounts.cpp:11"));
}

TEST_F(ProgramReport, AStackIsTheAuthorsOwn) {
  tell();
  EXPECT_THAT(text(), HasSubstr("A's run(): running\n     transfer_between_accounts.cpp:40  deposit\n\n"));
  EXPECT_THAT(text(), Not(HasSubstr("run_entry")));
}

}  // namespace
}  // namespace mapquake
