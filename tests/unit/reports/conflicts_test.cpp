#include "reports/selection.hpp"
#include "tests/unit/reports/story.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mapquake {
namespace {

using testing::Story;

TEST(Conflicts, ReadsOfBothAreNone) {
  Story story;
  story.call(1, {OpKind::find, 1, 0}).does(1, EventKind::read, 10).preempted(1, 2);
  story.call(2, {OpKind::find, 1, 0}).does(2, EventKind::read, 20).answers(2, false).answers(1, false);
  EXPECT_TRUE(reports::conflicting_accesses(story.execution.trace).empty());
}

TEST(Conflicts, OverlapCountsNotEquality) {
  const auto conflicts_at = [](std::uint64_t address) {
    Story story;
    story.call(1, {OpKind::find, 1, 0}).does(1, EventKind::read, 10, 0x1000).preempted(1, 2);
    story.call(2, {OpKind::insert, 1, 0}).does(2, EventKind::write, 20, address).answers(2, true).answers(1, false);
    return !reports::conflicting_accesses(story.execution.trace).empty();
  };
  EXPECT_TRUE(conflicts_at(0x1004));
  EXPECT_TRUE(conflicts_at(0xffc));
  EXPECT_FALSE(conflicts_at(0x1008));
  EXPECT_FALSE(conflicts_at(0xff8));
}

TEST(Conflicts, OnlyWhatRanInBetween) {
  Story story;
  story.call(2, {OpKind::insert, 1, 0}).does(2, EventKind::write, 20).answers(2, true);
  story.call(1, {OpKind::find, 1, 0}).does(1, EventKind::read, 10).preempted(1, 3);
  story.call(3, {OpKind::size, 0, 0}).answers(3, true).answers(1, false);
  story.call(2, {OpKind::insert, 2, 0}).does(2, EventKind::write, 20).answers(2, true);
  EXPECT_TRUE(reports::conflicting_accesses(story.execution.trace).empty());
}

TEST(Conflicts, ALoopIsToldAFewTimesOnly) {
  Story story;
  story.call(1, {OpKind::find, 1, 0}).does(1, EventKind::read, 10).preempted(1, 2).call(2, {OpKind::insert, 1, 0});
  for (int i = 0; i < 500; ++i) story.does(2, EventKind::write, 20);
  story.answers(2, true).answers(1, false);
  EXPECT_LE(reports::conflicting_accesses(story.execution.trace).size(), 4u);
}

TEST(Conflicts, WhatTheAccessFindsIsAmongThem) {
  Story story;
  story.call(1, {OpKind::find, 1, 0}).does(1, EventKind::atomic_rmw, 10).preempted(1, 2);
  story.call(2, {OpKind::insert, 1, 0});
  for (unsigned line = 20; line < 30; ++line) story.does(2, EventKind::atomic_store, line);
  story.answers(2, true).answers(1, false);
  const auto& events = story.execution.trace.events;
  const auto chosen = reports::conflicting_accesses(story.execution.trace);
  EXPECT_TRUE(std::ranges::any_of(chosen, [&](std::size_t i) { return events[i].pc == 29; }));
  EXPECT_LE(chosen.size(), 6u);
}

TEST(LastOwnEvent, IsOfTheThreadThatRanAtTheEnd) {
  Story story;
  story.call(1, {OpKind::find, 1, 0}).does(1, EventKind::atomic_load, 10).preempted(1, 2);
  story.call(2, {OpKind::erase, 1, 0}).does(2, EventKind::free, 20).answers(2, true).does(2, EventKind::thread_end, 0);
  story.forced(2, 1);
  const auto last = reports::last_own_event(story.execution.trace);
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(story.execution.trace.events[*last].pc, 10u);
}

}  // namespace
}  // namespace mapquake
