// Programs of one thread from which nothing can be left out, though a shorter one fails as well.
#include "harness/shrink/passes.hpp"
#include "tests/unit/shrink/fake_executor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace mapquake {
namespace {

constexpr std::size_t few = 7, many = 20;

/// A key is erased while there are exactly `few` or `many` of them.
std::string erased_at_a_size(const Program& program, std::span<const fake::Step> steps) {
  std::set<std::int64_t> keys;
  for (const abi::Entry& entry : program.prefill) keys.insert(entry.key);
  bool fails = false;
  for (const fake::Step& step : steps) {
    if (step.event != 1) continue;
    const std::int64_t key = step.operation.key;
    const bool erases = step.operation.kind == OpKind::erase && keys.contains(key);
    fails |= erases && (keys.size() == few || keys.size() == many);
    erases ? static_cast<void>(keys.erase(key)) : static_cast<void>(keys.insert(key));
  }
  return fails ? "lost" : "";
}

Case many_are_added_and_one_erased() {
  Case input;
  std::vector<Operation>& thread = input.program.threads.emplace_back();
  for (std::size_t key = 1; key <= many; ++key) thread.push_back({OpKind::insert, static_cast<std::int64_t>(key), 0});
  thread.push_back({OpKind::erase, 1, 0});
  return input;
}

ShrinkResult shrunk(const Case& input) {
  fake::FakeExecutor executor(erased_at_a_size);
  const Violation violation = executor.execute(input, false).violation;
  EXPECT_EQ(violation.label, "lost");
  return shrink(executor, input, violation.outcome, violation.label, {});
}

TEST(SampledPrograms, FindTheShorterOneThatIsNotOnTheWay) {
  const ShrinkResult result = shrunk(many_are_added_and_one_erased());
  EXPECT_EQ(result.best.program.operation_count(), 1u);
  EXPECT_EQ(result.best.program.prefill.size(), few);
}

TEST(SampledPrograms, LeaveThreadsAlone) {
  Case input = many_are_added_and_one_erased();
  input.program.threads.push_back({{OpKind::find, 1, 0}});
  fake::FakeExecutor executor(erased_at_a_size);
  const Violation violation = executor.execute(input, false).violation;
  ASSERT_EQ(violation.label, "lost");
  Session session(executor, violation.outcome, violation.label, {});
  ASSERT_TRUE(session.start(input));
  const std::uint64_t before = session.runs();
  EXPECT_FALSE(sampled_programs(session, 100));
  EXPECT_EQ(session.runs(), before);
}

TEST(SampledPrograms, AreTriedAsOftenAsAllowed) {
  const auto always_all = [](const Program& program, std::span<const fake::Step> steps) -> std::string {
    return program.operation_count() == many + 1 && !steps.empty() ? "lost" : "";
  };
  fake::FakeExecutor executor(always_all);
  const Case input = many_are_added_and_one_erased();
  const Violation violation = executor.execute(input, false).violation;
  Session session(executor, violation.outcome, violation.label, {});
  ASSERT_TRUE(session.start(input));
  const std::uint64_t before = session.runs();
  EXPECT_FALSE(sampled_programs(session, 100));
  EXPECT_LE(session.runs() - before, 100u);
  EXPECT_GT(session.runs(), before);
}

}  // namespace
}  // namespace mapquake
