// Operations that leave every entry as it is, or bring all of them back; and one whose callback looks up another key.
#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

std::string between_look_ups(const Operation& operation, const Reply& answer, const Reply& found_then) {
  HistoryBuilder h;
  h.prefill(5, 50).call(A, find(5), value(50)).call(A, operation, answer).call(A, find(5), found_then);
  return verdict(h);
}

TEST(QuietOperations, LeaveEveryEntryAsItIs) {
  const Operation quiet[] = {{OpKind::reserve, 64, 0}, {OpKind::shrink, 0, 0}, {OpKind::sleep, 12, 0}};
  for (const Operation& operation : quiet) {
    EXPECT_EQ(between_look_ups(operation, done(), value(50)), "");
    EXPECT_EQ(between_look_ups(operation, done(), absent()), "lost key");
    EXPECT_EQ(between_look_ups(operation, done(), value(51)), "unwritten value");
  }
}

/// A table that moves its entries while it is walked through may be walked through badly, where no more is claimed.
TEST(QuietOperations, ThatMoveEntriesExcuseAnExclusiveTraversal) {
  const auto beside = [](const Operation& operation, Iteration claimed) {
    HistoryBuilder h;
    h.prefill(5, 50);
    const auto a = h.begin(A, iterate());
    h.call(B, operation, done()).end(a, visits({}));
    Claims claims = weak_claims();
    claims.iteration = claimed;
    claims.concurrent_use = ConcurrentUse::all_operations;
    return verdict(h, claims);
  };
  for (const OpKind kind : {OpKind::reserve, OpKind::shrink}) {
    EXPECT_EQ(beside({kind, 0, 0}, Iteration::exclusive), "");
    EXPECT_EQ(beside({kind, 0, 0}, Iteration::weakly_consistent), "iteration broken: missed key");
  }
  EXPECT_EQ(beside({OpKind::sleep, 12, 0}, Iteration::exclusive), "iteration broken: missed key");
}

TEST(QuietOperations, MoveBringsEveryEntryBackAndReportsThem) {
  const Operation there_and_back{OpKind::move, 0, 0};
  EXPECT_EQ(between_look_ups(there_and_back, visits({{5, 50}}), value(50)), "");
  EXPECT_EQ(between_look_ups(there_and_back, visits({{5, 50}}), absent()), "lost key");
  EXPECT_EQ(between_look_ups(there_and_back, visits({}), value(50)), "iteration broken: missed key");
  EXPECT_EQ(between_look_ups(there_and_back, visits({{5, 50}, {6, 60}}), value(50)),
            "iteration broken: phantom key visited");
}

TEST(QuietOperations, AnUpdateThatCallsIsAnUpdate) {
  const auto calling = [](std::int64_t key) { return Operation{OpKind::update_calling, key, 1000, 6}; };
  EXPECT_EQ(between_look_ups(calling(5), value(50), value(1050)), "");
  EXPECT_EQ(between_look_ups(calling(5), value(50), value(50)), "stale value");
  EXPECT_EQ(between_look_ups(calling(5), absent(), value(50)), "lost key");
  EXPECT_EQ(between_look_ups(calling(7), absent(), value(50)), "");
}

}  // namespace
}  // namespace mapquake
