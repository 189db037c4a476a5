// Entries that live for ten milliseconds: histories with times, right beside wrong.
#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace mapquake {
namespace {

using namespace histories;

constexpr std::uint64_t ms = 1'000'000;

Claims expiring(Retention retention) {
  Claims claims = weak_claims();
  claims.retention = retention;
  claims.ttl_ms = 10;
  return claims;
}

/// Calls of one thread, each at its millisecond.
class Timed {
 public:
  Timed& at(std::uint64_t when_ms, const Operation& operation, const Reply& reply) {
    h_.call(A, operation, reply);
    times_.push_back({.began_ns = when_ms * ms, .ended_ns = when_ms * ms + 10});
    return *this;
  }
  std::string verdict(Retention retention = Retention::expires_written) const {
    History history = h_.history();
    history.times = times_;
    const auto found = HistoryOracles().check(Program{}, history, expiring(retention));
    return found ? found->label : "";
  }

 private:
  HistoryBuilder h_;
  std::vector<CallTime> times_;
};

TEST(Expiry, WhatLivesIsFoundAndWhatIsOldIsNot) {
  EXPECT_EQ(Timed().at(0, assign(1, 11), yes()).at(5, find(1), value(11)).at(20, find(1), absent()).verdict(), "");
  EXPECT_EQ(Timed().at(0, assign(1, 11), yes()).at(20, find(1), value(11)).verdict(), "answered behind its time");
  EXPECT_EQ(Timed().at(0, assign(1, 11), yes()).at(20, contains(1), yes()).verdict(), "answered behind its time");
  EXPECT_EQ(Timed().at(0, assign(1, 11), yes()).at(5, find(1), absent()).at(30, find(1), absent()).verdict(),
            "gone before its time");
}

TEST(Expiry, AMillisecondIsLeftToTheClock) {
  for (const Reply& reply : {value(11), absent()}) {
    for (const std::uint64_t when : {9, 10, 11}) {
      EXPECT_EQ(Timed().at(0, assign(1, 11), yes()).at(when, find(1), reply).at(30, find(1), absent()).verdict(), "")
          << when;
    }
  }
}

TEST(Expiry, AWriteRenews) {
  EXPECT_EQ(Timed().at(0, assign(1, 11), yes()).at(8, assign(1, 12), no()).at(15, find(1), value(12)).verdict(), "");
  EXPECT_EQ(Timed().at(0, assign(1, 11), yes()).at(8, assign(1, 12), no()).at(15, find(1), absent()).verdict(),
            "gone before its time");
  EXPECT_EQ(Timed().at(0, insert(1, 11), yes()).at(8, insert(1, 12), no()).at(15, find(1), absent()).verdict(), "")
      << "an insert that did nothing renews nothing";
}

TEST(Expiry, ALookUpRenewsWhereTheClaimSaysSo) {
  const Timed kept = Timed().at(0, assign(1, 11), yes()).at(8, find(1), value(11)).at(16, find(1), value(11));
  EXPECT_EQ(kept.verdict(Retention::expires_touched), "");
  EXPECT_EQ(kept.verdict(Retention::expires_written), "answered behind its time");
  const Timed lost = Timed().at(0, assign(1, 11), yes()).at(8, find(1), value(11)).at(16, find(1), absent());
  EXPECT_EQ(lost.verdict(Retention::expires_touched), "gone before its time");
  EXPECT_EQ(lost.verdict(Retention::expires_written), "");
}

TEST(Expiry, WhatWasErasedMayBeGone) {
  EXPECT_EQ(Timed()
                .at(0, assign(1, 11), yes())
                .at(3, erase(1), yes())
                .at(5, find(1), absent())
                .at(30, find(1), absent())
                .verdict(),
            "");
}

TEST(Expiry, AProgramThatIsOverBeforeIsHeldToAllOfIt) {
  EXPECT_EQ(Timed().at(0, assign(1, 11), yes()).at(1, find(1), absent()).verdict(), "lost key");
  EXPECT_EQ(Timed().at(0, assign(1, 11), yes()).at(1, find(1), value(12)).verdict(), "unwritten value");
}

TEST(Expiry, WhatIsGoneStaysAway) {
  const Timed back = Timed().at(0, assign(1, 11), yes()).at(20, find(1), absent()).at(21, find(1), value(11));
  EXPECT_NE(back.verdict(), "");
}

TEST(Expiry, WithoutTimesNothingIsSaidOfTime) {
  HistoryBuilder h;
  h.call(A, assign(1, 11), yes()).call(A, find(1), absent());
  EXPECT_EQ(verdict(h, expiring(Retention::expires_written)), "");
}

}  // namespace
}  // namespace mapquake
