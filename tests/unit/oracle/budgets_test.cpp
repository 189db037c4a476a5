#include "harness/oracle/budgets.hpp"

#include "harness/history/figures.hpp"
#include "harness/history/reason_words.hpp"
#include "tests/unit/oracle/history_builder.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

/// Finds with the given numbers of steps, in turn by A and B, after a prefill that took far more.
History finds(const std::vector<std::uint64_t>& steps) {
  HistoryBuilder builder;
  builder.prefill(1, 10);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    builder.call(i % 2 == 0 ? A : B, find(static_cast<std::int64_t>(i)), absent());
  }
  builder.quiesce().call(M, find(1), value(10));
  History history = builder.history();
  for (Call& call : history.calls) call.usage.steps = 1'000'000;
  for (std::size_t i = 0; i < steps.size(); ++i) history.calls[i + 1].usage.steps = steps[i];
  return history;
}

std::optional<Violation> checked(const History& history, std::string_view budget) {
  const std::vector<Budget> budgets{*parse_budget(budget)};
  return check_budgets(history, budgets);
}

std::string said(const History& history, std::string_view budget) {
  return in_words(checked(history, budget)->reasons, history);
}

TEST(Budgets, TheLimitItselfIsWithin) {
  EXPECT_EQ(checked(finds({5, 9, 7}), "steps=9"), std::nullopt);
  const auto found = checked(finds({5, 9, 7}), "steps=8");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->outcome, Outcome::budget_exceeded);
  EXPECT_EQ(found->label, "find.max_steps");
  EXPECT_EQ(in_words(found->reasons, finds({5, 9, 7})), "B's find(1) took 9 steps; the budget max_steps allows 8.");
  EXPECT_EQ(found->calls, (std::vector<std::uint32_t>{2}));
}

TEST(Budgets, OnlyTheOperationThatIsNamedCounts) {
  EXPECT_EQ(checked(finds({5}), "insert.steps=0"), std::nullopt);
  EXPECT_TRUE(checked(finds({5}), "find.steps=0"));
}

TEST(Budgets, PercentilesAreByNearestRank) {
  std::vector<std::uint64_t> hundred;
  for (std::uint64_t i = 100; i >= 1; --i) hundred.push_back(i);
  const History history = finds(hundred);
  const struct {
    const char* statistic;
    std::uint64_t value;
  } expected[] = {{"p50", 50}, {"p90", 90}, {"p95", 95}, {"p99", 99}, {"max", 100}, {"total", 5050}};
  for (const auto& [statistic, value] : expected) {
    const std::string subject = std::string("find.") + statistic + "_steps=";
    EXPECT_EQ(checked(history, subject + std::to_string(value)), std::nullopt) << subject;
    EXPECT_TRUE(checked(history, subject + std::to_string(value - 1))) << subject;
  }
  EXPECT_EQ(said(history, "p99_steps=98"),
            "B's find(1) took 99 steps, the 99th percentile of 100 calls of find; the budget p99_steps allows 98.");
  EXPECT_EQ(said(history, "total_steps=1"),
            "The 100 calls of find together took 5050 steps; the budget total_steps allows 1.");
}

TEST(Budgets, FewCallsHaveTheirGreatestAsPercentile) {
  EXPECT_TRUE(checked(finds({5, 9}), "p90_steps=8"));
  EXPECT_EQ(checked(finds({5, 9}), "p50_steps=5"), std::nullopt);
  EXPECT_EQ(checked(finds({}), "total_steps=0"), std::nullopt);
}

TEST(Budgets, CallsThatDidNotReturnDoNotCount) {
  HistoryBuilder builder;
  builder.begin(A, find(1));
  History history = builder.history();
  history.calls[0].usage.steps = 50;
  EXPECT_EQ(checked(history, "steps=1"), std::nullopt);
}

TEST(Budgets, EachFigureIsItsOwn) {
  History history = finds({0});
  history.calls[1].usage = {
      .latency_ns = 2, .allocated_bytes = 3, .copied_bytes = 4, .lock_steps = 5, .allocations = 6, .waits = 7};
  EXPECT_TRUE(checked(history, "latency_ns=1"));
  EXPECT_EQ(checked(history, "latency_ns=2"), std::nullopt);
  EXPECT_EQ(checked(history, "allocated_bytes=3"), std::nullopt);
  EXPECT_EQ(checked(history, "copied_bytes=4"), std::nullopt);
  EXPECT_EQ(checked(history, "lock_steps=5"), std::nullopt);
  EXPECT_EQ(checked(history, "allocations=6"), std::nullopt);
  EXPECT_EQ(checked(history, "waits=7"), std::nullopt);
  EXPECT_EQ(said(history, "waits=6"), "A's find(0) waited 7 times for other threads; the budget max_waits allows 6.");
}

TEST(Budgets, LiveBytesAreTheMaps) {
  History history = finds({1});
  history.live_bytes = 640;
  EXPECT_EQ(checked(history, "live_bytes=640"), std::nullopt);
  const auto found = checked(history, "live_bytes=639");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->label, "live_bytes");
  EXPECT_EQ(in_words(found->reasons, history),
            "After all threads had ended, the map held 640 bytes; the budget live_bytes allows 639.");
  EXPECT_EQ(found->calls, (std::vector<std::uint32_t>{1}));
}

TEST(Budgets, TheFirstOfSeveralIsTold) {
  const std::vector<Budget> budgets{*parse_budget("waits=0"), *parse_budget("p50_steps=1"), *parse_budget("steps=1")};
  EXPECT_EQ(check_budgets(finds({5}), budgets)->label, "find.p50_steps");
}

TEST(FiguresOfAHistory, OfEveryKindThatWasCalled) {
  HistoryBuilder builder;
  builder.call(A, insert(1, 10), yes()).call(B, find(1), value(10)).call(A, find(1), value(10));
  History history = builder.history();
  history.calls[1].usage.steps = 3;
  history.calls[2].usage.steps = 8;
  const auto figures = figures_of(history);
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[0].operation, OpKind::insert);
  EXPECT_EQ(figures[1].calls, 2u);
  EXPECT_EQ(figures[1].value(Figure::steps, Statistic::max), 8u);
  EXPECT_EQ(figures[1].value(Figure::steps, Statistic::p50), 3u);
  EXPECT_EQ(figures[1].value(Figure::steps, Statistic::total), 11u);
}

}  // namespace
}  // namespace mapquake
