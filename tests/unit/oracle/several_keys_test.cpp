// Look-ups of several keys, and transactions, each by itself and at one instant.
#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

Claims at_one_instant() {
  Claims claims = weak_claims();
  claims.find_all = claims.transactions = SeveralKeys::linearizable;
  return claims;
}

/// Of a map with the entries 5: 50 and 6: 60.
HistoryBuilder two_entries() {
  HistoryBuilder h;
  h.prefill(5, 50).prefill(6, 60);
  return h;
}

std::string asked_for(const Reply& answer, const Claims& claims) {
  return verdict(two_entries().call(A, find_all(5, 7), answer), claims);
}

TEST(FindAll, AnswersForEachKey) {
  for (const Claims& claims : {weak_claims(), at_one_instant(), strong_claims()}) {
    EXPECT_EQ(asked_for(found(0b101, {{5, 50}, {5, 50}}), claims), "");
    EXPECT_EQ(asked_for(found(0b001, {{5, 50}}), claims), "lost key");
    EXPECT_EQ(asked_for(found(0b101, {{5, 50}, {5, 60}}), claims), "unwritten value");
    EXPECT_EQ(asked_for(found(0b111, {{5, 50}, {7, 50}, {5, 50}}), claims), "phantom key");
  }
}

/// A sees what B wrote first, and not what it wrote before that.
HistoryBuilder seen_in_part(bool later_one) {
  HistoryBuilder h;
  const auto a = h.begin(A, find_all(5, 6));
  h.call(B, insert(5, 51), yes()).call(B, insert(6, 61), yes());
  h.end(a, later_one ? found(0b010, {{6, 61}}) : found(0b101, {{5, 51}, {5, 51}}));
  return h;
}

TEST(FindAll, IsOfOneInstantWhereThatIsClaimed) {
  EXPECT_EQ(verdict(seen_in_part(true), at_one_instant()), "not atomic");
  EXPECT_EQ(verdict(seen_in_part(false), at_one_instant()), "");
  EXPECT_EQ(verdict(seen_in_part(true)), "");
  EXPECT_EQ(
      why(seen_in_part(true), at_one_instant()),
      "A's find_all({5, 6, 5}) says {5: absent, 6: 61, 5: absent}, but at no instant of that call can all of this "
      "have been so (a map that promises less claims SeveralKeys::per_key).");
}

TEST(FindAll, OfAMapThatLagsIsNotAtomic) {
  Claims claims = at_one_instant();
  claims.linearizable = false;
  EXPECT_EQ(verdict(seen_in_part(true), claims), "");
}

/// One that threw has looked nothing up.
TEST(FindAll, ThatThrewSaysNothing) {
  EXPECT_EQ(asked_for(ended(CallStatus::threw_bad_alloc), strong_claims()), "");
}

std::string after(const Operation& transaction, const Reply& answer, const Reply& five, const Reply& six,
                  const Claims& claims = at_one_instant()) {
  return verdict(two_entries().call(A, transaction, answer).call(A, find(5), five).call(A, find(6), six), claims);
}

TEST(Transactions, WriteAllKeys) {
  for (const Claims& claims : {weak_claims(), at_one_instant(), strong_claims()}) {
    EXPECT_EQ(after(transact(5, 6, 51), yes(), value(51), value(51), claims), "");
    EXPECT_EQ(after(transact(5, 6, 51), silent(), value(51), value(51), claims), "");
    EXPECT_EQ(after(transact(5, 6, 51), yes(), value(51), value(60), claims), "stale value");
    EXPECT_EQ(after(transact_erasing(5, 6, 51), yes(), value(51), absent(), claims), "");
    EXPECT_EQ(after(transact_erasing(5, 6, 51), yes(), value(51), value(60), claims), "resurrected key");
    EXPECT_EQ(after(transact_erasing(5, 5, 51), yes(), value(51), value(60), claims), "");
  }
}

TEST(Transactions, ThatFailWriteNone) {
  for (const Reply& failed : {no(), ended(CallStatus::threw_bad_alloc), ended(CallStatus::threw_injected)}) {
    EXPECT_EQ(after(transact(5, 6, 51), failed, value(50), value(60)), "");
    EXPECT_NE(after(transact(5, 6, 51), failed, value(51), value(60)), "");
    EXPECT_NE(after(transact_erasing(5, 6, 51), failed, value(50), absent()), "");
    // Without that claim nothing is undone.
    EXPECT_EQ(after(transact(5, 6, 51), failed, value(51), value(60), weak_claims()), "");
    EXPECT_EQ(after(transact_erasing(5, 6, 51), failed, value(50), absent(), weak_claims()), "");
    EXPECT_NE(after(transact(5, 6, 51), failed, value(52), value(60), weak_claims()), "");
  }
}

TEST(Transactions, ThatAreRefusedWriteNone) {
  Claims claims = at_one_instant();
  claims.may_refuse = op_bit(OpKind::transact);
  EXPECT_EQ(after(transact(5, 6, 51), ended(CallStatus::refused), value(50), value(60), claims), "");
  EXPECT_NE(after(transact(5, 6, 51), ended(CallStatus::refused), value(51), value(60), claims), "");
}

/// B looks up what the transaction writes, one key after the other.
HistoryBuilder watched(std::int64_t first, std::int64_t second) {
  HistoryBuilder h = two_entries();
  const auto a = h.begin(A, transact(5, 6, 51));
  h.call(B, find(5), value(first)).call(B, find(6), value(second)).end(a, yes());
  return h;
}

TEST(Transactions, AreSeenWholeOrNot) {
  EXPECT_EQ(verdict(watched(51, 51), at_one_instant()), "");
  EXPECT_EQ(verdict(watched(50, 51), at_one_instant()), "");
  EXPECT_EQ(verdict(watched(50, 60), at_one_instant()), "");
  EXPECT_EQ(verdict(watched(51, 60), at_one_instant()), "not atomic");
  EXPECT_EQ(verdict(watched(51, 60), strong_claims()), "not atomic");
  EXPECT_EQ(verdict(watched(51, 60)), "");
  EXPECT_EQ(why(watched(51, 60), at_one_instant()),
            "A's transact(put 5: 51, put 6: 51) returned true, but at no instant of that call can all of it have "
            "happened (a map that promises less claims SeveralKeys::per_key), given that B's find(6) says 60.");
}

TEST(Transactions, AreSeenWholeByTraversals) {
  for (const bool whole : {true, false}) {
    HistoryBuilder h = two_entries();
    const auto a = h.begin(A, transact_erasing(7, 6, 71));
    h.call(B, iterate(), whole ? visits({{5, 50}, {7, 71}}) : visits({{5, 50}, {6, 60}, {7, 71}})).end(a, yes());
    Claims claims = at_one_instant();
    claims.iteration = Iteration::snapshot;
    EXPECT_EQ(verdict(h, claims), whole ? "" : "not atomic");
    EXPECT_EQ(verdict(h, at_one_instant()), "");
  }
}

/// Two of them cannot each have come before the other.
TEST(Transactions, ComeOneAfterTheOther) {
  for (const std::int64_t six : {51, 52}) {
    HistoryBuilder h = two_entries();
    const auto a = h.begin(A, transact(5, 6, 51));
    h.call(B, transact(5, 6, 52), yes()).end(a, yes()).call(B, find(5), value(51)).call(B, find(6), value(six));
    EXPECT_EQ(verdict(h, at_one_instant()), six == 51 ? "" : "not atomic");
    EXPECT_EQ(verdict(h), "");
  }
}

TEST(Transactions, ThatDidNotReturnMayHaveHappened) {
  HistoryBuilder h = two_entries();
  h.begin(A, transact(5, 6, 51));
  h.call(B, find(5), value(51));
  EXPECT_EQ(verdict(h, at_one_instant()), "");
  h.call(B, find(6), value(60));
  EXPECT_EQ(verdict(h, at_one_instant()), "not atomic");
}

}  // namespace
}  // namespace mapquake
