// Programs as an executor runs them.
#include "harness/case/execution_words.hpp"
#include "harness/parent/symbolizer.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing_support::bundled_plugin;
using testing_support::executor_for;
using testing_support::map_named;
using testing_support::test_plugin;

Program the_program() {
  Program program;
  program.threads = {{{OpKind::run, 0, 0}}};
  return program;
}

MapInfo kernel(const char* name) {
  return map_named(test_plugin("kernels"), name);
}

Execution serial_run_of(const char* name) {
  return executor_for(kernel(name))->execute({the_program(), {}}, true);
}

TEST(Program, KnowsWhatItIs) {
  const MapInfo program = kernel("begins_anew");
  EXPECT_TRUE(program.is_program());
  EXPECT_EQ(program.operations, op_bit(OpKind::run));
  EXPECT_FALSE(map_named(bundled_plugin("rwlock_map"), "rwlock_map").is_program());
}

TEST(Program, StartsEveryExecutionFromTheSameState) {
  const auto executor = executor_for(kernel("begins_anew"));
  const Execution first = executor->execute({the_program(), {}}, false);
  EXPECT_EQ(first.violation.outcome, Outcome::clean) << why_of(first);
  for (int again = 0; again < 3; ++again) {
    EXPECT_EQ(executor->execute({the_program(), {}}, false).trace_hash, first.trace_hash);
  }
}

TEST(Program, AnEndlessLoopIsCalledByWhatItDoes) {
  for (const char* name : {"never_ends", "waits_slowly", "looks_until_it_is_open"}) {
    const Execution stuck = serial_run_of(name);
    EXPECT_EQ(stuck.violation.outcome, Outcome::livelock) << name << ": " << why_of(stuck);
    EXPECT_LE(stuck.steps, 100'000u) << name;
  }
  for (const char* name : {"goes_round_alone", "three_go_round"}) {
    const Execution stuck = serial_run_of(name);
    EXPECT_EQ(stuck.violation.outcome, Outcome::hang) << name << ": " << why_of(stuck);
  }
}

TEST(Program, WhatOnlyTakesLongEnds) {
  for (const char* name : {"waits_slowly_in_the_end", "works_while_another_waits", "looks_in_turns"}) {
    const Execution ended = serial_run_of(name);
    EXPECT_EQ(ended.violation.outcome, Outcome::clean) << name << ": " << why_of(ended);
  }
}

TEST(Program, ReturnsItsStatus) {
  const Execution failed = serial_run_of("returns_status");
  EXPECT_EQ(failed.violation.outcome, Outcome::exit);
  EXPECT_EQ(why_of(failed), "the program returned 3");
}

TEST(Program, IsOverWhenMainReturnsAndElseWhenAllThreadsHaveEnded) {
  EXPECT_EQ(serial_run_of("returns_early").violation.outcome, Outcome::clean);
  EXPECT_EQ(serial_run_of("leaves_a_waiting_thread").violation.outcome, Outcome::deadlock);
  EXPECT_EQ(serial_run_of("leaves_a_failing_thread").violation.outcome, Outcome::invariant_broken);
  EXPECT_EQ(serial_run_of("leaves_a_working_thread").violation.outcome, Outcome::clean);
  EXPECT_EQ(serial_run_of("ends_its_own_thread").violation.outcome, Outcome::clean);
}

TEST(Program, EndsByAnUncaughtExceptionWhereItIsThrown) {
  const Execution ended = serial_run_of("throws");
  EXPECT_EQ(ended.violation.outcome, Outcome::abort);
  EXPECT_EQ(ended.violation.label, "terminate");
  EXPECT_EQ(why_of(ended), "uncaught std::runtime_error: nobody catches this");
  Symbolizer symbols(kernel("throws"));
  ASSERT_GE(ended.threads.size(), 2u);
  ASSERT_FALSE(ended.threads[1].stack.empty());
  EXPECT_EQ(symbols.site(ended.threads[1].stack[0]).function, "throws");
}

TEST(Program, TheBoundedSearchFindsTheFewestPreemptionsAndElseSeesAllSchedules) {
  SearchRequest request;
  request.kind = SearchKind::bounded;
  request.program = the_program();
  request.depth = 1;
  request.executions_max = 100'000;
  const auto search = [&](const char* name) {
    return executor_for(map_named(bundled_plugin("bank_transfer"), name))->search(request);
  };
  const SearchResult broken = search("bank_transfer");
  ASSERT_TRUE(broken.found);
  EXPECT_EQ(broken.execution.preemptions, 1u);
  const SearchResult right = search("bank_transfer_fixed");
  EXPECT_FALSE(right.found);
  EXPECT_TRUE(right.exhausted);
}

}  // namespace
}  // namespace mapquake
