#include "harness/history/map_phases.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace mapquake {
namespace {

static_assert(std::is_trivially_copyable_v<PhaseRecord>);

constexpr TableBlocks tables{.least = 256, .first = 512};

Call call(ThreadId thread, OpKind kind, std::uint32_t invoked, std::uint32_t returned, std::uint64_t block,
          std::uint32_t faults = 0) {
  return {.thread = thread,
          .operation = {.kind = kind},
          .invoked = invoked,
          .returned = returned,
          .status = CallStatus::returned,
          .usage = {.largest_block = block, .faults = faults}};
}

PhaseRecord record_of(std::vector<Call> calls) {
  History history;
  history.calls = std::move(calls);
  PhaseRecord record;
  record.add(history, tables);
  return record;
}

std::uint64_t beside(const PhaseRecord& record, MapPhase phase, OpKind kind) {
  return record.of(phase).beside[static_cast<std::size_t>(kind)];
}

TEST(MapPhases, ACallThatAsksForATableMeetsWhatOverlapsWithIt) {
  const PhaseRecord record = record_of({call(1, OpKind::insert, 1, 6, 256), call(2, OpKind::find, 2, 3, 0),
                                        call(2, OpKind::find, 4, 7, 0), call(1, OpKind::erase, 8, 9, 0)});
  EXPECT_EQ(record.executions, 1u);
  EXPECT_EQ(record.of(MapPhase::growth).executions, 1u);
  EXPECT_EQ(record.of(MapPhase::growth).calls, 1u);
  EXPECT_EQ(beside(record, MapPhase::growth, OpKind::find), 2u);
  EXPECT_EQ(beside(record, MapPhase::growth, OpKind::erase), 0u);
  EXPECT_EQ(record.called, op_bit(OpKind::insert) | op_bit(OpKind::find) | op_bit(OpKind::erase));
  EXPECT_EQ(record.of(MapPhase::shrinking).executions, 0u);
}

TEST(MapPhases, WhatRunsBeforeOrBehindItDoesNotMeetIt) {
  const PhaseRecord record = record_of(
      {call(2, OpKind::find, 1, 2, 0), call(1, OpKind::insert, 3, 4, 256), call(2, OpKind::contains, 5, 6, 0)});
  EXPECT_EQ(record.of(MapPhase::growth).calls, 1u);
  EXPECT_EQ(beside(record, MapPhase::growth, OpKind::find), 0u);
  EXPECT_EQ(beside(record, MapPhase::growth, OpKind::contains), 0u);
}

TEST(MapPhases, ACallThatNeverReturnedMeetsWhateverCameLater) {
  Call stuck = call(2, OpKind::find, 1, UINT32_MAX, 0);
  stuck.status = CallStatus::pending;
  EXPECT_EQ(beside(record_of({stuck, call(1, OpKind::insert, 3, 4, 256)}), MapPhase::growth, OpKind::find), 1u);
}

TEST(MapPhases, NodesRecordsOfThreadsAndTheMainThreadsCallsAreNoGrowth) {
  const PhaseRecord record = record_of({call(main_thread, OpKind::insert, 1, 2, 256),
                                        call(1, OpKind::insert, 3, 4, 255), call(2, OpKind::insert, 5, 6, 512)});
  EXPECT_EQ(record.executions, 1u);
  EXPECT_EQ(record.of(MapPhase::growth).calls, 0u);
}

TEST(MapPhases, ATableOfAnotherMapIsNoPhase) {
  EXPECT_EQ(record_of({call(1, OpKind::copy, 1, 2, 256)}),
            PhaseRecord({.executions = 1, .called = op_bit(OpKind::copy)}));
}

TEST(MapPhases, FaultsAndShrinkingAreCounted) {
  PhaseRecord record = record_of({call(1, OpKind::shrink, 1, 4, 1024, 2), call(2, OpKind::insert, 2, 3, 256)});
  EXPECT_EQ(record.of(MapPhase::shrinking).faults, 1u);
  EXPECT_EQ(record.of(MapPhase::growth).faults, 0u);
  EXPECT_EQ(beside(record, MapPhase::shrinking, OpKind::insert), 1u);
  EXPECT_EQ(beside(record, MapPhase::growth, OpKind::shrink), 1u);
  const PhaseRecord other = record;
  record.merge(other);
  EXPECT_EQ(record.executions, 2u);
  EXPECT_EQ(record.of(MapPhase::shrinking).faults, 2u);
  EXPECT_EQ(beside(record, MapPhase::growth, OpKind::shrink), 2u);
}

}  // namespace
}  // namespace mapquake
