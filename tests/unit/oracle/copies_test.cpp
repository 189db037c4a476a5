// Copies against themselves: legal and illegal twins.
#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

Reply copied(std::initializer_list<std::pair<std::int64_t, std::int64_t>> entries, std::uint64_t size) {
  Reply reply = visits(entries);
  reply.has_value = true;
  reply.count = size;
  return reply;
}

HistoryBuilder after_two(const Reply& reply) {
  HistoryBuilder h;
  h.prefill(1, 10).prefill(2, 20);
  h.call(A, {OpKind::copy, 0, 0}, reply);
  return h;
}

TEST(Copies, TellAsManyEntriesAsTheyHave) {
  const HistoryBuilder wrong = after_two(copied({{1, 10}, {2, 20}}, 1));
  EXPECT_EQ(verdict(wrong), "invariant broken: size of the copy disagrees with its entries");
  EXPECT_EQ(why(wrong), "A's copy() made a map of 2 entries, whose size() says 1.");
  EXPECT_EQ(verdict(after_two(copied({{1, 10}, {2, 20}}, 2))), "");
  EXPECT_EQ(verdict(after_two(visits({{1, 10}, {2, 20}}))), "") << "no size() was asked for";
}

TEST(Copies, OfASwapTellWhatTheOtherMapWasLeftWith) {
  HistoryBuilder h;
  h.prefill(1, 10);
  h.call(A, {OpKind::swap, 0, 0}, copied({{1, 10}}, 2));
  EXPECT_EQ(verdict(h), "invariant broken: size of the other map disagrees with its entries");
  EXPECT_EQ(why(h), "A's swap() left the other map of 1 entry, whose size() says 2.");
}

TEST(Copies, AreAtRestWhateverGoesOnBeside) {
  for (const std::uint64_t size : {1U, 2U}) {
    HistoryBuilder h;
    h.prefill(1, 10);
    const auto a = h.begin(A, {OpKind::copy, 0, 0});
    h.call(B, insert(2, 20), yes()).end(a, copied({{1, 10}, {2, 20}}, size));
    Claims claims = weak_claims();
    claims.iteration = Iteration::exclusive;
    EXPECT_EQ(verdict(h, claims), size == 2 ? "" : "invariant broken: size of the copy disagrees with its entries");
  }
}

TEST(Copies, FindTheirOwnEntries) {
  Reply lost = copied({{1, 10}, {2, 20}}, 2);
  lost.flag = true;
  lost.value = 2;
  EXPECT_EQ(verdict(after_two(lost)), "invariant broken: look-up in the copy disagrees with its entries");
  EXPECT_EQ(why(after_two(lost)),
            "A's copy() made a map that has the key 2, but does not answer its entry to a look-up of 2.");
}

TEST(Copies, WhatIsNotClaimedIsNotAsked) {
  const HistoryBuilder h = after_two(copied({{1, 10}, {2, 20}}, 3));
  Claims estimate = weak_claims();
  estimate.size = SizeClaim::none;
  EXPECT_EQ(verdict(h, estimate), "");
  Claims cache = weak_claims();
  cache.retention = Retention::evicts;
  EXPECT_EQ(verdict(h, cache), "");
  Claims lagging = weak_claims();
  lagging.linearizable = false;
  EXPECT_EQ(verdict(h, lagging), "");
}

}  // namespace
}  // namespace mapquake
