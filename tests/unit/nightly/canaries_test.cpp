#include "harness/nightly/canaries.hpp"

#include "harness/base/rng.hpp"
#include "harness/nightly/record_text.hpp"
#include "tests/unit/nightly/stores.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace mapquake::nightly {
namespace {

/// By the definition: the sum over all outcomes of n tries.
double tail_by_enumeration(std::uint64_t found, unsigned tries, double rate) {
  double sum = 0;
  for (unsigned outcome = 0; outcome < (1u << tries); ++outcome) {
    double chance = 1;
    for (unsigned i = 0; i < tries; ++i) chance *= (outcome >> i & 1) != 0 ? rate : 1 - rate;
    if (static_cast<std::uint64_t>(__builtin_popcount(outcome)) <= found) sum += chance;
  }
  return sum;
}

RC_GTEST_PROP(BinomialLowerTail, IsTheSumOverAllOutcomes, ()) {
  const unsigned tries = *rc::gen::inRange(0u, 11u);
  const std::uint64_t found = *rc::gen::inRange(0u, tries + 1);
  const double rate = *rc::gen::inRange(1, 100) / 100.0;
  RC_ASSERT(std::abs(binomial_lower_tail(found, tries, rate) - tail_by_enumeration(found, tries, rate)) < 1e-9);
}

TEST(BinomialLowerTail, OfManyTries) {
  // The normal approximation with continuity correction: (880.5 - 900) / 9.4868 = -2.0555.
  EXPECT_NEAR(binomial_lower_tail(880, 1000, 0.9), 0.0199, 0.003);
  EXPECT_LT(binomial_lower_tail(0, 10'000, 0.5), 1e-300);
}

const Canary canary{"bird", "mixed", Hazard::schedules, 100, 0.9};

/// Runs with so many tries and finds each, oldest first.
struct Nights {
  std::vector<RunRecord> records;

  void add(std::uint64_t tries, std::uint64_t found, const char* version = "0.1.0") {
    RunRecord run = run_of(hex16(records.size()), 1);
    run.version = version;
    run.canaries["bird"] = {tries, found, found * 10};
    records.push_back(std::move(run));
  }
  std::vector<CanaryAlarm> alarms() const {
    std::vector<const RunRecord*> runs;
    for (const RunRecord& record : records) runs.push_back(&record);
    return canary_alarms(runs, {&canary, 1});
  }
};

TEST(Canaries, OneNightThatFindsNothingIsEnough) {
  Nights nights;
  nights.add(6, 0);
  const auto alarms = nights.alarms();
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(alarms[0].map, "bird");
  EXPECT_EQ(alarms[0].runs, 1u);
  EXPECT_NEAR(alarms[0].chance, 1e-6, 1e-9);
}

TEST(Canaries, GoodNightsBeforeDoNotHideASuddenEnd) {
  Nights nights;
  for (int night = 0; night < 1000; ++night) nights.add(6, 6);
  EXPECT_TRUE(nights.alarms().empty());
  nights.add(6, 0);
  ASSERT_EQ(nights.alarms().size(), 1u);
  EXPECT_EQ(nights.alarms()[0].runs, 1u);
}

TEST(Canaries, ASlowDeclineIsSeenOverMoreNights) {
  Nights nights;
  for (int night = 0; night < 30; ++night) nights.add(6, 4);
  ASSERT_EQ(nights.alarms().size(), 1u);
  EXPECT_GT(nights.alarms()[0].runs, 1u);
}

TEST(Canaries, AFewThatAreMissedAreChance) {
  Nights nights;
  nights.add(6, 4);
  nights.add(1, 0);
  EXPECT_TRUE(nights.alarms().empty());
  nights.records.clear();
  EXPECT_TRUE(nights.alarms().empty());
}

TEST(Canaries, OtherVersionsAndRunsWithoutTriesDoNotCount) {
  Nights nights;
  nights.add(6, 0, "0.0.9");
  nights.add(6, 6);
  EXPECT_TRUE(nights.alarms().empty());
  nights.records.push_back(run_of("00000000000000ff", 5));
  EXPECT_TRUE(nights.alarms().empty());
}

TEST(Canaries, FalseAlarmsAreAsRareAsTheTestSays) {
  // Runs that find just what is expected: 20,000 nights, each judged with all before it, in stores of 50.
  Rng rng(11);
  unsigned alarms = 0;
  for (int store = 0; store < 400; ++store) {
    Nights nights;
    for (int night = 0; night < 50; ++night) {
      std::uint64_t found = 0;
      for (int i = 0; i < 6; ++i) found += rng.chance(58982);  // 0.9 of 2^16
      nights.add(6, found);
      alarms += !nights.alarms().empty();
    }
  }
  EXPECT_LE(alarms, 8u) << "two are expected at most";
}

TEST(Canaries, StandInTheRecord) {
  RunRecord run = run_of("00000000000000aa", 5);
  EXPECT_EQ(to_json(run).find("canaries"), std::string::npos) << "as records always were";
  run.canaries["bird"] = {6, 5, 1234};
  const auto read = parse_record(to_json(run), "record");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, run);
  run.canaries["bird"] = {6, 7, 1234};
  EXPECT_FALSE(parse_record(to_json(run), "record"));
}

TEST(Canaries, TakeTwoPercentOfTheTime) {
  EXPECT_EQ(canary_tries_for(5), 0u);
  EXPECT_EQ(canary_tries_for(8.0 * 3600), canary_tries_for(0));
  EXPECT_GE(canary_tries_for(0), 8u);
}

}  // namespace
}  // namespace mapquake::nightly
