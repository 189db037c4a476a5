#include "harness/case/dead_ends.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

constexpr Operation an_insert{OpKind::insert, 1, 10}, an_erase{OpKind::erase, 1, 0}, a_find{OpKind::find, 1, 0};
constexpr CallKinds inserts = op_bit(OpKind::insert), erases = op_bit(OpKind::erase), finds = op_bit(OpKind::find);

Program drawn() {
  Program program;
  program.prefill = {{1, 10}, {2, 20}};
  program.threads = {{an_insert, an_erase, a_find}, {an_insert}, {an_erase}};
  return program;
}

Program behind(const DeadEnds& dead_ends, std::uint64_t number = 1) {
  Program program = drawn();
  dead_ends.apply(program, number);
  return program;
}

DeadEnds after(unsigned programs, CallKinds ended, CallKinds came_back) {
  DeadEnds dead_ends;
  for (unsigned n = 0; n < programs; ++n) dead_ends.learn(ended, came_back);
  return dead_ends;
}

TEST(DeadEnds, LeavesOutAKindThatProgramAfterProgramHasEndedIn) {
  EXPECT_EQ(behind(after(dead_ends_in_row - 1, inserts, erases)), drawn());
  const Program left = behind(after(dead_ends_in_row, inserts, erases));
  EXPECT_EQ(left.threads, (std::vector<std::vector<Operation>>{{an_erase, a_find}, {an_erase}}));
  EXPECT_EQ(left.prefill.size(), 2u);
}

TEST(DeadEnds, EntriesOfThePrefillAreAKindOfTheirOwn) {
  const Program left = behind(after(dead_ends_in_row, prefill_kind, inserts));
  EXPECT_TRUE(left.prefill.empty());
  EXPECT_EQ(left.threads, drawn().threads);
}

TEST(DeadEnds, AKindThatComesBackIsNone) {
  DeadEnds dead_ends = after(dead_ends_in_row, inserts, erases);
  dead_ends.learn(erases, inserts);
  EXPECT_EQ(behind(dead_ends), drawn());
  // Some of its calls ended, and others came back: it depends.
  EXPECT_EQ(behind(after(10, inserts, inserts)), drawn());
}

TEST(DeadEnds, WhatWasNotTriedTeachesNothing) {
  DeadEnds dead_ends = after(dead_ends_in_row, inserts, 0);
  const Program before = behind(dead_ends);
  for (unsigned n = 0; n < 100; ++n) dead_ends.learn(0, finds);
  EXPECT_EQ(behind(dead_ends), before);
}

std::uint64_t whole_of(const DeadEnds& dead_ends, std::uint64_t programs) {
  std::uint64_t whole = 0;
  for (std::uint64_t number = 0; number < programs; ++number) whole += behind(dead_ends, number) == drawn();
  return whole;
}

TEST(DeadEnds, TriesThemLessAndLessOften) {
  EXPECT_EQ(whole_of(after(dead_ends_in_row, inserts, 0), 10 * dead_ends_tried_every), 10u);
  EXPECT_EQ(whole_of(after(dead_ends_in_row + 1, inserts, 0), 10 * dead_ends_tried_every), 5u);
  EXPECT_EQ(whole_of(after(1000, inserts, 0), 10 * dead_ends_tried_every_max), 10u);
}

TEST(DeadEnds, SuspectsWhatTheLastProgramEndedIn) {
  DeadEnds dead_ends;
  EXPECT_EQ(dead_ends.suspects(), 0u);
  dead_ends.learn(inserts | erases, finds);
  EXPECT_EQ(dead_ends.suspects(), inserts | erases);
  dead_ends.learn(0, inserts);
  EXPECT_EQ(dead_ends.suspects(), erases);
}

TEST(DeadEnds, LeavesAProgramThatHasNothingElse) {
  DeadEnds dead_ends;
  for (unsigned n = 0; n < dead_ends_in_row; ++n) dead_ends.learn(inserts | erases | finds | prefill_kind, 0);
  EXPECT_EQ(behind(dead_ends), drawn());
}

}  // namespace
}  // namespace mapquake
