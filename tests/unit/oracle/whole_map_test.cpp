// Operations on the whole map: legal and illegal twins.
#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

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

TEST(LinearizabilityOfClear, PerKeyWhatComesBackMeanwhileMayGoAsWell) {
  HistoryBuilder beside, behind;
  for (HistoryBuilder* h : {&beside, &behind}) {
    h->prefill(1, 10);
    const auto a = h->begin(A, clear());
    if (h == &behind) h->end(a, done());
    h->call(B, insert(1, 11), yes());
    if (h == &beside) h->end(a, done());
    h->quiesce().call(M, contains(1), no());
  }
  EXPECT_EQ(verdict(beside, weak_claims()), "");
  EXPECT_EQ(verdict(beside, strong_claims()), "lost key");
  EXPECT_EQ(verdict(behind, weak_claims()), "lost key");
}

TEST(LinearizabilityOfClear, PerKeyItGoesAgainOnlyIfItCameBack) {
  HistoryBuilder once, twice;
  for (HistoryBuilder* h : {&once, &twice}) {
    h->prefill(1, 10);
    const auto a = h->begin(A, clear());
    h->call(B, insert(1, 11), yes());
    if (h == &twice) h->call(B, insert(1, 12), yes());
    h->call(B, contains(1), no()).end(a, done());
    if (h == &once) h->quiesce().call(M, contains(1), yes());
  }
  EXPECT_EQ(verdict(once, weak_claims()), "resurrected key");
  EXPECT_EQ(verdict(twice, weak_claims()), "");
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

TEST(LinearizabilityOfSize, AQuiescentSizeMayLagWhileAHookOfTheMapRuns) {
  HistoryBuilder beside, behind;
  for (HistoryBuilder* h : {&beside, &behind}) {
    h->prefill(1, 10).call(A, insert(2, 20), yes()).hook_beside(h == &beside ? 1 : 0);
    h->call(B, size(), count(1));
  }
  EXPECT_EQ(verdict(beside), "");
  EXPECT_EQ(verdict(behind), "wrong size");
  EXPECT_EQ(verdict(beside, strong_claims()), "wrong size") << "a linearizable one may not";
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

}  // namespace
}  // namespace mapquake
