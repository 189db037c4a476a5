#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

constexpr const char* refusal = "invariant broken: refused a claimed operation";

HistoryBuilder alone(Operation operation, CallStatus status) {
  HistoryBuilder h;
  h.call(A, operation, ended(status));
  return h;
}

/// A's call is refused while B's runs.
HistoryBuilder refused_beside(Operation refused, Operation other, const Reply& reply) {
  HistoryBuilder h;
  h.prefill(2, 20);
  const auto b = h.begin(B, other);
  h.call(A, refused, ended(CallStatus::refused)).end(b, reply);
  return h;
}

TEST(CallStatusOracle, TornValuesAreNeverAllowed) {
  EXPECT_EQ(verdict(alone(find(1), CallStatus::torn_value)), "invariant broken: torn value");
  EXPECT_EQ(verdict(alone(find(1), CallStatus::returned)), "");
}

TEST(CallStatusOracle, OnlyBadAllocAndInjectedExceptionsAreExpected) {
  EXPECT_EQ(verdict(alone(insert(1, 1), CallStatus::threw)), "unexpected exception: unexpected exception");
  EXPECT_EQ(verdict(alone(insert(1, 1), CallStatus::threw_bad_alloc)), "");
  EXPECT_EQ(verdict(alone(insert(1, 1), CallStatus::threw_injected)), "");
}

TEST(CallStatusOracle, ATornValueTellsMoreThanAnException) {
  HistoryBuilder h;
  h.call(A, insert(1, 1), ended(CallStatus::threw)).call(A, find(1), ended(CallStatus::torn_value));
  EXPECT_EQ(verdict(h), "invariant broken: torn value");
}

TEST(CallStatusOracle, PendingCallsAreNotItsBusiness) {
  HistoryBuilder h;
  h.begin(A, insert(1, 1));
  EXPECT_EQ(verdict(h), "");
}

TEST(CallStatusOracle, AMapForAllOperationsMayNotRefuse) {
  EXPECT_EQ(verdict(refused_beside(insert(1, 1), insert(3, 3), yes())), refusal);
  EXPECT_EQ(verdict(alone(find(1), CallStatus::refused)), refusal);
}

TEST(CallStatusOracle, AnOperationThatIsDocumentedToFailMayRefuse) {
  Claims claims = weak_claims();
  claims.may_refuse = op_bit(OpKind::insert);
  EXPECT_EQ(verdict(refused_beside(insert(1, 1), insert(3, 3), yes()), claims), "");
  EXPECT_EQ(verdict(alone(find(1), CallStatus::refused), claims), refusal);
}

TEST(CallStatusOracle, AMapForOneThreadMayRefuse) {
  Claims claims = weak_claims();
  claims.concurrent_use = ConcurrentUse::none;
  EXPECT_EQ(verdict(refused_beside(insert(1, 1), insert(3, 3), yes()), claims), "");
}

TEST(CallStatusOracle, AMapForReadersMayRefuseWritesAndReadsBesideThem) {
  Claims claims = weak_claims();
  claims.concurrent_use = ConcurrentUse::readers;
  EXPECT_EQ(verdict(refused_beside(insert(1, 1), find(3), absent()), claims), "");
  EXPECT_EQ(verdict(refused_beside(find(1), insert(3, 3), yes()), claims), "");
  EXPECT_EQ(verdict(refused_beside(find(1), find(3), absent()), claims), refusal);
}

TEST(CallStatusOracle, FailFastIterationMayBeRefusedBesideAWrite) {
  Claims claims = weak_claims();
  claims.iteration = Iteration::fail_fast;
  EXPECT_EQ(verdict(refused_beside(iterate(), insert(3, 3), yes()), claims), "");
  EXPECT_EQ(verdict(refused_beside(insert(3, 3), iterate(), visits({{2, 20}})), claims), "");
  EXPECT_EQ(verdict(refused_beside(iterate(), find(3), absent()), claims), refusal);
  EXPECT_EQ(verdict(refused_beside(insert(3, 3), insert(5, 5), yes()), claims), refusal);
  EXPECT_EQ(verdict(refused_beside(iterate(), insert(3, 3), yes()), weak_claims()), refusal);
}

TEST(CallStatusOracle, ExclusiveOperationsMayBeRefused) {
  Claims claims = weak_claims();
  claims.exclusive_operations = op_bit(OpKind::clear);
  EXPECT_EQ(verdict(refused_beside(clear(), find(3), absent()), claims), "");
  EXPECT_EQ(verdict(refused_beside(find(3), clear(), done()), claims), "");
  EXPECT_EQ(verdict(refused_beside(find(3), insert(5, 5), yes()), claims), refusal);
}

TEST(CallStatusOracle, ARefusedWriteMayHaveHappened) {
  Claims claims = weak_claims();
  claims.concurrent_use = ConcurrentUse::none;
  for (const bool happened : {false, true}) {
    HistoryBuilder h;
    h.call(A, insert(1, 10), ended(CallStatus::refused)).quiesce();
    h.call(M, find(1), happened ? value(10) : absent());
    EXPECT_EQ(verdict(h, claims), "");
  }
}

}  // namespace
}  // namespace mapquake
