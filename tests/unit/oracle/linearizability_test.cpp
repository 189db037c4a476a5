// Legal and illegal twins: each pair differs in one answer or one interval.
#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

TEST(LinearizabilityOfKeys, LostKey) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    h->prefill(1, 10);
    const auto a = h->begin(A, insert(4, 40));
    h->call(B, insert(5, 50), yes()).end(a, yes()).quiesce();
  }
  legal.call(M, find(5), value(50));
  illegal.call(M, find(5), absent());
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "lost key");
  EXPECT_EQ(
      why(illegal),
      "B's insert(5, 50) returned true and nothing erased 5, so it must be there; the final find(5) says absent.");
  EXPECT_EQ(check(illegal, weak_claims())->calls, (std::vector<std::uint32_t>{2, 3}));
}

TEST(LinearizabilityOfKeys, AFindBesideAnInsertMayMissIt) {
  HistoryBuilder legal, illegal;
  const auto a = legal.begin(A, insert(5, 50));
  const auto b = legal.begin(B, find(5));
  legal.end(a, yes()).end(b, absent());
  const auto c = illegal.begin(A, insert(5, 50));
  illegal.end(c, yes()).call(B, find(5), absent());
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "lost key");
}

TEST(LinearizabilityOfKeys, AKeyOnceSeenStaysSeen) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    const auto a = h->begin(A, insert(5, 50));
    h->call(B, contains(5), h == &legal ? no() : yes()).call(C, contains(5), h == &legal ? yes() : no()).end(a, yes());
  }
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "lost key");
  EXPECT_EQ(why(illegal),
            "B's contains(5) returned true and nothing erased 5, so it must be there; C's contains(5) returned false.");
}

TEST(LinearizabilityOfKeys, DuplicateInsert) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    const auto a = h->begin(A, insert(5, 50));
    h->call(B, insert(5, 51), yes()).end(a, h == &legal ? no() : yes());
  }
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "duplicate insert");
  EXPECT_EQ(why(illegal),
            "B's insert(5, 51) and A's insert(5, 50) both returned true, and nothing erased 5 in between.");
}

TEST(LinearizabilityOfKeys, TwoInsertsAreRightAroundAnErase) {
  HistoryBuilder h;
  const auto a = h.begin(A, insert(5, 50));
  h.call(B, insert(5, 51), yes()).call(B, erase(5), yes()).end(a, yes());
  EXPECT_EQ(verdict(h), "");
}

TEST(LinearizabilityOfKeys, TwoCreatorsOfOneKey) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    const auto a = h->begin(A, get_or_create(5, 50));
    h->call(B, get_or_create(5, 51), value(51)).end(a, value(h == &legal ? 51 : 50));
  }
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "duplicate insert");
}

TEST(LinearizabilityOfKeys, DoubleErase) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    h->prefill(5, 50);
    const auto a = h->begin(A, erase(5));
    h->call(B, erase(5), yes()).end(a, h == &legal ? no() : yes());
  }
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "double erase");
  EXPECT_EQ(why(illegal), "B's erase(5) and A's erase(5) both returned true, and nothing inserted 5 in between.");
}

TEST(LinearizabilityOfKeys, ResurrectedKey) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    h->prefill(5, 50).call(A, erase(5), yes()).quiesce().call(M, find(5), h == &legal ? absent() : value(50));
  }
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "resurrected key");
  EXPECT_EQ(why(illegal),
            "A's erase(5) returned true and nothing inserted 5 after that, so it must be gone; the final find(5) says "
            "50.");
}

TEST(LinearizabilityOfKeys, PhantomKey) {
  HistoryBuilder legal, illegal;
  legal.prefill(6, 60).call(A, find(6), value(60));
  illegal.prefill(6, 60).call(A, find(7), value(60));
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "phantom key");
  EXPECT_EQ(why(illegal), "Nothing ever inserted 7, yet A's find(7) says 60.");
}

TEST(LinearizabilityOfKeys, StaleValue) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    h->prefill(5, 50);
    const auto a = h->begin(A, assign(5, 51));
    if (h == &illegal) h->end(a, no());
    h->call(B, find(5), value(50));
    if (h == &legal) h->end(a, no());
  }
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "stale value");
  EXPECT_EQ(why(illegal),
            "A's assign(5, 51) returned false, so 5 holds 51, and nothing wrote 50 after that; B's find(5) says 50.");
}

TEST(LinearizabilityOfKeys, UnwrittenValue) {
  HistoryBuilder legal, illegal;
  legal.prefill(5, 50).call(A, find(5), value(50));
  illegal.prefill(5, 50).call(A, find(5), value(99));
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "unwritten value");
}

TEST(LinearizabilityOfKeys, LostUpdateBetweenUpdates) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    h->prefill(5, 50);
    const auto a = h->begin(A, update(5, 1));
    h->call(B, update(5, 1), value(50)).end(a, value(h == &legal ? 51 : 50));
  }
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "lost update");
  EXPECT_EQ(
      why(illegal),
      "B's update(5, 1) and A's update(5, 1) both found the old value 50, so one of them overwrote what the other "
      "had added.");
}

TEST(LinearizabilityOfKeys, LostUpdateAtTheEnd) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    h->prefill(5, 50);
    const auto a = h->begin(A, update(5, 1));
    h->call(B, update(5, 2), value(50)).end(a, value(52)).quiesce();
    h->call(M, find(5), value(h == &legal ? 53 : 51));
  }
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "lost update");
}

TEST(LinearizabilityOfKeys, AnOverwrittenAssignAtTheEndIsALostUpdate) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    h->prefill(5, 50).call(A, assign(5, 51), no()).quiesce().call(M, find(5), value(h == &legal ? 51 : 50));
  }
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "lost update");
}

TEST(LinearizabilityOfKeys, UpdateOfAnAbsentKeyDoesNothing) {
  HistoryBuilder legal, illegal;
  legal.call(A, update(5, 1), absent()).quiesce().call(M, contains(5), no());
  illegal.call(A, update(5, 1), absent()).quiesce().call(M, contains(5), yes());
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "phantom key");
}

TEST(LinearizabilityOfKeys, PendingCallsMayOrMayNotHaveHappened) {
  for (const bool happened : {false, true}) {
    HistoryBuilder h;
    h.prefill(5, 50);
    h.begin(A, erase(5));
    h.call(B, find(5), happened ? absent() : value(50));
    EXPECT_EQ(verdict(h), "");
  }
  HistoryBuilder twice;  // but only once
  twice.prefill(5, 50);
  twice.begin(A, erase(5));
  twice.call(B, find(5), absent()).call(B, find(5), value(50));
  EXPECT_EQ(verdict(twice), "resurrected key");
}

TEST(LinearizabilityOfKeys, ReserveChangesNothing) {
  HistoryBuilder legal, illegal;
  legal.prefill(5, 50).call(A, reserve(64), done()).quiesce().call(M, contains(5), yes());
  illegal.prefill(5, 50).call(A, reserve(64), done()).quiesce().call(M, contains(5), no());
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "lost key");
}

TEST(LinearizabilityOfExceptions, StrongMeansWithoutEffect) {
  HistoryBuilder kept, changed;
  for (HistoryBuilder* h : {&kept, &changed}) {
    h->prefill(5, 50).call(A, assign(5, 51), ended(CallStatus::threw_bad_alloc));
    h->quiesce().call(M, find(5), value(h == &kept ? 50 : 51));
  }
  Claims claims = weak_claims();
  EXPECT_EQ(verdict(kept, claims), "");
  EXPECT_EQ(verdict(changed, claims), "unwritten value");
  claims.on_bad_alloc = ExceptionGuarantee::basic;
  EXPECT_EQ(verdict(kept, claims), "");
  EXPECT_EQ(verdict(changed, claims), "");
}

TEST(LinearizabilityOfExceptions, BasicMayLoseOnlyTheKeyThatWasToBeOverwritten) {
  Claims claims = weak_claims();
  claims.on_bad_alloc = ExceptionGuarantee::basic;
  const auto after = [](Operation operation, std::int64_t missing) {
    HistoryBuilder h;
    h.prefill(5, 50).prefill(6, 60).call(A, operation, ended(CallStatus::threw_injected));
    h.quiesce().call(M, contains(missing), no());
    return h;
  };
  EXPECT_EQ(verdict(after(assign(5, 51), 5), claims), "");
  EXPECT_EQ(verdict(after(assign(5, 51), 6), claims), "lost key");
  EXPECT_EQ(verdict(after(insert(5, 51), 5), claims), "lost key");
  EXPECT_EQ(verdict(after(find(5), 5), claims), "lost key");
  claims.on_bad_alloc = ExceptionGuarantee::none;
  EXPECT_EQ(verdict(after(assign(5, 51), 6), claims), "");
}

TEST(LinearizabilityOfExceptions, AThrowTakesEffectBeforeItReturnsOrNever) {
  Claims claims = weak_claims();
  claims.on_bad_alloc = ExceptionGuarantee::basic;
  HistoryBuilder late;
  late.call(A, insert(5, 50), ended(CallStatus::threw_bad_alloc))
      .call(B, find(5), absent())
      .call(B, find(5), value(50));
  EXPECT_EQ(verdict(late, claims), "resurrected key");
}

TEST(LinearizabilityOfUnclaimedUse, IsJudgedAllTheSame) {
  Claims claims;  // no concurrent use
  HistoryBuilder h;
  const auto a = h.begin(A, insert(5, 50));
  h.call(B, insert(6, 60), yes()).end(a, yes()).quiesce().call(M, find(6), absent());
  EXPECT_EQ(verdict(h, claims), "lost key");
}

TEST(LinearizabilityLabels, NeverNameKeys) {
  HistoryBuilder h;
  h.prefill(12345, 67890).quiesce().call(M, find(12345), absent());
  EXPECT_EQ(verdict(h).find_first_of("0123456789"), std::string::npos);
}

}  // namespace
}  // namespace mapquake
