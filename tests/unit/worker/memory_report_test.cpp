// What the memory oracles say about a failure: everybody who has to do with it, with a place in the source.
#include "harness/case/execution_words.hpp"
#include "tests/support/executors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing::Not;

/// One insert() runs the probe; traced, as for a report.
Execution report_of(const char* probe, const char* plugin = "memory_probe") {
  const auto executor =
      testing_support::executor_for(testing_support::map_named(testing_support::test_plugin(plugin), probe));
  Case input;
  input.program.threads = {{{OpKind::insert, 1, 10}}};
  return executor->execute(input, true);
}

std::vector<Witness> told(const Execution& execution, Role role) {
  std::vector<Witness> found;
  std::ranges::copy_if(execution.threads, std::back_inserter(found),
                       [role](const Witness& witness) { return witness.standing.role == role; });
  return found;
}

/// Who did that to a block of so many bytes.
std::size_t count_told(const Execution& execution, Role role, std::uint64_t bytes) {
  const auto found = told(execution, role);
  return static_cast<std::size_t>(
      std::ranges::count(found, bytes, [](const Witness& witness) { return witness.standing.bytes; }));
}

TEST(MemoryReport, ARaceNamesBothAccessesAndTheLocksThatAreHeld) {
  const Execution execution = report_of("probe_half_locked");
  ASSERT_EQ(execution.violation.outcome, Outcome::data_race) << why_of(execution);
  const auto first = told(execution, Role::first_access), then = told(execution, Role::second_access),
             held = told(execution, Role::lock_held);
  ASSERT_EQ(first.size(), 1u);
  ASSERT_EQ(then.size(), 1u);
  ASSERT_EQ(held.size(), 1u);
  EXPECT_NE(first[0].thread, then[0].thread);
  EXPECT_FALSE(first[0].stack.empty() || then[0].stack.empty() || held[0].stack.empty());
  EXPECT_THAT(why_of(execution), HasSubstr("Only " + thread_name(held[0].thread) + " holds a lock."));
}

TEST(MemoryReport, ARaceBesideAnAtomicSaysThatItIsTooWeak) {
  const Execution execution = report_of("probe_relaxed_flag");
  ASSERT_EQ(execution.violation.outcome, Outcome::data_race) << why_of(execution);
  EXPECT_EQ(told(execution, Role::leaves_object).size(), 1u);
  EXPECT_EQ(told(execution, Role::finds_object).size(), 1u);
  EXPECT_THAT(why_of(execution), HasSubstr("memory orders are too weak"));
}

TEST(MemoryReport, ARaceUnderALockHeldSharedSaysThatAlone) {
  const Execution execution = report_of("probe_write_under_shared_lock");
  ASSERT_EQ(execution.violation.outcome, Outcome::data_race) << why_of(execution);
  EXPECT_THAT(why_of(execution), HasSubstr("Both hold the lock only shared, but one of them writes."));
  EXPECT_THAT(why_of(execution), Not(HasSubstr("memory orders")));
  EXPECT_TRUE(told(execution, Role::leaves_object).empty());
  EXPECT_TRUE(told(execution, Role::finds_object).empty());
}

TEST(MemoryReport, AnIndexPastASmallBlockIsOutOfBoundsOfIt) {
  const Execution execution = report_of("probe_past_a_small_block");
  ASSERT_EQ(execution.violation.outcome, Outcome::out_of_bounds) << why_of(execution);
  EXPECT_THAT(why_of(execution), HasSubstr("24 bytes behind the end of a block of 32 bytes that A's insert(1, 10) "
                                           "has allocated"));
  EXPECT_EQ(count_told(execution, Role::allocated, 32), 1u);
  EXPECT_EQ(report_of("probe_within_a_small_block").violation.outcome, Outcome::clean);
}

TEST(MemoryReport, WhatIsNobodysStackIsNoObject) {
  const Execution execution = report_of("probe_in_front_of_all");
  ASSERT_EQ(execution.violation.outcome, Outcome::out_of_bounds) << why_of(execution);
  EXPECT_THAT(why_of(execution), HasSubstr("in front of the heap, and in no thread's stack"));
}

TEST(MemoryReport, OperatorsThatALibraryReplacesAreReachedByTheFormsThatItDoesNot) {
  for (const char* probe : {"probe_other_forms_of_new", "probe_blocks_of_libstdcxx"}) {
    const Execution execution = report_of(probe, "replaced_new_probe");
    EXPECT_EQ(execution.violation.outcome, Outcome::clean) << probe << ": " << why_of(execution);
  }
  EXPECT_EQ(report_of("probe_free_of_replaced_new", "replaced_new_probe").violation.outcome, Outcome::double_free);
}

TEST(MemoryReport, AConstructorMayTakeLong) {
  EXPECT_EQ(report_of("long_set_up", "long_set_up").violation.outcome, Outcome::clean);
  const Execution endless = report_of("endless_set_up", "long_set_up");
  ASSERT_EQ(endless.violation.outcome, Outcome::budget_exceeded) << why_of(endless);
  EXPECT_EQ(endless.violation.label, "steps of the construction");
  EXPECT_THAT(why_of(endless), HasSubstr("the harness's limit"));
}

/// Every allocation of small programs fails once.
ExploreResult swept(const char* probe) {
  const auto executor =
      testing_support::executor_for(testing_support::map_named(testing_support::test_plugin("throw_probe"), probe));
  ExploreRequest request = testing_support::exploring("allocation-sweep", 3, 500);
  request.plan.fault_mask = fault_bit(ChoiceKind::alloc_fail);
  ExploreProgress progress;
  return executor->explore(request, progress);
}

TEST(MemoryReport, WhatACallThatThrewKeepsIsNoLeakAndWhatItLosesIs) {
  const ExploreResult kept = swept("probe_retired_after_throw");
  EXPECT_FALSE(kept.found) << why_of(kept.execution);
  const ExploreResult lost = swept("probe_lost_after_throw");
  ASSERT_TRUE(lost.found);
  EXPECT_EQ(lost.execution.violation.label, "leak after a throw");
  EXPECT_THAT(why_of(lost.execution), HasSubstr("was allocated by"));
}

TEST(MemoryReport, AUseAfterFreeNamesWhoAllocatedAndWhoFreed) {
  const Execution execution = report_of("probe_copy_of_freed");
  ASSERT_EQ(execution.violation.outcome, Outcome::use_after_free) << why_of(execution);
  const auto made = told(execution, Role::allocated), freed = told(execution, Role::freed);
  ASSERT_EQ(made.size(), 1u);
  ASSERT_EQ(freed.size(), 1u);
  EXPECT_EQ(made[0].standing.bytes, 64u);
  EXPECT_FALSE(made[0].stack.empty() || freed[0].stack.empty());
  EXPECT_NE(made[0].stack[0], freed[0].stack[0]);
}

TEST(MemoryReport, AMismatchedFreeNamesWhoAllocated) {
  const Execution execution = report_of("probe_free_of_new");
  ASSERT_EQ(execution.violation.outcome, Outcome::mismatched_free) << why_of(execution);
  EXPECT_EQ(execution.violation.label, "new/free");
  EXPECT_EQ(count_told(execution, Role::allocated, 4), 1u);
}

TEST(MemoryReport, ALeakNamesWhoAllocated) {
  const Execution execution = report_of("probe_lost");
  ASSERT_EQ(execution.violation.outcome, Outcome::leak) << why_of(execution);
  EXPECT_EQ(count_told(execution, Role::allocated, 4), 1u);
}

TEST(MemoryReport, AnUninitialisedReadNamesTheReadAndWhoAllocated) {
  const Execution execution = report_of("probe_unset_number", "unset_probe");
  ASSERT_EQ(execution.violation.outcome, Outcome::uninitialised_read) << why_of(execution);
  EXPECT_THAT(why_of(execution), HasSubstr("A reads 4 bytes that nothing has written"));
  EXPECT_THAT(why_of(execution), HasSubstr("the code goes one way, with zeroes another"));
  EXPECT_EQ(count_told(execution, Role::reads_unwritten, 4), 1u);
  EXPECT_EQ(count_told(execution, Role::allocated, 4), 1u);
}

TEST(MemoryReport, AnUninitialisedReadInACopyIsTheOneThatDecides) {
  const Execution execution = report_of("probe_unset_in_a_copy", "unset_probe");
  ASSERT_EQ(execution.violation.outcome, Outcome::uninitialised_read) << why_of(execution);
  EXPECT_THAT(why_of(execution), HasSubstr("A reads 4 bytes that nothing has written"));
}

}  // namespace
}  // namespace mapquake
