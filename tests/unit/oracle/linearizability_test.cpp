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

TEST(LinearizabilityOfClear, PerKeyEachKeyGoesAtAnInstantOfItsOwn) {
  HistoryBuilder h;
  h.prefill(1, 10).prefill(2, 20);
  const auto a = h.begin(A, clear());
  h.call(B, contains(1), no()).call(B, contains(2), yes()).end(a, done());
  EXPECT_EQ(verdict(h, weak_claims()), "");
  EXPECT_EQ(verdict(h, strong_claims()), "not atomic");
  h.quiesce().call(M, contains(1), no()).call(M, contains(2), yes());
  EXPECT_EQ(verdict(h, weak_claims()), "resurrected key");
}

TEST(LinearizabilityOfEraseIf, TakesWhatItVisitedAndNothingElse) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    h->prefill(2, 20).prefill(3, 30).call(A, erase_even(), erased({{2, 20}}));
    h->quiesce().call(M, contains(2), no()).call(M, contains(3), h == &legal ? yes() : no());
  }
  for (const Claims& claims : {weak_claims(), strong_claims()}) {
    EXPECT_EQ(verdict(legal, claims), "");
    EXPECT_EQ(verdict(illegal, claims), "lost key");
  }
}

TEST(LinearizabilityOfEraseIf, ALiveEntryDeletedByASweeper) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    h->prefill(2, 20);
    const auto a = h->begin(A, erase_even());
    h->call(B, assign(2, 21), no()).end(a, erased({{2, 20}})).quiesce();
    h->call(M, contains(2), h == &legal ? yes() : no());
  }
  // Erased with the old value and then assigned would have answered true.
  EXPECT_EQ(verdict(illegal), "stale value");
  EXPECT_EQ(verdict(legal), "stale value");
  HistoryBuilder right;
  right.prefill(2, 20);
  const auto a = right.begin(A, erase_even());
  right.call(B, assign(2, 21), no()).end(a, erased({{2, 21}})).quiesce().call(M, contains(2), no());
  EXPECT_EQ(verdict(right), "");
}

TEST(LinearizabilityOfSize, LinearizableSizeIsExactAtOneInstant) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    h->prefill(1, 10);
    const auto a = h->begin(A, insert(2, 20));
    h->call(B, size(), count(h == &legal ? 2 : 3)).end(a, yes());
  }
  EXPECT_EQ(verdict(legal, strong_claims()), "");
  EXPECT_EQ(verdict(illegal, strong_claims()), "wrong size");
  EXPECT_EQ(why(illegal, strong_claims()),
            "B's size() says 3, but at no instant of that call can the map have held so many keys.");
  EXPECT_EQ(verdict(illegal, weak_claims()), "") << "a write overlaps it";
}

TEST(LinearizabilityOfSize, QuiescentSizeIsExactWhereNoWriteOverlaps) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    h->prefill(1, 10);
    const auto b = h->begin(B, find(1));
    h->call(A, size(), count(h == &legal ? 1 : 2)).end(b, value(10));
  }
  EXPECT_EQ(verdict(legal), "");
  EXPECT_EQ(verdict(illegal), "wrong size");
  Claims estimate = weak_claims();
  estimate.size = SizeClaim::none;
  EXPECT_EQ(verdict(illegal, estimate), "");
}

TEST(LinearizabilityOfSize, AQuiescentSizeCountsKeysThatMayOrMayNotBeThere) {
  // Which of assign and erase came last is not known.
  for (const std::uint64_t answer : {0, 1, 2, 3}) {
    HistoryBuilder h;
    h.prefill(1, 10).prefill(2, 20);
    const auto a = h.begin(A, assign(1, 11));
    h.call(B, clear(), done()).end(a, no()).call(A, insert(3, 30), yes()).call(B, size(), count(answer));
    EXPECT_EQ(verdict(h), answer == 1 ? "" : "wrong size") << answer;
  }
  for (const std::uint64_t answer : {0, 1, 2, 3}) {
    HistoryBuilder h;
    h.prefill(2, 20);
    h.call(A, assign(1, 10), yes());
    const auto a = h.begin(A, erase(1));
    const auto b = h.begin(B, clear());
    h.call(C, get_or_create(1, 10), value(10)).end(a, yes()).end(b, done());
    h.call(B, size(), count(answer));
    EXPECT_EQ(verdict(h), answer <= 1 ? "" : "wrong size") << answer;
  }
}

TEST(LinearizabilityOfSize, SizesMustAgreeWithOneOrder) {
  // Either order of the inserts would do for one size; the two finds pin it to the other.
  HistoryBuilder h;
  const auto a = h.begin(A, insert(1, 10));
  const auto b = h.begin(B, insert(2, 20));
  h.call(C, size(), count(1)).call(C, find(1), absent()).call(C, find(2), absent());
  h.end(a, yes()).end(b, yes());
  EXPECT_EQ(verdict(h, strong_claims()), "wrong size");
}

TEST(LinearizabilityOfSnapshots, AnIterationIsOneInstant) {
  HistoryBuilder legal, illegal;
  for (HistoryBuilder* h : {&legal, &illegal}) {
    const auto c = h->begin(C, iterate());
    h->call(A, insert(1, 10), yes()).call(A, insert(2, 20), yes());
    h->end(c, h == &legal ? visits({{1, 10}}) : visits({{2, 20}}));
  }
  EXPECT_EQ(verdict(legal, strong_claims()), "");
  EXPECT_EQ(verdict(illegal, strong_claims()), "iteration broken: not a snapshot");
  EXPECT_EQ(verdict(illegal, weak_claims()), "");
}

TEST(LinearizabilityOfSnapshots, ACopyIsOneInstantIfClaimed) {
  HistoryBuilder h;
  const auto c = h.begin(C, copy());
  h.call(A, insert(1, 10), yes()).call(A, insert(2, 20), yes()).end(c, visits({{2, 20}}));
  EXPECT_EQ(verdict(h, weak_claims()), "");
  EXPECT_EQ(verdict(h, strong_claims()), "iteration broken: not a snapshot");
}

TEST(LinearizabilityOfDelayedWrites, OnlyPhantomsCount) {
  Claims claims = weak_claims();
  claims.linearizable = false;
  HistoryBuilder delayed, phantom;
  delayed.call(A, insert(5, 50), yes()).call(A, find(5), absent());
  phantom.call(A, insert(5, 50), yes()).call(A, find(6), value(50));
  EXPECT_EQ(verdict(delayed, claims), "");
  EXPECT_EQ(verdict(delayed, weak_claims()), "lost key");
  EXPECT_EQ(verdict(phantom, claims), "phantom key");
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
