#include "harness/history/slow_calls.hpp"

#include "harness/history/usage_record.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace mapquake {
namespace {

constexpr Usage idle{.steps = 10, .latency_ns = 10};
constexpr Usage growing{.steps = 200, .latency_ns = 200, .allocated_bytes = 4096, .allocations = 1};
constexpr Usage waiting{.steps = 10, .latency_ns = 5000, .waits = 1};

/// Thread 1 and thread 2 make one call each; they overlap or follow each other.
History of_two(const Usage& first, const Usage& second, bool overlapping = true) {
  History history;
  const std::uint32_t end = overlapping ? 3 : 1, begin = overlapping ? 1 : 2;
  history.calls.push_back({.thread = 1,
                           .operation = {.kind = OpKind::find},
                           .invoked = 0,
                           .returned = end,
                           .status = CallStatus::returned,
                           .usage = first});
  history.calls.push_back({.thread = 2,
                           .operation = {.kind = OpKind::insert},
                           .invoked = begin,
                           .returned = overlapping ? 2U : 3U,
                           .status = CallStatus::returned,
                           .usage = second});
  history.quiescent_from = 2;
  return history;
}

TEST(SlowCalls, ACallThatGrowsIsToldFromOneThatOnlyRuns) {
  const History history = of_two(idle, growing);
  EXPECT_EQ(slow_cause_of(history, 0), SlowCause::own_steps);
  EXPECT_EQ(slow_cause_of(history, 1), SlowCause::growth);
}

TEST(SlowCalls, WhoWaitsBesideAGrowthIsSlowForIt) {
  EXPECT_EQ(slow_cause_of(of_two(waiting, growing), 0), SlowCause::behind_growth);
  EXPECT_EQ(slow_cause_of(of_two(waiting, growing, false), 0), SlowCause::behind_other);
  EXPECT_EQ(slow_cause_of(of_two(waiting, idle), 0), SlowCause::behind_other);
}

TEST(SlowCalls, WhoWaitsForADelayedOneIsSlowForTheDelay) {
  Usage delayed = idle;
  delayed.delayed_ns = 1000;
  EXPECT_EQ(slow_cause_of(of_two(waiting, delayed), 0), SlowCause::behind_delay);
  EXPECT_EQ(slow_cause_of(of_two(waiting, delayed, false), 0), SlowCause::behind_other);
}

TEST(SlowCalls, TimeThatGoesByWithoutStepsOrWaits) {
  EXPECT_EQ(slow_cause_of(of_two({.steps = 10, .latency_ns = 1000}, idle), 0), SlowCause::interrupted);
}

TEST(SlowCalls, EveryCauseHasNamesOfItsOwn) {
  std::set<std::string_view> names;
  for (unsigned i = 0; i < slow_cause_count; ++i) {
    names.insert(name_of(static_cast<SlowCause>(i)));
    names.insert(in_words(static_cast<SlowCause>(i)));
  }
  EXPECT_EQ(names.size(), 2 * slow_cause_count);
}

TEST(SlowCalls, ARecordKeepsLatenciesByCause) {
  const auto record = std::make_unique<UsageRecord>();
  const auto other = std::make_unique<UsageRecord>();
  record->add(of_two(waiting, growing));
  other->add(of_two(waiting, growing));
  record->merge(*other);
  EXPECT_EQ(record->latency_of(OpKind::find, SlowCause::behind_growth).count(), 2);
  EXPECT_EQ(record->latency_of(OpKind::find, SlowCause::behind_growth).max(), 5000);
  EXPECT_EQ(record->latency_of(OpKind::insert, SlowCause::growth).count(), 2);
  EXPECT_EQ(record->latency_of(OpKind::insert, SlowCause::own_steps).count(), 0);
  record->clear();
  EXPECT_EQ(record->latency_of(OpKind::insert, SlowCause::growth).count(), 0);
}

}  // namespace
}  // namespace mapquake
