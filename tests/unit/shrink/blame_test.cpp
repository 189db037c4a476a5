#include "harness/shrink/blame.hpp"

#include "harness/history/symptom.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace mapquake {
namespace {

struct Made {
  ThreadId thread = 0;
  Operation operation;
  bool throws = false;
};
using Calls = std::vector<Made>;
using Judge = std::function<Violation(const Calls&)>;

/// Makes the calls of a program thread by thread, in any order of the threads where it searches. Behind them main makes
/// what threw once more.
class SerialExecutor final : public Executor {
 public:
  explicit SerialExecutor(Judge judge) : judge_(std::move(judge)) {}

  Execution execute(const Case& input, bool) override {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < input.program.threads.size(); ++i) order.push_back(i);
    return run(input, order);
  }
  SearchResult search(const SearchRequest& request) override {
    SearchResult result;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < request.program.threads.size(); ++i) order.push_back(i);
    do {
      ++result.executions;
      result.execution = run({request.program, request.pinned}, order);
      result.found = result.execution.violation.outcome != Outcome::clean;
    } while (!result.found && std::ranges::next_permutation(order).found);
    return result;
  }
  ExploreResult explore(const ExploreRequest&, ExploreProgress&) override { return {}; }
  void fresh_process() override {}
  void show_output(bool) override {}

 private:
  Execution run(const Case& input, const std::vector<std::size_t>& order) {
    Calls calls;
    std::vector<Operation> again;
    for (const std::size_t thread : order) {
      for (std::size_t op = 0; op < input.program.threads[thread].size(); ++op) {
        const Operation& operation = input.program.threads[thread][op];
        const bool throws = std::ranges::any_of(input.choices, [&](const Choice& choice) {
          return choice.kind == ChoiceKind::alloc_fail && choice.thread == thread + 1 && choice.op == op;
        });
        calls.push_back({static_cast<ThreadId>(thread + 1), operation, throws});
        if (throws) again.push_back(operation);
      }
    }
    for (const Operation& operation : again) {
      calls.push_back({main_thread, {OpKind::find, operation.key, 0}});
      calls.push_back({main_thread, operation});
    }
    Execution execution;
    execution.violation = judge_(calls);
    execution.choices = input.choices;
    return execution;
  }
  Judge judge_;
};

const Operation insert{OpKind::insert, 1, 10}, erase{OpKind::erase, 1, 0};

ShrinkResult shrunk(Program program, Outcome outcome, Symptom symptom) {
  ShrinkResult result;
  result.best = {std::move(program), {{1, 0, 1, ChoiceKind::alloc_fail, 1}}};
  result.execution.violation = {.outcome = outcome, .label = label_of(symptom), .reasons = {}, .calls = {}};
  return result;
}

Program of(std::vector<std::vector<Operation>> threads) {
  Program program;
  program.threads = std::move(threads);
  return program;
}

TEST(Blame, AnotherThreadThatMakesTheCallLaterMayShowWhatMainShowedBehindAThrow) {
  // An insert hangs once another thread has erased.
  SerialExecutor executor([](const Calls& calls) -> Violation {
    ThreadId erased_by = UINT16_MAX;
    for (const Made& call : calls) {
      if (call.operation.kind == OpKind::erase) erased_by = call.thread;
      const bool hangs = call.operation.kind == OpKind::insert && erased_by != UINT16_MAX && erased_by != call.thread;
      if (hangs) return {.outcome = Outcome::livelock, .label = "no progress", .reasons = {}, .calls = {}};
    }
    return {};
  });
  ShrinkResult livelock = shrunk(of({{insert, erase}}), Outcome::livelock, Symptom::no_progress);
  ASSERT_EQ(executor.execute(livelock.best, false).violation.outcome, Outcome::livelock);
  ASSERT_TRUE(may_be_met_by_exceptions(livelock));
  EXPECT_FALSE(failure_without_blame(executor, livelock.best.program, livelock, false)) << "one thread at a time";
  const auto other = failure_without_blame(executor, livelock.best.program, livelock, true);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->outcome, Outcome::livelock);
  EXPECT_EQ(other->input.program.threads, (std::vector<std::vector<Operation>>{{erase}, {insert}}));
  EXPECT_TRUE(other->input.choices.empty());
}

/// Of a map that breaks at its `calls_needed`-th call, if that is a look-up; `throw_needed`: only behind a throw.
SerialExecutor breaks_at(std::size_t calls_needed, bool throw_needed) {
  return SerialExecutor([=](const Calls& calls) -> Violation {
    const bool threw = std::ranges::any_of(calls, &Made::throws);
    if (calls.size() < calls_needed || (throw_needed && !threw)) return {};
    return {.outcome = Outcome::not_linearizable, .label = "lost key", .reasons = {}, .calls = {}};
  });
}

TEST(Blame, WhatTakesSoManyCallsIsNoBrokenGuarantee) {
  SerialExecutor executor = breaks_at(3, false);
  ShrinkResult broken = shrunk(of({{insert}}), Outcome::exception_guarantee_broken, Symptom::untouched_key_harmed);
  ASSERT_EQ(executor.execute(broken.best, false).violation.outcome, Outcome::not_linearizable);
  const auto other = failure_without_blame(executor, broken.best.program, broken, false);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->outcome, Outcome::not_linearizable);
  EXPECT_EQ(other->input.program.operation_count(), 3u);
}

TEST(Blame, WhatTakesTheThrowIsOne) {
  SerialExecutor executor = breaks_at(3, true);
  ShrinkResult broken = shrunk(of({{insert}}), Outcome::exception_guarantee_broken, Symptom::untouched_key_harmed);
  EXPECT_FALSE(failure_without_blame(executor, broken.best.program, broken, true));
}

TEST(Blame, ALostWakeUpMayTakeMoreThreadsThanAreLeft) {
  SerialExecutor executor([](const Calls& calls) -> Violation {
    const bool many = calls.size() >= 6;
    if (!many) return {};
    return {.outcome = Outcome::deadlock, .label = label_of(Symptom::lost_wake_up), .reasons = {}, .calls = {}};
  });
  const Program found = of({{insert, erase}, {insert, erase}, {insert, erase}});
  ShrinkResult lost =
      shrunk(of({{insert}, {erase}}), Outcome::exception_guarantee_broken, Symptom::lost_wake_up_after_throw);
  const auto other = failure_without_blame(executor, found, lost, true);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->input.program, found);
  // A lock that an exception leaves held is no lost wake-up, whatever else the program found shows.
  ShrinkResult held = shrunk(of({{insert}, {erase}}), Outcome::exception_guarantee_broken, Symptom::lock_left_held);
  EXPECT_FALSE(failure_without_blame(executor, found, held, true));
}

}  // namespace
}  // namespace mapquake
