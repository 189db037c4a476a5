#include "harness/shrink/shrink.hpp"

#include "harness/shrink/measure.hpp"
#include "scenarios/scenario.hpp"
#include "tests/unit/shrink/planted.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>

namespace mapquake {
namespace {

using fake::FakeExecutor;
using fake::Planted;

struct Failure {
  Case input;
  Execution execution;
};

/// A large program and a wild schedule of it that fails; nothing if a few hundred executions show none.
std::optional<Failure> bloated_failure(FakeExecutor& executor, const Planted& planted, std::uint64_t seed) {
  const Claims claims{.concurrent_use = ConcurrentUse::all_operations, .iteration = Iteration::snapshot};
  ScenarioOptions options{.threads = 4, .operations = 6, .keys = 4, .prefill = 8};
  if (planted.prefill != 0) options.keys = 16;                            // keys that are not in the prefill
  const OpMask operations = planted.operations | op_bit(OpKind::insert);  // so that there can be a prefill
  for (unsigned attempt = 0; attempt < 20; ++attempt) {
    SearchRequest request;
    request.program =
        find_scenario("mixed-operations")->generate(seed * 20 + attempt, 100, claims, operations, options);
    request.seed = seed;
    request.executions_max = 50;
    request.fault_mask = planted.faults != 0 ? fault_bit(ChoiceKind::alloc_fail) : 0;
    const SearchResult found = executor.search(request);
    if (found.found) return Failure{{request.program, found.execution.choices}, found.execution};
  }
  return std::nullopt;
}

ShrinkResult shrunk(FakeExecutor& executor, const Failure& failure, const ShrinkOptions& options = {}) {
  return shrink(executor, failure.input, failure.execution.violation.outcome, failure.execution.violation.label,
                options);
}

class ShrinksTo : public testing::TestWithParam<Planted> {};

TEST_P(ShrinksTo, TheMinimumDerivedByHand) {
  const Planted& planted = GetParam();
  FakeExecutor executor(planted.predicate);
  unsigned failures = 0;
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    const std::optional<Failure> failure = bloated_failure(executor, planted, seed);
    if (!failure) continue;
    ++failures;
    const ShrinkResult result = shrunk(executor, *failure);
    SCOPED_TRACE(seed);
    EXPECT_EQ(result.best.program.threads.size(), planted.threads);
    EXPECT_EQ(result.best.program.operation_count(), planted.operation_count);
    EXPECT_EQ(result.execution.preemptions, planted.preemptions);
    EXPECT_EQ(result.best.program.prefill.size(), planted.prefill);
    EXPECT_EQ(result.execution.faults, planted.faults);
    EXPECT_EQ(result.minimality, Minimality::proven);
    EXPECT_GT(result.removals_checked, 0u);
    EXPECT_EQ(result.best.program.hash, abi::HashMode::good);
    EXPECT_EQ(result.best.program.capacity_hint, 0u);
    EXPECT_FALSE(result.best.program.construct_from_range);
    for (const auto& thread : result.best.program.threads) {
      for (const Operation& operation : thread) EXPECT_LE(operation.key, 4);
    }
    EXPECT_EQ(result.best.program, with_canonical_values(result.best.program));
    EXPECT_EQ(result.execution.violation.label, failure->execution.violation.label);
    EXPECT_FALSE(result.execution.trace.events.empty());
  }
  EXPECT_GE(failures, 15u);
}

INSTANTIATE_TEST_SUITE_P(Planted, ShrinksTo, testing::ValuesIn(fake::all_planted()),
                         [](const auto& planted) { return std::string(planted.param.name); });

/// Another original, another way down; what is left of the schedule is the same.
TEST_P(ShrinksTo, TheSameScheduleOfTheSameProgramWhateverItBeganWith) {
  FakeExecutor executor(GetParam().predicate);
  std::vector<Case> ends;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    if (const auto failure = bloated_failure(executor, GetParam(), seed))
      ends.push_back(shrunk(executor, *failure).best);
  }
  unsigned compared = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto same = std::find_if(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const Case& other) { return other.program == ends[i].program; });
    if (same == ends.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    ++compared;
    EXPECT_EQ(same->choices, ends[i].choices);
  }
  EXPECT_GT(compared, 0u);
}

/// No single thing can be left out of what came back, by the definition and not by the shrinker's own word.
RC_GTEST_PROP(ShrinkProperty, NothingCanBeLeftOut, ()) {
  const auto& all = fake::all_planted();
  const Planted& planted = all[*rc::gen::inRange<std::size_t>(0, all.size())];
  FakeExecutor executor(planted.predicate);
  const auto failure = bloated_failure(executor, planted, *rc::gen::inRange<std::uint64_t>(100, 100'000));
  RC_PRE(failure.has_value());
  const ShrinkResult result = shrunk(executor, *failure);
  const Case& best = result.best;
  const auto still_fails = [&](const Case& candidate) {
    return executor.execute(candidate, false).violation.label == failure->execution.violation.label;
  };
  RC_ASSERT(result.minimality != Minimality::best_so_far);
  RC_ASSERT(still_fails(best));
  RC_ASSERT(std::is_sorted(best.choices.begin(), best.choices.end()));
  for (std::size_t i = 0; i < best.choices.size(); ++i) {
    Case candidate = best;
    candidate.choices.erase(candidate.choices.begin() + static_cast<std::ptrdiff_t>(i));
    RC_ASSERT(!still_fails(candidate));
  }
  for (std::size_t i = 0; i < best.program.prefill.size(); ++i) {
    Case candidate = best;
    candidate.program.prefill.erase(candidate.program.prefill.begin() + static_cast<std::ptrdiff_t>(i));
    RC_ASSERT(!still_fails(candidate));
  }
}

RC_GTEST_PROP(ShrinkProperty, BudgetsAreKeptAndTheAnswerFails, ()) {
  const auto& all = fake::all_planted();
  const Planted& planted = all[*rc::gen::inRange<std::size_t>(0, all.size())];
  FakeExecutor executor(planted.predicate);
  const auto failure = bloated_failure(executor, planted, *rc::gen::inRange<std::uint64_t>(100, 100'000));
  RC_PRE(failure.has_value());
  ShrinkOptions options;
  options.runs_max = *rc::gen::inRange(1u, 400u);
  const std::uint64_t before = executor.runs;
  const ShrinkResult result = shrunk(executor, *failure, options);
  RC_ASSERT(executor.runs - before == result.runs);
  RC_ASSERT(result.runs <= options.runs_max + 2u);  // a search's replay, and the final one with trace
  RC_ASSERT(result.execution.violation.label == failure->execution.violation.label);
  const Execution again = executor.execute(result.best, false);
  RC_ASSERT(again.violation.label == failure->execution.violation.label);
  RC_ASSERT(measure(result.best, again) <= measure(failure->input, failure->execution));
}

RC_GTEST_PROP(ShrinkProperty, UnreliableExecutionsStillEndInAFailingCase, ()) {
  const auto& all = fake::all_planted();
  const Planted& planted = all[*rc::gen::inRange<std::size_t>(0, all.size())];
  FakeExecutor executor(planted.predicate);
  const auto failure = bloated_failure(executor, planted, *rc::gen::inRange<std::uint64_t>(100, 100'000));
  RC_PRE(failure.has_value());
  executor.unreliable_every = *rc::gen::inRange<std::uint64_t>(2, 7);
  const ShrinkResult result = shrunk(executor, *failure, {.runs_max = 5'000});
  RC_ASSERT(result.execution.violation.label == failure->execution.violation.label);
  executor.unreliable_every = 0;
  RC_ASSERT(executor.execute(result.best, false).violation.label == failure->execution.violation.label);
}

TEST(ShrinkTest, ZeroSecondsGiveTheCaseBack) {
  const Planted& planted = fake::all_planted().front();
  FakeExecutor executor(planted.predicate);
  const auto failure = bloated_failure(executor, planted, 3);
  ASSERT_TRUE(failure);
  const ShrinkResult result = shrunk(executor, *failure, {.seconds_max = 0});
  EXPECT_EQ(result.best.program, failure->input.program);
  EXPECT_EQ(result.minimality, Minimality::best_so_far);
  EXPECT_EQ(result.runs, 3u);  // it fails, an attempt of it fails, and its trace
}

TEST(ShrinkTest, ProgressIsToldWithEverBetterCases) {
  const Planted& planted = fake::all_planted().front();
  FakeExecutor executor(planted.predicate);
  const auto failure = bloated_failure(executor, planted, 3);
  ASSERT_TRUE(failure);
  std::vector<std::size_t> sizes;
  ShrinkOptions options;
  options.progress = [&](const Case& best, std::uint64_t) { sizes.push_back(best.program.operation_count()); };
  shrunk(executor, *failure, options);
  EXPECT_GT(sizes.size(), 2u);
  EXPECT_TRUE(std::is_sorted(sizes.rbegin(), sizes.rend()));
}

TEST(ShrinkTest, AnotherLabelIsAnotherFailure) {
  // Without the size() the failure has another name: the size() must stay.
  FakeExecutor executor([](const Program& program, std::span<const fake::Step> steps) -> std::string {
    bool erase = false, size = false;
    for (const auto& step : steps) {
      erase = erase || step.operation.kind == OpKind::erase;
      size = size || step.operation.kind == OpKind::size;
    }
    return !erase || program.threads.empty() ? "" : size ? "with size" : "without";
  });
  Case input;
  input.program.threads = {{{OpKind::erase, 1, 0}, {OpKind::find, 1, 0}}, {{OpKind::find, 1, 0}, {OpKind::size, 0, 0}}};
  const ShrinkResult result = shrink(executor, input, Outcome::invariant_broken, "with size", {});
  EXPECT_EQ(result.best.program.operation_count(), 2u);
  EXPECT_EQ(result.execution.violation.label, "with size");
}

TEST(ShrinkTest, ACaseThatDoesNotFailComesBackUntouched) {
  FakeExecutor executor([](const Program&, std::span<const fake::Step>) { return std::string(); });
  Case input;
  input.program.threads = {{{OpKind::erase, 1, 0}, {OpKind::find, 1, 0}}};
  const ShrinkResult result = shrink(executor, input, Outcome::crash, "", {});
  EXPECT_EQ(result.best.program, input.program);
  EXPECT_EQ(result.minimality, Minimality::best_so_far);
}

}  // namespace
}  // namespace mapquake
