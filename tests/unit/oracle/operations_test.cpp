// The sequential meaning of the operations that few maps have, each with a wrong answer beside the right one.
#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

std::string after_one_entry(const Operation& operation, const Reply& answer, const Reply& found_then) {
  HistoryBuilder h;
  h.prefill(5, 50).call(A, operation, answer).call(A, find(operation.key), found_then);
  return verdict(h);
}

TEST(RarerOperations, ExtractAnswersWhatWasThere) {
  EXPECT_EQ(after_one_entry(extract(5), value(50), absent()), "");
  EXPECT_EQ(after_one_entry(extract(6), absent(), absent()), "");
  EXPECT_EQ(after_one_entry(extract(5), value(51), absent()), "unwritten value");
  EXPECT_EQ(after_one_entry(extract(5), absent(), value(50)), "lost key");
  EXPECT_EQ(after_one_entry(extract(5), value(50), value(50)), "resurrected key");
}

TEST(RarerOperations, EraseAndAssignMayAnswerTheOldValue) {
  EXPECT_EQ(after_one_entry(erase(5), old(50), absent()), "");
  EXPECT_EQ(after_one_entry(erase(5), old(51), absent()), "unwritten value");
  EXPECT_EQ(after_one_entry(assign(5, 51), old(50), value(51)), "");
  EXPECT_EQ(after_one_entry(assign(6, 61), none(), value(61)), "");
  EXPECT_EQ(after_one_entry(assign(5, 51), none(), value(51)), "lost key");
  EXPECT_EQ(after_one_entry(assign(5, 51), old(51), value(51)), "unwritten value");
}

TEST(RarerOperations, NoAnswerClaimsNothingButTheEffect) {
  EXPECT_EQ(after_one_entry(erase(5), silent(), absent()), "");
  EXPECT_EQ(after_one_entry(erase(5), silent(), value(50)), "resurrected key");
  EXPECT_EQ(after_one_entry(assign(5, 51), silent(), value(51)), "");
  EXPECT_EQ(after_one_entry(assign(5, 51), silent(), value(50)), "stale value");
  EXPECT_EQ(after_one_entry(insert(5, 51), silent(), value(50)), "");
  EXPECT_EQ(after_one_entry(insert(6, 61), silent(), absent()), "lost key");
}

TEST(RarerOperations, ReplaceNeedsAnEntry) {
  EXPECT_EQ(after_one_entry(replace(5, 51), yes(), value(51)), "");
  EXPECT_EQ(after_one_entry(replace(6, 61), no(), absent()), "");
  EXPECT_EQ(after_one_entry(replace(5, 51), no(), value(50)), "lost key");
  EXPECT_NE(after_one_entry(replace(6, 61), yes(), value(61)), "");
  EXPECT_NE(after_one_entry(replace(6, 61), no(), value(61)), "");
}

TEST(RarerOperations, CompareExchangeNeedsTheValue) {
  EXPECT_EQ(after_one_entry(compare_exchange(5, 50, 51), yes(), value(51)), "");
  EXPECT_EQ(after_one_entry(compare_exchange(5, 49, 51), no(), value(50)), "");
  EXPECT_EQ(after_one_entry(compare_exchange(6, 50, 51), no(), absent()), "");
  EXPECT_NE(after_one_entry(compare_exchange(5, 49, 51), yes(), value(51)), "");
  EXPECT_NE(after_one_entry(compare_exchange(5, 50, 51), no(), value(50)), "");
  EXPECT_EQ(after_one_entry(compare_exchange(5, 50, 51), yes(), value(50)), "stale value");
}

TEST(RarerOperations, TwoCompareExchangesOfOneValueCannotBothSucceed) {
  HistoryBuilder h;
  h.prefill(5, 50);
  const auto a = h.begin(A, compare_exchange(5, 50, 51));
  h.call(B, compare_exchange(5, 50, 52), yes()).end(a, yes());
  EXPECT_NE(verdict(h), "");
}

TEST(RarerOperations, UpsertAddsOrInserts) {
  EXPECT_EQ(after_one_entry(upsert(5, 1000), no(), value(1050)), "");
  EXPECT_EQ(after_one_entry(upsert(6, 1000), yes(), value(1000)), "");
  EXPECT_NE(after_one_entry(upsert(5, 1000), yes(), value(1000)), "");
  EXPECT_NE(after_one_entry(upsert(5, 1000), no(), value(50)), "");
}

TEST(RarerOperations, InsertRangeAddsWhatIsAbsent) {
  EXPECT_EQ(after_one_entry(insert_range(5, 6, 61), done(), value(50)), "");
  EXPECT_EQ(after_one_entry(insert_range(6, 5, 61), done(), value(61)), "");
  EXPECT_EQ(after_one_entry(insert_range(5, 6, 61), done(), value(61)), "stale value");
  EXPECT_EQ(after_one_entry(insert_range(6, 5, 61), done(), absent()), "lost key");
  HistoryBuilder h;
  h.call(A, insert_range(5, 6, 61), done()).call(A, find(6), absent());
  EXPECT_EQ(verdict(h), "lost key");
}

/// The range ends with the key that it began with.
TEST(RarerOperations, InsertRangeMayAddAKeyAgainThatWasErasedMeanwhile) {
  HistoryBuilder h;
  const auto a = h.begin(A, insert_range(5, 6, 61));
  h.call(B, erase(5), yes()).end(a, done()).call(A, find(5), value(61));
  EXPECT_EQ(verdict(h), "");
  Claims at_once = weak_claims();
  at_once.whole_map = WholeMap::linearizable;
  EXPECT_EQ(verdict(h, at_once), "resurrected key");
  h.call(B, erase(5), yes()).call(A, find(5), value(61));
  EXPECT_EQ(verdict(h), "resurrected key");
}

TEST(RarerOperations, InsertRangeOfOneKeyMayAddItThreeTimes) {
  HistoryBuilder h;
  const auto a = h.begin(A, insert_range(5, 5, 61));
  h.call(B, erase(5), yes()).call(B, erase(5), yes()).end(a, done()).call(A, find(5), value(61));
  EXPECT_EQ(verdict(h), "");
  h.call(A, erase(5), yes()).call(A, find(5), value(61));
  EXPECT_EQ(verdict(h), "resurrected key");
}

TEST(RarerOperations, MergeTakesWhatIsAbsentAndLeavesTheRest) {
  EXPECT_EQ(after_one_entry(merge(5, 6, 61), visits({{5, 61}}), value(50)), "");
  EXPECT_EQ(after_one_entry(merge(6, 5, 61), visits({{5, 61}}), value(61)), "");
  EXPECT_EQ(after_one_entry(merge(6, 7, 61), visits({}), value(61)), "");
  EXPECT_NE(after_one_entry(merge(5, 6, 61), visits({}), value(50)), "") << "lost in the other map";
  EXPECT_NE(after_one_entry(merge(6, 5, 61), visits({{5, 61}, {6, 61}}), value(61)), "") << "in both";
  EXPECT_EQ(after_one_entry(merge(6, 5, 61), visits({{5, 61}}), absent()), "lost key");
  EXPECT_EQ(after_one_entry(merge(5, 6, 61), visits({{5, 61}}), value(61)), "unwritten value");
}

TEST(RarerOperations, OfTwoMergesOfOneKeyOneLeavesIt) {
  HistoryBuilder h;
  const auto a = h.begin(A, merge(5, 6, 61));
  h.call(B, merge(6, 7, 71), visits({{6, 71}})).end(a, visits({})).call(A, find(6), value(61));
  EXPECT_EQ(verdict(h), "");
  HistoryBuilder both;
  const auto first = both.begin(A, merge(5, 6, 61));
  both.call(B, merge(6, 7, 71), visits({})).end(first, visits({}));
  EXPECT_NE(verdict(both), "");
}

/// What an evicting map was made with may be gone before it is merged.
TEST(RarerOperations, MergeOfMapsThatForgetTellsNothing) {
  Claims evicting = weak_claims();
  evicting.retention = Retention::evicts;
  HistoryBuilder h;
  h.prefill(5, 50).call(A, merge(5, 6, 61), visits({})).call(A, find(5), value(50));
  EXPECT_EQ(verdict(h, evicting), "");
  EXPECT_NE(verdict(h), "");
}

TEST(RarerOperations, SwapReportsTheWholeMap) {
  EXPECT_EQ(after_one_entry(swap(), visits({{5, 50}}), absent()), "");
  EXPECT_EQ(after_one_entry(swap(), visits({}), absent()), "iteration broken: missed key");
  EXPECT_EQ(after_one_entry(swap(), visits({{5, 50}, {6, 60}}), absent()), "iteration broken: phantom key visited");
}

TEST(RarerOperations, AVisitorsCallIsACallInBetween) {
  const auto asked = [](const Operation& operation, const Reply& answer, const Reply& found_then) {
    HistoryBuilder h;
    h.prefill(5, 50).prefill(7, 70).call(A, operation, answer).call(A, find(operation.key), found_then);
    return verdict(h);
  };
  for (const bool shown : {false, true}) {  // what is inserted meanwhile may be shown, or not
    const Reply inserting =
        shown ? visits_and(true, {{5, 50}, {6, 61}, {7, 70}}) : visits_and(true, {{5, 50}, {7, 70}});
    EXPECT_EQ(asked(iterate_inserting(6, 61), inserting, value(61)), "");
    EXPECT_EQ(asked(iterate_inserting(6, 61), inserting, absent()), "lost key");
    const Reply erasing = shown ? visits_and(true, {{5, 50}, {7, 70}}) : visits_and(true, {{5, 50}});
    EXPECT_EQ(asked(iterate_erasing(7), erasing, absent()), "");
    EXPECT_EQ(asked(iterate_erasing(7), erasing, value(70)), "resurrected key");
  }
  EXPECT_EQ(asked(iterate_inserting(7, 71), visits_and(false, {{5, 50}, {7, 70}}), value(70)), "");
  EXPECT_NE(asked(iterate_inserting(7, 71), visits_and(true, {{5, 50}, {7, 70}}), value(70)), "") << "it was there";
  EXPECT_EQ(asked(iterate_inserting(6, 61), visits_and(true, {{5, 50}}), value(61)), "iteration broken: missed key");
  EXPECT_EQ(asked(iterate_inserting(6, 61), visits_and(true, {{5, 50}, {5, 50}, {7, 70}}), value(61)),
            "iteration broken: key visited twice");
  EXPECT_EQ(asked(iterate_inserting(6, 61), visits({{5, 50}, {7, 70}}), absent()), "") << "no call was made";
}

/// A visitor may throw behind the call that it made, whatever that guarantees.
TEST(RarerOperations, ATraversalThatThrewMayHaveMadeItsCall) {
  Claims strong = weak_claims();
  strong.on_bad_alloc = ExceptionGuarantee::strong;
  for (const Reply& found : {value(61), absent()}) {
    HistoryBuilder h;
    h.prefill(5, 50).call(A, iterate_inserting(6, 61), ended(CallStatus::threw_injected)).call(A, find(6), found);
    EXPECT_EQ(verdict(h, strong), "");
  }
}

TEST(Bounds, AnswerTheFirstEntryOnTheirSide) {
  const auto asked = [](const Operation& bound, const Reply& answer) {
    HistoryBuilder h;
    h.prefill(5, 50).prefill(7, 70).call(A, bound, answer);
    return verdict(h);
  };
  EXPECT_EQ(asked(lower_bound(5), visits({{5, 50}})), "");
  EXPECT_EQ(asked(lower_bound(6), visits({{7, 70}})), "");
  EXPECT_EQ(asked(lower_bound(8), visits({})), "");
  EXPECT_EQ(asked(upper_bound(5), visits({{7, 70}})), "");
  EXPECT_EQ(asked(lower_bound(5), visits({{7, 70}})), "wrong neighbour");
  EXPECT_EQ(asked(lower_bound(6), visits({})), "wrong neighbour");
  EXPECT_EQ(asked(lower_bound(6), visits({{5, 50}})), "wrong neighbour");
  EXPECT_EQ(asked(upper_bound(5), visits({{5, 50}})), "wrong neighbour");
  EXPECT_EQ(asked(lower_bound(5), visits({{5, 51}})), "stale value");
  EXPECT_EQ(asked(lower_bound(5), visits({{6, 60}})), "phantom key");
}

TEST(Bounds, AWriteBesideThemExcuses) {
  HistoryBuilder h;
  h.prefill(5, 50).prefill(7, 70);
  const auto a = h.begin(A, lower_bound(5));
  h.call(B, erase(5), yes()).end(a, visits({{7, 70}}));
  EXPECT_EQ(verdict(h), "");
}

Claims atomic_bounds() {
  Claims claims = weak_claims();
  claims.bounds = Bounds::linearizable;
  return claims;
}

TEST(Bounds, AnAtomicOneAnswersWhatWasThereAtOneInstant) {
  // 2 comes before 3, so that whoever sees 3 must see 2.
  HistoryBuilder skips, sees;
  for (HistoryBuilder* h : {&skips, &sees}) {
    const auto a = h->begin(A, lower_bound(1));
    h->call(B, insert(2, 20), yes()).call(B, insert(3, 30), yes());
    h->end(a, h == &skips ? visits({{3, 30}}) : visits({{2, 20}}));
  }
  EXPECT_EQ(verdict(skips, atomic_bounds()), "wrong neighbour");
  EXPECT_EQ(verdict(skips, weak_claims()), "");
  EXPECT_EQ(verdict(sees, atomic_bounds()), "");
  EXPECT_EQ(why(skips, atomic_bounds()),
            "A's lower_bound(1) reports {3: 30}, but at no instant of that call can 3 with the value 30 have been the "
            "first entry at or above 1, by what the calls on 2 and 3 answered (a map that promises less claims "
            "Bounds::weakly_consistent).");
}

TEST(Bounds, AnAtomicOneMissesOnlyWhatWasAbsentAllTheWay) {
  // 3 goes after 2 has come: at each instant one of them is there.
  HistoryBuilder nothing, overlapping;
  for (HistoryBuilder* h : {&nothing, &overlapping}) {
    h->prefill(3, 30);
    const auto a = h->begin(A, upper_bound(1));
    const auto b = h->begin(B, insert(2, 20));
    if (h == &nothing) h->end(b, yes());
    h->call(C, erase(3), yes());
    if (h == &overlapping) h->end(b, yes());
    h->end(a, visits({}));
  }
  EXPECT_EQ(verdict(nothing, atomic_bounds()), "wrong neighbour");
  EXPECT_EQ(verdict(overlapping, atomic_bounds()), "");
}

TEST(Bounds, TwoThatNoOrderOfTheWritesExplains) {
  // Independent writes, seen in opposite orders.
  HistoryBuilder contradict, agree;
  for (HistoryBuilder* h : {&contradict, &agree}) {
    h->prefill(4, 40).prefill(9, 90);
    const auto a = h->begin(A, erase(4));
    const auto b = h->begin(B, insert(8, 80));
    h->call(C, lower_bound(5), visits({{8, 80}})).call(C, lower_bound(3), visits({{4, 40}}));
    if (h == &contradict) {
      h->call(D, lower_bound(3), visits({{8, 80}}));
    } else {
      h->call(D, lower_bound(3), visits({{4, 40}}));
    }
    if (h == &contradict) h->call(C, lower_bound(3), visits({{4, 40}}));
    h->end(a, yes()).end(b, yes());
  }
  EXPECT_EQ(verdict(contradict, atomic_bounds()), "wrong neighbour");
  EXPECT_EQ(verdict(agree, atomic_bounds()), "");
}

TEST(Bounds, AnEntryThatIsFirstWithAnotherValueIsWrong) {
  HistoryBuilder h;
  h.prefill(5, 50);
  const auto a = h.begin(A, lower_bound(1));
  // 51 replaces 50 only after 2 has come, and 2 stays.
  h.call(B, insert(2, 20), yes()).call(B, assign(5, 51), no()).end(a, visits({{5, 51}}));
  EXPECT_EQ(verdict(h, atomic_bounds()), "wrong neighbour");
}

TEST(Bounds, SayNothingOfSizes) {
  HistoryBuilder h;
  h.prefill(1, 10).prefill(2, 20).call(A, lower_bound(1), visits({{1, 10}})).quiesce();
  h.call(M, find(1), value(10)).call(M, find(2), value(20)).call(M, size(), count(2));
  h.call(M, iterate(), visits({{1, 10}, {2, 20}}));
  EXPECT_EQ(verdict(h, atomic_bounds()), "");
}

TEST(Bounds, OfMapsThatLagAreNotAtomic) {
  HistoryBuilder h;
  const auto a = h.begin(A, lower_bound(1));
  h.call(B, insert(2, 20), yes()).call(B, insert(3, 30), yes()).end(a, visits({{3, 30}}));
  Claims claims = atomic_bounds();
  claims.linearizable = false;
  EXPECT_EQ(verdict(h, claims), "");
}

}  // namespace
}  // namespace mapquake
