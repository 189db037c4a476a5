// The one idea: an execution is a pure function of its case. Not of the process, not of what ran there before.
#include "harness/case/execution_words.hpp"
#include "harness/case/fault_names.hpp"
#include "harness/runtime/loop_watch.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

namespace mapquake {
namespace {

using testing_support::bundled_plugin;
using testing_support::executor_for;
using testing_support::exploring;
using testing_support::map_named;
using testing_support::test_plugin;

struct Subject {
  const char* plugin;
  const char* map;
  bool bundled = true;

  MapInfo info() const { return map_named(bundled ? bundled_plugin(plugin) : test_plugin(plugin), map); }
};

void PrintTo(const Subject& subject, std::ostream* out) {
  *out << subject.map;
}

/// Programs as scenarios generate them, schedules as nobody would choose them.
Case any_case(const MapInfo& map) {
  std::vector<const Scenario*> scenarios(all_scenarios().begin(), all_scenarios().end());
  std::erase_if(scenarios, [&](const Scenario* one) { return !one->applies(map.operations); });
  const Scenario& scenario = *scenarios.at(*rc::gen::inRange<std::size_t>(0, scenarios.size()));
  ScenarioOptions options;
  options.threads = *rc::gen::inRange(1u, 4u);
  options.operations = *rc::gen::inRange(1u, 6u);
  Case input;
  input.program = scenario.generate(*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::inRange(1, 40), map.claims,
                                    map.operations, options);
  const auto places = *rc::gen::container<std::set<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 15), rc::gen::inRange(1, 120)));
  for (const auto& [where, event] : places) {
    input.choices.push_back({.thread = static_cast<ThreadId>(1 + where % 3),
                             .op = static_cast<std::uint16_t>(where / 3),
                             .event = static_cast<std::uint32_t>(event),
                             .kind = ChoiceKind::schedule,
                             .take = static_cast<std::uint32_t>(*rc::gen::inRange(1, 4))});
  }
  std::sort(input.choices.begin(), input.choices.end());
  return input;
}

void assert_same(const Execution& a, const Execution& b) {
  RC_ASSERT(a.trace_hash == b.trace_hash);
  RC_ASSERT(a.violation.outcome == b.violation.outcome);
  RC_ASSERT(a.violation.label == b.violation.label);
  RC_ASSERT(a.choices == b.choices);
  RC_ASSERT(a.steps == b.steps);
  RC_ASSERT(a.switches == b.switches);
  RC_ASSERT(a.dump == b.dump);
}

/// Not for an execution with a trace and one without: a trace adds sentences about races (runtime/race_report.cpp).
void assert_same_and_told_alike(const Execution& a, const Execution& b) {
  assert_same(a, b);
  RC_ASSERT(why_of(a) == why_of(b));
}

class Determinism : public testing::TestWithParam<Subject> {};

TEST_P(Determinism, TheSameCaseIsTheSameExecution) {
  const MapInfo map = GetParam().info();
  const auto executor = executor_for(map);
  EXPECT_TRUE(rc::check("again, after another, with a trace, and in a fresh process", [&] {
    const Case input = any_case(map);
    const Case other = any_case(map);
    const Execution first = executor->execute(input, false);
    assert_same_and_told_alike(first, executor->execute(input, false));
    executor->execute(other, false);
    assert_same_and_told_alike(first, executor->execute(input, false));
    const Execution traced = executor->execute(input, true);
    assert_same(first, traced);
    RC_ASSERT(!traced.trace.events.empty());
    executor->fresh_process();
    assert_same_and_told_alike(first, executor->execute(input, false));
  }));
}

TEST_P(Determinism, TheChoicesThatWereMadeAreTheExecution) {
  const MapInfo map = GetParam().info();
  const auto executor = executor_for(map);
  EXPECT_TRUE(rc::check("replaying what was recorded", [&] {
    const Case input = any_case(map);
    const Execution execution = executor->execute(input, false);
    assert_same_and_told_alike(execution, executor->execute({input.program, execution.choices}, false));
    RC_ASSERT(std::is_sorted(execution.choices.begin(), execution.choices.end()));
    for (const Choice& choice : execution.choices) RC_ASSERT(choice.take != 0 || choice.kind == ChoiceKind::schedule);
  }));
}

TEST_P(Determinism, ChoicesThatNeverComeUpAreIgnored) {
  const MapInfo map = GetParam().info();
  const auto executor = executor_for(map);
  EXPECT_TRUE(rc::check("impossible places", [&] {
    Case input = any_case(map);
    const Execution execution = executor->execute(input, false);
    input.choices = execution.choices;
    input.choices.push_back({.thread = 90, .op = 1, .event = 3, .kind = ChoiceKind::schedule, .take = 1});
    input.choices.push_back({.thread = 1, .op = 60'000, .event = 3, .kind = ChoiceKind::adapter, .take = 1});
    input.choices.push_back(
        {.thread = 2, .op = 0, .event = UINT32_MAX, .kind = ChoiceKind::schedule, .take = UINT32_MAX});
    std::sort(input.choices.begin(), input.choices.end());
    assert_same(execution, executor->execute(input, false));
  }));
}

TEST_P(Determinism, WithoutChoicesTheThreadsRunOneAfterTheOther) {
  const MapInfo map = GetParam().info();
  const auto executor = executor_for(map);
  EXPECT_TRUE(rc::check("serial", [&] {
    Case input = any_case(map);
    input.choices.clear();
    const Execution execution = executor->execute(input, false);
    RC_ASSERT(execution.preemptions == 0u);
    RC_ASSERT(execution.faults == 0u);
    RC_ASSERT(execution.choices.empty());
    // Who runs for so long gives others their turn, in the midst of a call.
    if (execution.steps >= runtime::LoopWatch::turn_steps) return;
    ThreadId last = 0;
    for (std::size_t i = 0; i < execution.history.quiescent_from && i < execution.history.calls.size(); ++i) {
      RC_ASSERT(execution.history.calls[i].thread >= last);
      last = execution.history.calls[i].thread;
    }
  }));
}

INSTANTIATE_TEST_SUITE_P(Maps, Determinism,
                         testing::Values(Subject{"rwlock_map", "rwlock_map"}, Subject{"sharded_map", "sharded_map"},
                                         Subject{"go_map", "go_map"},
                                         Subject{"lost_insert_on_rehash", "buggy_lost_insert_on_rehash"},
                                         Subject{"std_unordered_map", "std_unordered_map"},
                                         Subject{"libcuckoo", "libcuckoo"}, Subject{"bounded_queue", "bounded_queue"}),
                         [](const auto& subject) { return std::string(subject.param.map); });

/// What exploring reports can be replayed, whatever went on in the process before it was found.
class Replays : public testing::TestWithParam<Subject> {};

TEST_P(Replays, WhatWasFound) {
  const MapInfo map = GetParam().info();
  const auto executor = executor_for(map);
  ExploreProgress progress;
  ExploreRequest request;
  request.scenario = "mixed-operations";
  request.plan.strategy = "mixed";
  request.seconds_max = 30;
  unsigned found = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    request.seed = seed;
    const ExploreResult result = executor->explore(request, progress);
    if (!result.found) continue;
    ++found;
    for (const bool fresh : {false, true}) {
      if (fresh) executor->fresh_process();
      const Execution again = executor->execute(result.failing, false);
      EXPECT_EQ(again.trace_hash, result.execution.trace_hash);
      EXPECT_EQ(again.violation.outcome, result.execution.violation.outcome);
      EXPECT_EQ(again.violation.label, result.execution.violation.label);
      EXPECT_EQ(why_of(again), why_of(result.execution));
      EXPECT_EQ(again.choices, result.execution.choices);
    }
  }
  EXPECT_EQ(found, 5u);
}

INSTANTIATE_TEST_SUITE_P(Maps, Replays,
                         testing::Values(Subject{"duplicate_insert", "buggy_duplicate_insert"},
                                         Subject{"lock_order", "buggy_lock_order"},
                                         Subject{"exit_on_surprise", "buggy_exit_on_surprise"},
                                         Subject{"hostile_ends", "hostile_null", false}),
                         [](const auto& subject) { return std::string(subject.param.map); });

/// An exploring strategy leaves most points and questions unasked, a replay of stalls asks at every point, and a trace
/// looks at every event: none of that may show.
TEST(ReplaysUnderAllFaults, WhereverThreadsWaitedForEachOther) {
  const MapInfo map = map_named(bundled_plugin("rwlock_map"), "rwlock_map_traced");
  const auto executor = executor_for(map);
  unsigned stalled = 0, early = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    ExploreRequest request = exploring("mixed-operations", seed, 2000);
    request.plan.fault_mask = fault::all_faults();
    const Budget budget = *parse_budget(seed % 2 == 0 ? "max_waits=0" : "max_latency_ns=400");
    request.plan.budgets = std::span(&budget, 1);
    ExploreProgress progress;
    const ExploreResult result = executor->explore(request, progress);
    ASSERT_TRUE(result.found) << seed;
    stalled += std::ranges::any_of(result.failing.choices, [](const Choice& choice) {
      return choice.kind == ChoiceKind::delay || choice.kind == ChoiceKind::pause;
    });
    early += result.execution.faults != 0;
    for (const bool trace : {false, true}) {
      const Execution again = executor->execute(result.failing, trace);
      EXPECT_EQ(again.trace_hash, result.execution.trace_hash) << seed;
      EXPECT_EQ(again.choices, result.execution.choices) << seed;
      EXPECT_EQ(why_of(again), why_of(result.execution)) << seed;
    }
  }
  EXPECT_GE(stalled, 15u);
  EXPECT_GE(early, 25u);
}

/// A turn that takes too long ends at the same event, whatever is looked at on the way: the events at which that is
/// noticed, of which no thread can lose its turn at some, differ with the trace and with who is asked.
TEST(LongTurns, EndAlikeWithATraceAndWithout) {
  const auto executor = executor_for(map_named(bundled_plugin("cow_map_lost_update"), "fixed_cow_map_lost_update"));
  unsigned switched = 0;
  for (std::int64_t prefilled = 0; prefilled < 40; ++prefilled) {
    Case input;
    for (std::int64_t key = 1; key <= prefilled; ++key) input.program.prefill.push_back({100 + key, key});
    // B copies ever larger tables; C could run all the while.
    input.program.threads = {{{OpKind::find, 1, 0}}, {}, {{OpKind::find, 1, 0}}};
    for (std::int64_t key = 1; key <= 90; ++key) input.program.threads[1].push_back({OpKind::assign, key, 1000 + key});
    const Execution plain = executor->execute(input, false), traced = executor->execute(input, true);
    EXPECT_EQ(plain.trace_hash, traced.trace_hash) << prefilled;
    EXPECT_EQ(plain.switches, traced.switches) << prefilled;
    EXPECT_EQ(plain.violation.outcome, Outcome::clean) << why_of(plain);
    switched += plain.steps > 20'000;
  }
  EXPECT_GT(switched, 30u) << "turns are too short to end";
}

}  // namespace
}  // namespace mapquake
