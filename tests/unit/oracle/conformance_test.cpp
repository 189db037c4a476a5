#include "harness/oracle/conformance.hpp"

#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string advice(const HistoryBuilder& h, bool own_threads = false, Claims claims = weak_claims()) {
  HistoryOracles oracles;
  const std::optional<Violation> found = oracles.check(Program{}, h.history(), claims);
  EXPECT_TRUE(found);
  if (!found) return "";
  const reason::ClaimInDoubt doubt = claim_in_doubt(*found, Program{}, h.history(), claims, own_threads, oracles);
  return in_words(AnswerReason{doubt}, h.history());
}

TEST(Conformance, ACacheThatClaimsToKeepEverything) {
  HistoryBuilder h;
  h.call(A, insert(5, 50), yes()).call(A, insert(6, 60), yes()).call(A, find(5), absent());
  h.call(A, insert(5, 51), yes()).quiesce().call(M, find(5), value(51));
  EXPECT_THAT(advice(h), HasSubstr("right under .retention = Retention::evicts, if"));
}

TEST(Conformance, WhatNothingCameAfterHasNotMadeRoom) {
  HistoryBuilder h;
  h.prefill(6, 60).prefill(5, 50).call(A, erase(6), yes()).call(A, find(5), absent());
  h.quiesce().call(M, find(5), absent());
  EXPECT_THAT(advice(h), Not(HasSubstr("evicts")));
}

TEST(Conformance, WhatWentBeforeOlderEntriesHasNotMadeRoom) {
  HistoryBuilder h;
  h.prefill(5, 50).prefill(6, 60).call(A, insert(7, 70), yes()).call(A, find(6), absent());
  h.quiesce().call(M, find(5), value(50)).call(M, find(6), absent()).call(M, find(7), value(70));
  EXPECT_THAT(advice(h), AllOf(Not(HasSubstr("evicts")), Not(HasSubstr("no weaker claim"))));
  Claims bounded = weak_claims();
  bounded.retention = Retention::evicts_full;
  bounded.capacity = 3;
  EXPECT_THAT(advice(h, false, bounded), HasSubstr("right under .retention = Retention::evicts, if"));
}

TEST(Conformance, OfACacheWhatIsAddedAgainWasForgotten) {
  HistoryBuilder h;
  h.prefill(5, 50).prefill(6, 60).call(A, assign(5, 51), yes()).quiesce().call(M, find(5), value(51));
  Claims bounded = weak_claims();
  bounded.retention = Retention::evicts_full;
  bounded.capacity = 2;
  EXPECT_THAT(advice(h, false, bounded), HasSubstr("right under .retention = Retention::evicts, if"));
  // A write's answer lags behind nothing.
  EXPECT_THAT(advice(h), Not(HasSubstr("linearizable")));
}

TEST(Conformance, AVisitorThatCallsTheMapIsTheClaimInDoubt) {
  HistoryBuilder h;
  h.prefill(5, 50).call(A, Operation{OpKind::iterate_inserting, 6, 60}, visits({{5, 50}, {5, 50}}));
  h.quiesce().call(M, find(5), value(50));
  EXPECT_THAT(advice(h), HasSubstr("right under visits_may_call without OpKind::insert, if"));
}

TEST(Conformance, ATraversalThatIsWrongWhileNothingElseRunsIsNotExcused) {
  HistoryBuilder h;
  h.prefill(5, 50).call(A, Operation{OpKind::iterate, 0, 0}, visits({{5, 50}, {5, 50}}));
  h.quiesce().call(M, find(5), value(50));
  EXPECT_THAT(advice(h), Not(HasSubstr("right under")));
}

TEST(Conformance, WhatComesBackOfItselfWasNotForgotten) {
  HistoryBuilder h;
  h.prefill(5, 50).prefill(6, 60).call(A, find(5), absent()).quiesce().call(M, find(5), value(50));
  EXPECT_THAT(advice(h), Not(HasSubstr("evicts")));
}

TEST(Conformance, TheMapsOwnThreadsMayHaveHadAPartInIt) {
  HistoryBuilder h;
  h.prefill(5, 50).call(A, find(5), value(77));
  EXPECT_THAT(advice(h, true), AllOf(HasSubstr("its own threads"), Not(HasSubstr("One thread alone"))));
  EXPECT_THAT(advice(h, false), HasSubstr("One thread alone"));
}

TEST(Conformance, ADelayedWriteThatClaimsToBeLinearizable) {
  HistoryBuilder h;
  h.call(A, assign(5, 50), yes()).call(A, find(5), absent()).quiesce().call(M, find(5), value(50));
  EXPECT_THAT(advice(h), HasSubstr("right under .linearizable = false, if"));
}

TEST(Conformance, ASizeThatIsAnEstimate) {
  HistoryBuilder h;
  h.prefill(5, 50).quiesce().call(M, find(5), value(50)).call(M, size(), count(3));
  EXPECT_THAT(advice(h), HasSubstr("right under .size = SizeClaim::none, if"));
}

TEST(Conformance, NoClaimExcusesAValueOutOfThinAir) {
  HistoryBuilder h;
  h.prefill(5, 50).call(A, find(5), value(77));
  EXPECT_THAT(advice(h), HasSubstr("no weaker claim makes it right"));
  EXPECT_THAT(advice(h), Not(HasSubstr("documentation")));
}

}  // namespace
}  // namespace mapquake
