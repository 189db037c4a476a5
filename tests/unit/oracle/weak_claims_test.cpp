// Maps that lag or forget: what is still held against them, and what no longer is.
#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

Claims lagging(Missed may_miss = Missed::any_writes) {
  Claims claims = weak_claims();
  claims.linearizable = false;
  claims.may_miss = may_miss;
  return claims;
}

Claims evicting(Retention retention = Retention::evicts, std::uint32_t capacity = 0) {
  Claims claims = weak_claims();
  claims.retention = retention;
  claims.capacity = capacity;
  return claims;
}

TEST(RightAtRest, ALookUpMayMissWhatHasReturned) {
  HistoryBuilder h;
  h.call(A, assign(5, 50), yes()).call(B, find(5), absent()).call(A, find(5), absent());
  h.quiesce().call(M, find(5), value(50));
  EXPECT_EQ(verdict(h, lagging()), "");
  EXPECT_EQ(verdict(h, weak_claims()), "lost key");
}

TEST(RightAtRest, NothingIsMissedAtRest) {
  HistoryBuilder h;
  h.call(A, assign(5, 50), yes()).call(B, find(5), absent());
  h.quiesce().call(M, find(5), absent());
  EXPECT_EQ(verdict(h, lagging()), "lost key");
}

TEST(RightAtRest, EverySecondWriteDropped) {
  HistoryBuilder h;
  h.call(A, assign(5, 50), yes()).call(A, assign(5, 51), no());
  h.quiesce().call(M, find(5), value(50));
  EXPECT_EQ(verdict(h, lagging()), "lost update");
}

TEST(RightAtRest, AKeyThatWasErasedIsGoneAtRest) {
  HistoryBuilder stays, goes;
  stays.prefill(5, 50).call(A, erase(5), yes()).quiesce().call(M, find(5), value(50));
  goes.prefill(5, 50).call(A, erase(5), yes()).call(A, find(5), value(50)).quiesce().call(M, find(5), absent());
  EXPECT_EQ(verdict(stays, lagging()), "resurrected key");
  EXPECT_EQ(verdict(goes, lagging()), "");
}

TEST(RightAtRest, WritesToAKeyKeepTheirOrder) {
  const auto ends_with = [](std::int64_t last) {
    HistoryBuilder h;
    h.call(A, assign(5, 51), yes()).call(B, assign(5, 52), yes());
    h.quiesce().call(M, find(5), value(last));
    return verdict(h, lagging());
  };
  EXPECT_EQ(ends_with(52), "");
  EXPECT_EQ(ends_with(51), "lost update");
}

TEST(RightAtRest, AValueThatNobodyHasWrittenYetIsOutOfThinAir) {
  HistoryBuilder never, later, meanwhile;
  never.call(A, assign(5, 50), yes()).call(B, find(5), value(77));
  later.call(B, find(5), value(50)).call(A, assign(5, 50), yes());
  const auto write = meanwhile.begin(A, assign(5, 50));
  meanwhile.call(B, find(5), value(50)).end(write, yes());
  EXPECT_EQ(verdict(never, lagging()), "unwritten value");
  EXPECT_EQ(verdict(later, lagging()), "phantom key");
  EXPECT_EQ(verdict(meanwhile, lagging()), "");
}

TEST(RightAtRest, AnswersOfWritesAreNotJudged) {
  HistoryBuilder h;
  h.call(A, assign(5, 50), yes()).call(A, assign(5, 51), yes()).call(A, erase(6), yes());
  h.quiesce().call(M, find(5), value(51)).call(M, find(6), absent());
  EXPECT_EQ(verdict(h, lagging()), "");
}

TEST(RightAtRest, AnAnsweredOldValueIsALookUp) {
  HistoryBuilder right, wrong;
  right.call(A, assign(5, 50), yes()).call(A, assign(5, 51), no()).call(B, erase(5), old(50));
  wrong.call(A, assign(5, 50), yes()).call(B, erase(5), old(77));
  EXPECT_EQ(verdict(right, lagging()), "");
  EXPECT_NE(verdict(wrong, lagging()), "");
}

TEST(ReadYourWrites, OnlyWritesOfOthersAreMissed) {
  HistoryBuilder own, others, older;
  own.call(A, assign(5, 50), yes()).call(B, assign(6, 60), yes()).call(A, find(5), absent());
  others.call(A, assign(5, 50), yes()).call(B, find(5), absent());
  older.call(B, assign(5, 51), yes()).call(A, assign(5, 52), yes()).call(A, find(5), value(51));
  EXPECT_EQ(verdict(own, lagging(Missed::others_writes)), "lost key");
  EXPECT_EQ(verdict(own, lagging(Missed::any_writes)), "");
  EXPECT_EQ(verdict(others, lagging(Missed::others_writes)), "");
  EXPECT_NE(verdict(older, lagging(Missed::others_writes)), "");
}

TEST(ReadYourWrites, OneThreadAloneSeesAMap) {
  HistoryBuilder h;
  h.prefill(5, 50).call(A, erase(5), no());
  EXPECT_EQ(verdict(h, lagging(Missed::others_writes)), "lost key");
  EXPECT_EQ(verdict(h, lagging(Missed::any_writes)), "");
}

TEST(MayEvict, APresentKeyMayVanish) {
  HistoryBuilder h;
  h.call(A, insert(5, 50), yes()).call(B, find(5), absent()).call(A, insert(5, 51), yes());
  h.quiesce().call(M, find(5), absent());
  EXPECT_EQ(verdict(h, evicting()), "");
  EXPECT_EQ(verdict(h), "lost key");
}

TEST(MayEvict, WhatVanishedStaysAway) {
  HistoryBuilder back, older;
  back.call(A, insert(5, 50), yes()).call(A, find(5), absent()).call(A, find(5), value(50));
  older.call(A, assign(5, 50), yes()).call(A, assign(5, 51), no()).call(A, find(5), value(50));
  EXPECT_EQ(verdict(back, evicting()), "resurrected key");
  EXPECT_EQ(verdict(older, evicting()), "stale value");
}

TEST(MayEvict, AnErasedKeyIsGone) {
  HistoryBuilder h;
  h.call(A, insert(5, 50), yes()).call(A, erase(5), yes()).call(A, find(5), value(50));
  EXPECT_EQ(verdict(h, evicting()), "resurrected key");
}

TEST(MayEvict, AnotherKeysValueIsNobodysOwn) {
  HistoryBuilder h;
  h.call(A, insert(5, 50), yes()).call(A, insert(6, 60), yes()).call(B, find(6), value(50));
  EXPECT_EQ(verdict(h, evicting()), "unwritten value");
}

TEST(MayEvict, AWriteWithoutAnAnswerMayHaveMetAVanishedKey) {
  HistoryBuilder kept, gone, wrong;
  for (HistoryBuilder* h : {&kept, &gone, &wrong}) h->prefill(5, 50).call(A, insert(5, 51), silent());
  kept.call(A, find(5), value(50));
  gone.call(A, find(5), value(51));
  wrong.call(A, find(5), value(51)).call(A, find(5), value(50));
  EXPECT_EQ(verdict(kept, evicting()), "");
  EXPECT_EQ(verdict(gone, evicting()), "");
  EXPECT_EQ(verdict(gone), "stale value");
  EXPECT_EQ(verdict(wrong, evicting()), "stale value");
}

TEST(MayEvict, ATraversalMayMissAKeyButInventsNone) {
  HistoryBuilder missed, phantom;
  missed.prefill(5, 50).call(A, iterate(), visits({}));
  phantom.prefill(5, 50).call(A, erase(5), yes()).call(A, iterate(), visits({{5, 50}}));
  EXPECT_EQ(verdict(missed, evicting()), "");
  EXPECT_EQ(verdict(missed), "iteration broken: missed key");
  EXPECT_EQ(verdict(phantom, evicting()), "iteration broken: phantom key visited");
}

TEST(MayEvict, SizesAreHeldToLookUpsAtRest) {
  const auto with_size = [](std::uint64_t answer) {
    HistoryBuilder h;
    h.prefill(5, 50).prefill(6, 60).call(A, size(), count(7)).quiesce();
    h.call(M, find(5), absent()).call(M, find(6), value(60)).call(M, size(), count(answer));
    return verdict(h, evicting());
  };
  EXPECT_EQ(with_size(1), "");
  EXPECT_EQ(with_size(0), "invariant broken: size disagrees with look-ups");
}

TEST(EvictsFull, NothingVanishesWhileThereIsRoom) {
  HistoryBuilder h;
  h.prefill(5, 50).prefill(6, 60).call(A, find(5), absent());
  EXPECT_EQ(verdict(h, evicting(Retention::evicts_full, 2)), "lost key");
  EXPECT_EQ(verdict(h, evicting(Retention::evicts_full, 1)), "");
  EXPECT_EQ(verdict(h, evicting(Retention::evicts, 2)), "");
}

TEST(EvictsFull, AnErasedEntryMayCountUntilTheCacheSettles) {
  HistoryBuilder h;
  h.prefill(5, 50).call(A, erase(5), yes()).call(A, insert(5, 51), yes()).call(A, find(5), absent());
  EXPECT_EQ(verdict(h, evicting(Retention::evicts_full, 2)), "lost key");
  EXPECT_EQ(verdict(h, evicting(Retention::evicts_full, 1)), "");
}

TEST(EvictsFull, AKeyThatIsWrittenAgainFillsNothing) {
  HistoryBuilder again, behind_an_erasure;
  for (HistoryBuilder* h : {&again, &behind_an_erasure}) {
    h->call(A, assign(1, 10), yes()).call(A, assign(2, 20), yes());
    if (h == &behind_an_erasure) h->call(A, erase(1), yes());
    h->call(A, assign(1, 11), h == &again ? no() : yes()).quiesce();
    h->call(M, find(1), value(11)).call(M, find(2), absent());
  }
  EXPECT_EQ(verdict(again, evicting(Retention::evicts_full, 2)), "lost key");
  EXPECT_EQ(verdict(behind_an_erasure, evicting(Retention::evicts_full, 2)), "") << "what is gone may count";
  EXPECT_EQ(verdict(again, evicting(Retention::evicts_full, 1)), "");
}

TEST(Capacity, IsNotExceededAtRest) {
  HistoryBuilder h;
  h.prefill(5, 50).prefill(6, 60).call(A, find(5), value(50)).quiesce();
  h.call(M, find(5), value(50)).call(M, find(6), value(60));
  EXPECT_EQ(verdict(h, evicting(Retention::evicts_full, 1)), "invariant broken: holds more than its capacity");
  EXPECT_EQ(verdict(h, evicting(Retention::evicts_full, 2)), "");
}

}  // namespace
}  // namespace mapquake
