#include "harness/real/correlation.hpp"

#include <gtest/gtest.h>

namespace mapquake::real {
namespace {

SlowCall call(unsigned thread, std::uint64_t begin, std::uint64_t end) {
  SlowCall result;
  result.thread = thread;
  result.begin_ns = begin;
  result.end_ns = end;
  return result;
}

Growth growth(unsigned thread, std::uint64_t begin, std::uint64_t end) {
  return {begin, end, thread, OpKind::insert, 1 << 20, 1 << 20};
}

Cause cause_of(const SlowCall& slow, std::vector<Growth> growths, std::vector<SlowCall> others = {}) {
  Repetition repetition;
  repetition.slow.push_back(slow);
  repetition.slow.insert(repetition.slow.end(), others.begin(), others.end());
  repetition.growths = std::move(growths);
  return explain(repetition).front().cause;
}

SlowCall waiting(std::uint64_t begin, std::uint64_t end) {
  SlowCall result = call(0, begin, end);
  result.waited = 1;
  return result;
}

TEST(Correlation, ACallThatAllocatesATableGrew) {
  SlowCall slow = call(0, 0, 100);
  slow.allocations = 1;
  slow.largest = slow.bytes = 1 << 16;
  EXPECT_EQ(cause_of(slow, {}), Cause::growth);
  slow.largest = slow.bytes = 64;
  EXPECT_EQ(cause_of(slow, {}), Cause::unknown);
}

TEST(Correlation, OneThatWaitsDuringAnothersGrowthIsBehindIt) {
  EXPECT_EQ(cause_of(waiting(0, 100), {growth(1, 50, 150)}), Cause::behind_growth);
  // Before it, in the same thread, or without having waited: it is not.
  EXPECT_EQ(cause_of(waiting(0, 100), {growth(1, 100, 150)}), Cause::wait);
  EXPECT_EQ(cause_of(waiting(0, 100), {growth(0, 50, 150)}), Cause::wait);
  EXPECT_EQ(cause_of(call(0, 0, 100), {growth(1, 50, 150)}), Cause::unknown);
}

TEST(Correlation, OneThatWaitsDuringAnothersPauseIsBehindIt) {
  SlowCall paused = call(1, 10, 90);
  paused.preempted = 1;
  EXPECT_EQ(cause_of(waiting(0, 100), {}, {paused}), Cause::behind_pause);
  paused.preempted = 0;
  EXPECT_EQ(cause_of(waiting(0, 100), {}, {paused}), Cause::wait);
}

TEST(Correlation, WhatItSharesMostTimeWithIsNamed) {
  SlowCall paused = call(2, 0, 30);
  paused.preempted = 1;
  Repetition repetition;
  repetition.slow = {waiting(0, 100), paused};
  repetition.growths = {growth(1, 90, 200), growth(1, 20, 80)};
  const auto explained = explain(repetition);
  EXPECT_EQ(explained[0].cause, Cause::behind_growth);
  ASSERT_TRUE(explained[0].growth);
  EXPECT_EQ(explained[0].growth->begin_ns, 20U);
  EXPECT_EQ(explained[1].cause, Cause::pause);
  const auto counts = count_causes(explained);
  EXPECT_EQ(counts[static_cast<std::size_t>(Cause::pause)], 1U);
  EXPECT_EQ(counts[static_cast<std::size_t>(Cause::behind_growth)], 1U);
}

}  // namespace
}  // namespace mapquake::real
