#include "harness/history/usage_record.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace mapquake {
namespace {

std::uint64_t nearest_rank(std::vector<std::uint64_t> values, unsigned percent) {
  std::sort(values.begin(), values.end());
  return values[(values.size() * percent + 99) / 100 - 1];
}

RC_GTEST_PROP(LogHistogram, PercentilesAreTooGreatByLessThanASixteenth, ()) {
  const auto shifts = *rc::gen::nonEmpty(rc::gen::container<std::vector<unsigned>>(rc::gen::inRange(0u, 64u)));
  std::vector<std::uint64_t> values;
  LogHistogram histogram;
  for (const unsigned shift : shifts) {
    values.push_back(*rc::gen::arbitrary<std::uint64_t>() >> shift);
    histogram.add(values.back());
  }
  RC_ASSERT(histogram.count() == values.size());
  RC_ASSERT(histogram.max() == *std::max_element(values.begin(), values.end()));
  for (const unsigned percent : {1u, 50u, 90u, 99u, 100u}) {
    const std::uint64_t exact = nearest_rank(values, percent);
    const std::uint64_t told = histogram.percentile(percent);
    RC_ASSERT(told >= exact);
    RC_ASSERT(told - exact <= exact / 16);
    if (exact < 32) RC_ASSERT(told == exact);
  }
}

TEST(LogHistogram, TheEndsOfTheRange) {
  LogHistogram histogram;
  EXPECT_EQ(histogram.percentile(50), 0u);
  histogram.add(UINT64_MAX);
  histogram.add(0);
  EXPECT_EQ(histogram.percentile(50), 0u);
  EXPECT_EQ(histogram.percentile(51), UINT64_MAX);
}

RC_GTEST_PROP(LogHistogram, MergingIsAddingAll,
              (const std::vector<std::uint32_t>& some, const std::vector<std::uint32_t>& others)) {
  LogHistogram all, one, other;
  for (const std::uint32_t value : some) all.add(value), one.add(value);
  for (const std::uint32_t value : others) all.add(value), other.add(value);
  one.merge(other);
  RC_ASSERT(one.count() == all.count());
  RC_ASSERT(one.max() == all.max());
  for (unsigned percent = 1; percent <= 100; ++percent) RC_ASSERT(one.percentile(percent) == all.percentile(percent));
}

TEST(UsageRecord, CountsTheCallsOfProgramThreadsThatCameBack) {
  History history;
  const auto call = [&](ThreadId thread, OpKind kind, std::uint64_t steps, CallStatus status) {
    Call made{.thread = thread, .op = 0, .operation = {kind, 1, 0}};
    made.status = status;
    made.usage.steps = steps;
    history.calls.push_back(made);
  };
  call(main_thread, OpKind::insert, 900, CallStatus::returned);
  call(1, OpKind::insert, 10, CallStatus::returned);
  call(2, OpKind::insert, 20, CallStatus::threw_bad_alloc);
  call(2, OpKind::find, 30, CallStatus::pending);
  history.quiescent_from = 4;
  history.live_bytes = 77;
  const auto record = std::make_unique<UsageRecord>();
  record->add(history);
  EXPECT_EQ(record->calls(OpKind::insert), 2u);
  EXPECT_EQ(record->calls(OpKind::find), 0u);
  EXPECT_EQ(record->of(OpKind::insert, Figure::steps).max(), 20u);
  EXPECT_EQ(record->of(OpKind::insert, Figure::live_bytes).max(), 77u);
  record->clear();
  EXPECT_EQ(record->calls(OpKind::insert), 0u);
  EXPECT_EQ(record->of(OpKind::insert, Figure::live_bytes).count(), 0u);
}

TEST(UsageRecord, CountsWhichCallsOverlapped) {
  History history;
  const auto call = [&](ThreadId thread, OpKind kind, std::uint32_t invoked, std::uint32_t returned,
                        CallStatus status) {
    Call made{.thread = thread, .op = 0, .operation = {kind, 1, 0}};
    made.invoked = invoked, made.returned = returned, made.status = status;
    history.calls.push_back(made);
  };
  call(main_thread, OpKind::insert, 1, 2, CallStatus::returned);
  call(1, OpKind::insert, 3, 8, CallStatus::returned);
  call(2, OpKind::find, 4, 5, CallStatus::returned);
  call(2, OpKind::insert, 6, 7, CallStatus::threw_bad_alloc);
  call(1, OpKind::erase, 9, 12, CallStatus::returned);
  call(2, OpKind::find, 10, UINT32_MAX, CallStatus::pending);
  const auto record = std::make_unique<UsageRecord>();
  record->add(history);
  const auto other = std::make_unique<UsageRecord>();
  other->add(history);
  record->merge(*other);
  EXPECT_EQ(record->meetings(OpKind::insert, OpKind::find), 2u);
  EXPECT_EQ(record->meetings(OpKind::find, OpKind::insert), 2u);
  EXPECT_EQ(record->meetings(OpKind::insert, OpKind::insert), 2u);
  EXPECT_EQ(record->meetings(OpKind::erase, OpKind::find), 0u);  // it did not come back
  EXPECT_EQ(record->meetings(OpKind::erase, OpKind::insert), 0u);
  record->clear();
  EXPECT_EQ(record->meetings(OpKind::insert, OpKind::find), 0u);
}

}  // namespace
}  // namespace mapquake
