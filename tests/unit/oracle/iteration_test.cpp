#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

constexpr const char* twice = "iteration broken: key visited twice";
constexpr const char* missed = "iteration broken: missed key";
constexpr const char* phantom = "iteration broken: phantom key visited";
constexpr const char* stale = "iteration broken: stale value visited";

/// B traverses while A performs one operation; {1: 10, 2: 20} before.
HistoryBuilder beside(Operation traversal, const Reply& traversed, Operation operation, const Reply& reply) {
  HistoryBuilder h;
  h.prefill(1, 10).prefill(2, 20);
  const auto b = h.begin(B, traversal);
  h.call(A, operation, reply).end(b, traversed);
  return h;
}

/// B traverses {1: 10, 2: 20}, of which 3 has been erased, alone.
HistoryBuilder alone(Operation traversal, const Reply& traversed) {
  HistoryBuilder h;
  h.prefill(1, 10).prefill(2, 20).prefill(3, 30).call(A, erase(3), yes()).call(B, traversal, traversed);
  return h;
}

TEST(IterationOracle, NoKeyTwice) {
  EXPECT_EQ(verdict(alone(iterate(), visits({{1, 10}, {2, 20}}))), "");
  EXPECT_EQ(verdict(alone(iterate(), visits({{1, 10}, {2, 20}, {1, 10}}))), twice);
  EXPECT_EQ(verdict(alone(copy(), visits({{1, 10}, {2, 20}, {1, 10}}))), twice);
  EXPECT_EQ(why(alone(iterate(), visits({{1, 10}, {2, 20}, {1, 10}}))), "B's iterate() visited the key 1 twice.");
}

TEST(IterationOracle, AKeyTwiceIfItWasTakenOutAndPutBackMeanwhile) {
  const auto during = [](Operation first, const Reply& answer, int visits_of_1) {
    HistoryBuilder h;
    h.prefill(1, 10);
    const auto b = h.begin(B, iterate());
    h.call(A, first, answer).call(A, insert(1, 11), first.kind == OpKind::erase ? yes() : no());
    return h.end(b, visits_of_1 == 2 ? visits({{1, 10}, {1, 11}}) : visits({{1, 10}, {1, 11}, {1, 11}}));
  };
  EXPECT_EQ(verdict(during(erase(1), yes(), 2)), "");
  EXPECT_EQ(verdict(during(erase(1), yes(), 3)), twice);
  EXPECT_EQ(verdict(during(assign(1, 11), no(), 2)), twice) << "overwritten, never gone";
  Claims snapshot = weak_claims();
  snapshot.iteration = Iteration::snapshot;
  EXPECT_EQ(verdict(during(erase(1), yes(), 2), snapshot), twice);
}

TEST(IterationOracle, EveryKeyThatIsThereThroughout) {
  EXPECT_EQ(verdict(alone(iterate(), visits({{1, 10}}))), missed);
  EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}}), insert(5, 50), yes())), missed);
  EXPECT_EQ(verdict(beside(copy(), visits({{1, 10}}), insert(5, 50), yes())), missed);
  EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}}), erase(2), yes())), "");
  EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}}), clear(), done())), "");
  EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}}), assign(2, 21), no())), missed) << "overwritten, not erased";
  EXPECT_EQ(
      why(alone(iterate(), visits({{1, 10}}))),
      "The prefill insert(2, 20) returned true and nothing erased 2 before the traversal ended; B's iterate() left "
      "it out.");
}

TEST(IterationOracle, AnInsertMustHaveReturnedBefore) {
  HistoryBuilder overlapping, before;
  const auto a = overlapping.begin(A, insert(1, 10));
  overlapping.call(B, iterate(), visits({})).end(a, yes());
  before.call(A, insert(1, 10), yes()).call(B, iterate(), visits({}));
  EXPECT_EQ(verdict(overlapping), "");
  EXPECT_EQ(verdict(before), missed);
}

TEST(IterationOracle, AnEraseThatOverlapsTheInsertMakesItUncertain) {
  HistoryBuilder h;
  const auto a = h.begin(A, erase(1));
  h.call(B, insert(1, 10), yes()).end(a, yes()).call(B, iterate(), visits({}));
  EXPECT_EQ(verdict(h), "");
}

TEST(IterationOracle, APendingEraseMakesItUncertain) {
  HistoryBuilder h;
  h.prefill(1, 10);
  h.begin(A, erase(1));
  h.call(B, iterate(), visits({}));
  EXPECT_EQ(verdict(h), "");
}

TEST(IterationOracle, KeysInsertedMeanwhileMayOrMayNotShow) {
  EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}, {2, 20}}), insert(5, 50), yes())), "");
  EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}, {5, 50}, {2, 20}}), insert(5, 50), yes())), "");
}

TEST(IterationOracle, NoKeyThatWasNeverThere) {
  EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}, {2, 20}, {7, 70}}), insert(5, 50), yes())), phantom);
  EXPECT_EQ(verdict(alone(iterate(), visits({{1, 10}, {2, 20}, {3, 30}}))), phantom);
  EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}, {2, 20}}), erase(2), yes())), "") << "erased meanwhile";
  HistoryBuilder later;
  later.call(B, iterate(), visits({{1, 10}})).call(A, insert(1, 10), yes());
  EXPECT_EQ(verdict(later), phantom);
}

TEST(IterationOracle, ValuesAreOfTheTimeOfTheTraversal) {
  for (const std::int64_t seen : {20, 21}) {
    EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}, {2, seen}}), assign(2, 21), no())), "");
  }
  EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}, {2, 22}}), assign(2, 21), no())), stale);
  HistoryBuilder overwritten, updated;
  overwritten.prefill(1, 10).call(A, assign(1, 11), no()).call(B, iterate(), visits({{1, 10}}));
  updated.prefill(1, 10).call(A, update(1, 5), value(10)).call(B, iterate(), visits({{1, 15}}));
  EXPECT_EQ(verdict(overwritten), stale);
  EXPECT_EQ(verdict(updated), "");
}

TEST(IterationOracle, EraseIfVisitsEveryKeyOfItsParityThatIsThereThroughout) {
  EXPECT_EQ(verdict(beside(erase_even(), erased({{2, 20}}), insert(4, 40), yes())), "");
  EXPECT_EQ(verdict(beside(erase_even(), erased({}), insert(4, 40), yes())), missed);
  EXPECT_EQ(verdict(beside(erase_even(), erased({}), erase(2), yes())), "");
}

TEST(IterationOracle, EraseIfMayMeetAKeyAgainThatCameBack) {
  HistoryBuilder h;
  h.prefill(2, 20);
  const auto b = h.begin(B, erase_even());
  h.call(A, insert(2, 21), yes()).end(b, erased({{2, 20}, {2, 21}}));
  EXPECT_EQ(verdict(h), "");
}

TEST(IterationOracle, ExclusiveTraversalsAreJudgedAlone) {
  Claims claims = weak_claims();
  for (const Iteration iteration : {Iteration::exclusive, Iteration::fail_fast}) {
    claims.iteration = iteration;
    EXPECT_EQ(verdict(alone(iterate(), visits({{1, 10}})), claims), missed);
    EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}}), insert(5, 50), yes()), claims), "");
    EXPECT_EQ(verdict(beside(copy(), visits({{1, 10}}), insert(5, 50), yes()), claims), "");
    EXPECT_EQ(verdict(beside(erase_even(), erased({}), insert(5, 50), yes()), claims), "");
    EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}}), find(5), absent()), claims), missed) << "no write";
  }
}

TEST(IterationOracle, UnclaimedWritesBesideAnExclusiveTraversalAreJudged) {
  Claims claims;
  claims.iteration = Iteration::exclusive;
  EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}}), insert(5, 50), yes()), claims), missed);
  EXPECT_EQ(verdict(beside(iterate(), visits({{1, 10}, {2, 20}}), insert(5, 50), yes()), claims), "");
}

TEST(IterationOracle, WithoutAClaimNothingIsAsked) {
  Claims claims = weak_claims();
  claims.iteration = Iteration::none;
  EXPECT_EQ(verdict(alone(iterate(), visits({{1, 10}, {1, 10}})), claims), "");
}

TEST(IterationOracle, DelayedWritesStillForbidDuplicatesAndPhantoms) {
  Claims claims = weak_claims();
  claims.linearizable = false;
  EXPECT_EQ(verdict(alone(iterate(), visits({{1, 10}})), claims), "");
  EXPECT_EQ(verdict(alone(iterate(), visits({{1, 10}, {1, 10}})), claims), twice);
  EXPECT_EQ(verdict(alone(iterate(), visits({{7, 70}})), claims), phantom);
}

TEST(IterationOracle, TraversalsThatThrewAreNotJudged) {
  HistoryBuilder h;
  Reply reply = visits({{1, 10}});
  reply.status = CallStatus::threw_injected;
  h.prefill(1, 10).prefill(2, 20).call(B, iterate(), reply);
  EXPECT_EQ(verdict(h), "");
}

}  // namespace
}  // namespace mapquake
