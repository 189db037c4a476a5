// Long schedules whose beginning decides.
#include "harness/shrink/passes.hpp"
#include "tests/unit/shrink/fake_executor.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mapquake {
namespace {

constexpr std::uint16_t operations = 40;

/// A and B switch to and fro at every third event.
Case to_and_fro() {
  Case input;
  input.program.threads.assign(2, std::vector<Operation>(operations, {OpKind::find, 1, 0}));
  for (const ThreadId thread : {ThreadId{1}, ThreadId{2}}) {
    for (OpIndex op = 0; op < operations; ++op) {
      for (std::uint32_t event = 3; event < fake::events_per_op; event += 3) {
        input.choices.push_back({thread, op, event, ChoiceKind::schedule, 3u - thread});
      }
    }
  }
  return input;
}

/// B does something before A's operation `op` has ended.
fake::Predicate interrupted_in(OpIndex op) {
  return [op](const Program&, std::span<const fake::Step> steps) -> std::string {
    const auto is_bs = [](const fake::Step& step) { return step.thread == 2; };
    const auto is_its = [op](const fake::Step& step) { return step.thread == 1 && step.op == op; };
    const auto first = std::ranges::find_if(steps, is_bs);
    const auto last = std::ranges::find_if(steps.rbegin(), steps.rend(), is_its);
    return first != steps.end() && last != steps.rend() && first < last.base() ? "interrupted" : "";
  };
}

TEST(ShorterSchedule, KeepsTheBeginningThatDecidesInFewRuns) {
  fake::FakeExecutor executor(interrupted_in(0));
  const Case input = to_and_fro();
  const Violation violation = executor.execute(input, false).violation;
  ASSERT_EQ(violation.label, "interrupted");
  Session session(executor, violation.outcome, violation.label, {});
  ASSERT_TRUE(session.start(input));
  const std::uint64_t before = session.runs();
  EXPECT_TRUE(shorter_schedule(session));
  EXPECT_LE(session.best().choices.size(), 2u);
  EXPECT_LE(session.runs() - before, 10u);
}

TEST(ShorterSchedule, LeavesAShortOneAlone) {
  fake::FakeExecutor executor(interrupted_in(0));
  Case input = to_and_fro();
  input.choices.resize(4);
  const Violation violation = executor.execute(input, false).violation;
  ASSERT_EQ(violation.label, "interrupted");
  Session session(executor, violation.outcome, violation.label, {});
  ASSERT_TRUE(session.start(input));
  EXPECT_FALSE(shorter_schedule(session));
}

}  // namespace
}  // namespace mapquake
