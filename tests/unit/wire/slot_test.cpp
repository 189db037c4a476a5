#include "harness/wire/slot.hpp"

#include "tests/unit/wire/any_program.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <algorithm>

namespace mapquake {
namespace {

using testing::any_program;

RC_GTEST_PROP(Slot, TheRunningProgramComesBackAsItWas, ()) {
  const Slot slot = std::move(*Slot::create());
  Program program = any_program();
  program.races_passed = all_races;
  program.budgets.push_back({OpKind::find, Statistic::max, Figure::steps, 7});
  slot.write_running_program(program);
  RC_ASSERT(slot.running_program() == program);
}

Program program_with_hint(std::uint64_t hint) {
  Program program;
  program.capacity_hint = hint;
  return program;
}

TEST(Slot, KeptProgramsOutliveTheWorkerThatKeptThem) {
  const Slot parent = std::move(*Slot::create());
  const Program given = program_with_hint(1), one = program_with_hint(2), two = program_with_hint(3);
  parent.give_kept_programs(std::vector{given});
  EXPECT_TRUE(parent.kept_since().empty());
  {
    const Slot worker = Slot::attach(::dup(parent.descriptor()));
    EXPECT_EQ(worker.kept_programs(), std::vector{given});
    EXPECT_TRUE(worker.keep_program(one));
  }
  const Slot next = Slot::attach(::dup(parent.descriptor()));
  EXPECT_TRUE(next.keep_program(two));
  EXPECT_EQ(next.kept_programs(), (std::vector{given, one, two}));
  EXPECT_EQ(parent.kept_since(), (std::vector{one, two}));
  parent.give_kept_programs({});
  EXPECT_TRUE(next.kept_programs().empty());
}

TEST(Slot, InheritedProgramsAreApart) {
  const Slot slot = std::move(*Slot::create());
  slot.give_kept_programs(std::vector{program_with_hint(2)}, std::vector{program_with_hint(1)});
  EXPECT_TRUE(slot.keep_program(program_with_hint(3)));
  EXPECT_EQ(slot.inherited_programs(), std::vector{program_with_hint(1)});
  EXPECT_EQ(slot.kept_programs(), (std::vector{program_with_hint(2), program_with_hint(3)}));
  EXPECT_EQ(slot.kept_since(), std::vector{program_with_hint(3)});
}

TEST(Slot, KeptProgramsHaveABound) {
  const Slot slot = std::move(*Slot::create());
  slot.give_kept_programs({});
  Program large;
  large.threads = {std::vector<Operation>(30'000)};
  std::size_t kept = 0;
  while (slot.keep_program(large)) ++kept;
  EXPECT_EQ(slot.kept_since().size(), kept);
  EXPECT_EQ(kept, Slot::kept_bytes_max / (30'000 * sizeof(Operation)));
  slot.live().kept_bytes = UINT32_MAX;  // a map wrote there
  EXPECT_TRUE(slot.kept_programs().empty());
  EXPECT_FALSE(slot.keep_program(large));
}

TEST(Slot, KeptProgramsLeaveTheirLimitsBehind) {
  const Slot slot = std::move(*Slot::create());
  slot.give_kept_programs({});
  Program program = program_with_hint(1);
  program.steps_max = steps_max_min;
  program.budgets.push_back({OpKind::find, Statistic::max, Figure::steps, 7});
  EXPECT_TRUE(slot.keep_program(program));
  EXPECT_EQ(slot.kept_since(), std::vector{program_with_hint(1)});
}

TEST(Slot, IsSeenFromAnotherMapping) {
  const Slot parent = std::move(*Slot::create());
  const Slot child = Slot::attach(::dup(parent.descriptor()));
  const std::vector<Choice> choices{{1, 2, 3, ChoiceKind::schedule, 2}, {2, 0, 9, ChoiceKind::adapter, 7}};
  EXPECT_FALSE(child.request()) << "nobody has asked";
  parent.ask({ExecuteTask{{{}, choices}, true, false}, {.limits = {20}, .shows_output = false}});
  const std::optional<Request> request = child.request();
  ASSERT_TRUE(request && std::holds_alternative<ExecuteTask>(request->task));
  EXPECT_EQ(std::get<ExecuteTask>(request->task).input.choices, choices);
  child.live().heartbeat.store(17);
  EXPECT_EQ(parent.live().heartbeat.load(), 17u);
}

TEST(Slot, AnAnswerIsOneToTheLastRequest) {
  const Slot slot = std::move(*Slot::create());
  EXPECT_FALSE(slot.answer_as<Execution>());
  Execution execution;
  execution.steps = 5;
  slot.answer(execution);
  EXPECT_FALSE(slot.answer_as<SearchResult>()) << "it is none of this kind";
  ASSERT_TRUE(slot.answer_as<Execution>());
  EXPECT_EQ(slot.answer_as<Execution>()->steps, 5u);
  slot.ask({SearchRequest{}, {}});
  EXPECT_FALSE(slot.answer_as<Execution>());
}

TEST(Slot, WhatWasRecordedIsSorted) {
  const Slot slot = std::move(*Slot::create());
  slot.choices()[0] = {2, 1, 1, ChoiceKind::schedule, 1};
  slot.choices()[1] = {1, 0, 4, ChoiceKind::schedule, 2};
  slot.live().choice_count = 2;
  Execution execution;
  slot.add_recorded(execution);
  EXPECT_TRUE(std::ranges::is_sorted(execution.choices)) << "however they were made";
  EXPECT_EQ(execution.choices.size(), 2u);
}

TEST(Slot, CountsBeyondTheArraysAreNotBelieved) {
  const Slot slot = std::move(*Slot::create());
  slot.live().choice_count = UINT32_MAX;
  slot.live().trace_count = UINT32_MAX;
  slot.live().answer_bytes = UINT64_MAX;
  Execution execution;
  slot.add_recorded(execution);
  EXPECT_EQ(execution.choices.size(), Slot::choices_max);
  EXPECT_EQ(execution.trace.events.size(), Slot::trace_max);
  EXPECT_TRUE(execution.trace.truncated);
}

TEST(Slot, AnExplorationBeginsAnew) {
  const Slot slot = std::move(*Slot::create());
  Exploration& exploration = slot.live().exploration;
  exploration.sweep_points = exploration.known_hits[3] = 7;
  ExploreRequest request;
  request.covered.assign(coverage_words, 5);
  slot.begin_exploration(request);
  EXPECT_EQ(exploration.sweep_points, 0u);
  EXPECT_EQ(exploration.known_hits[3], 0u);
  EXPECT_EQ(exploration.coverage[0], 5u);
  EXPECT_EQ(exploration.coverage[coverage_words - 1], 5u);
}

}  // namespace
}  // namespace mapquake
