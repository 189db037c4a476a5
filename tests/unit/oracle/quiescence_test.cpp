#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

constexpr const char* wrong_size = "invariant broken: size disagrees with look-ups";
constexpr const char* wrong_iteration = "invariant broken: iteration disagrees with look-ups";

/// {1: 10, 2: 20}, with 3 looked up in vain, then the given final answers.
HistoryBuilder finally(std::uint64_t size_answer, const Reply& visited) {
  HistoryBuilder h;
  h.prefill(1, 10).call(A, insert(2, 20), yes()).call(A, erase(3), no()).quiesce();
  h.call(M, find(1), value(10)).call(M, find(2), value(20)).call(M, find(3), absent());
  h.call(M, size(), count(size_answer)).call(M, iterate(), visited);
  return h;
}

TEST(QuiescenceOracle, SizeAgreesWithLookUps) {
  for (const Claims& claims : {weak_claims(), strong_claims()}) {
    EXPECT_EQ(verdict(finally(2, visits({{2, 20}, {1, 10}})), claims), "");
    EXPECT_EQ(verdict(finally(3, visits({{2, 20}, {1, 10}})), claims), wrong_size);
    EXPECT_EQ(verdict(finally(1, visits({{2, 20}, {1, 10}})), claims), wrong_size);
  }
  EXPECT_EQ(why(finally(3, visits({{2, 20}, {1, 10}}))),
            "The final look-ups find 2 keys, but the final size() says 3.");
}

TEST(QuiescenceOracle, AnEstimateOfTheSizeMayBeWrong) {
  Claims claims = weak_claims();
  claims.size = SizeClaim::none;
  EXPECT_EQ(verdict(finally(3, visits({{2, 20}, {1, 10}})), claims), "");
}

TEST(QuiescenceOracle, IterationAgreesWithLookUps) {
  EXPECT_EQ(verdict(finally(2, visits({{1, 10}}))), wrong_iteration);
  EXPECT_EQ(verdict(finally(2, visits({{1, 10}, {2, 21}}))), "iteration broken: stale value visited");
  EXPECT_EQ(verdict(finally(2, visits({{1, 10}, {2, 20}, {7, 70}}))), "iteration broken: phantom key visited");
  EXPECT_EQ(verdict(finally(2, visits({{1, 10}, {2, 20}, {1, 10}}))), "iteration broken: key visited twice");
  EXPECT_EQ(why(finally(2, visits({{1, 10}}))),
            "The final find(2) says 20, but the final iterate() left the key 2 out.");
}

TEST(QuiescenceOracle, AnErasedKeyVisitedAgainstALookUp) {
  HistoryBuilder h;
  h.prefill(1, 10).call(A, erase(1), yes()).quiesce().call(M, find(1), absent()).call(M, iterate(), visits({{1, 10}}));
  EXPECT_EQ(verdict(h), wrong_iteration);
}

TEST(QuiescenceOracle, AnOldValueVisitedAgainstALookUp) {
  HistoryBuilder with_find, with_contains;
  for (HistoryBuilder* h : {&with_find, &with_contains}) {
    h->prefill(1, 10).call(A, assign(1, 11), no()).quiesce();
    if (h == &with_find) h->call(M, find(1), value(11));
    if (h == &with_contains) h->call(M, contains(1), yes());
    h->call(M, iterate(), visits({{1, 10}}));
  }
  EXPECT_EQ(verdict(with_find), wrong_iteration);
  EXPECT_EQ(verdict(with_contains), "iteration broken: stale value visited");
}

TEST(QuiescenceOracle, SizeAgreesWithIterationWhereNothingLooksUp) {
  for (const std::uint64_t answer : {1, 2}) {
    HistoryBuilder h;
    h.prefill(1, 10).quiesce().call(M, size(), count(answer)).call(M, iterate(), visits({{1, 10}}));
    Claims claims = weak_claims();
    EXPECT_EQ(verdict(h, claims), answer == 1 ? "" : "invariant broken: size disagrees with iteration");
  }
}

TEST(QuiescenceOracle, ALostKeyKeepsItsNameWhateverSizeAndIterationSay) {
  HistoryBuilder h;
  h.prefill(1, 10).quiesce().call(M, find(1), absent()).call(M, size(), count(1)).call(M, iterate(), visits({}));
  EXPECT_EQ(verdict(h), "lost key");
}

TEST(QuiescenceOracle, APendingCallMeansNoQuiescence) {
  HistoryBuilder h;
  h.prefill(1, 10);
  h.begin(A, erase(1));
  h.quiesce().call(M, contains(1), yes()).call(M, size(), count(0));
  EXPECT_EQ(verdict(h), "");
}

TEST(QuiescenceOracle, HoldsForDelayedWritesToo) {
  Claims claims = weak_claims();
  claims.linearizable = false;
  HistoryBuilder h;
  h.prefill(1, 10).quiesce().call(M, find(1), value(10)).call(M, size(), count(0));
  EXPECT_EQ(verdict(h, claims), wrong_size);
}

}  // namespace
}  // namespace mapquake
