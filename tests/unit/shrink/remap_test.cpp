#include "harness/shrink/remap.hpp"

#include <gtest/gtest.h>

#include <array>

namespace mapquake {
namespace {

constexpr auto schedule = ChoiceKind::schedule;
constexpr auto alloc_fail = ChoiceKind::alloc_fail;

Case three_threads() {
  Case input;
  input.program.threads = {{{OpKind::insert, 1, 1}, {OpKind::find, 1, 0}},
                           {{OpKind::erase, 2, 0}},
                           {{OpKind::size, 0, 0}, {OpKind::clear, 0, 0}, {OpKind::contains, 3, 0}}};
  input.program.prefill = {{1, 1}, {2, 2}, {3, 3}};
  input.choices = {{0, 0, 1, schedule, 3}, {1, 0, 2, schedule, 2},   {1, 1, 4, schedule, 3}, {2, 0, 1, alloc_fail, 2},
                   {3, 1, 5, schedule, 1}, {3, 2, 6, alloc_fail, 1}, {4, 0, 1, schedule, 4}};
  return input;
}

using Choices = std::vector<Choice>;

TEST(RemapTest, LeavingOutAThreadRenumbersTheOthers) {
  const Case output = without_thread(three_threads(), 1);
  EXPECT_EQ(output.program.threads.size(), 2u);
  EXPECT_EQ(output.program.threads[1].size(), 3u);
  // B is gone, and the switch to it; C is B now; the thread that the map starts moves along.
  EXPECT_EQ(output.choices, (Choices{{0, 0, 1, schedule, 2},
                                     {1, 1, 4, schedule, 2},
                                     {2, 1, 5, schedule, 1},
                                     {2, 2, 6, alloc_fail, 1},
                                     {3, 0, 1, schedule, 3}}));
}

TEST(RemapTest, TheAnswersOfFaultsAreNoThreads) {
  const Case output = without_thread(three_threads(), 0);
  ASSERT_EQ(output.choices.size(), 4u);
  EXPECT_EQ(output.choices[1], (Choice{1, 0, 1, alloc_fail, 2}));
}

TEST(RemapTest, LeavingOutAnOperationMovesThoseBehindIt) {
  const Case output = without_operations(three_threads(), 4, 5);  // C's clear
  EXPECT_EQ(output.program.threads[2], (std::vector<Operation>{{OpKind::size, 0, 0}, {OpKind::contains, 3, 0}}));
  EXPECT_EQ(output.choices, (Choices{{0, 0, 1, schedule, 3},
                                     {1, 0, 2, schedule, 2},
                                     {1, 1, 4, schedule, 3},
                                     {2, 0, 1, alloc_fail, 2},
                                     {3, 1, 6, alloc_fail, 1},
                                     {4, 0, 1, schedule, 4}}));
}

TEST(RemapTest, AThreadWithoutOperationsGoesToo) {
  const Case output = without_operations(three_threads(), 1, 3);  // A's find, and B
  EXPECT_EQ(output.program.threads.size(), 2u);
  EXPECT_EQ(output.program.threads[0].size(), 1u);
  EXPECT_EQ(
      output.choices,
      (Choices{{0, 0, 1, schedule, 2}, {2, 1, 5, schedule, 1}, {2, 2, 6, alloc_fail, 1}, {3, 0, 1, schedule, 3}}));
}

TEST(RemapTest, SlicesOfPrefillAndChoices) {
  const Case input = three_threads();
  const Case fewer = without_prefill(input, 0, 2);
  ASSERT_EQ(fewer.program.prefill.size(), 1u);
  EXPECT_EQ(fewer.program.prefill[0].key, 3);
  EXPECT_EQ(fewer.choices, input.choices);
  EXPECT_EQ(without_choices(input, std::array<std::size_t, 5>{1, 2, 3, 4, 6}).choices,
            (Choices{{0, 0, 1, schedule, 3}, {3, 2, 6, alloc_fail, 1}}));
}

TEST(RemapTest, FaultsAreAllButSwitches) {
  EXPECT_EQ(faults_of(three_threads().choices), (Choices{{2, 0, 1, alloc_fail, 2}, {3, 2, 6, alloc_fail, 1}}));
}

}  // namespace
}  // namespace mapquake
