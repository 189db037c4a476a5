#include "scenarios/populated.hpp"

#include "scenarios/allowed.hpp"
#include "scenarios/ingredients.hpp"
#include "tests/unit/scenarios/claims_for_tests.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

namespace mapquake {
namespace {

constexpr std::uint64_t populated_seeds = 2400;
constexpr OpMask usual_operations =
    ops(OpKind::insert, OpKind::find, OpKind::erase, OpKind::erase_if, OpKind::iterate, OpKind::size);

Program small_program() {
  Program program;
  program.prefill = {{2, 0}, {1, 0}};
  program.threads = {{{OpKind::insert, 3, 0}, {OpKind::erase, 1, 0}}, {{OpKind::find, 3, 0}}};
  return program;
}

TEST(Populated, TheProgramMeetsItselfAsBefore) {
  std::size_t side_by_side = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Program program = small_program();
    populate(seed, program);
    const std::int64_t third = program.threads[0][0].key, first = program.threads[0][1].key;
    EXPECT_EQ(program.threads[1][0].key, third);
    EXPECT_NE(first, third);
    std::set<std::int64_t> keys;
    for (const abi::Entry& entry : program.prefill) EXPECT_TRUE(keys.insert(entry.key).second) << "twice";
    EXPECT_TRUE(keys.contains(first)) << "it was there before";
    EXPECT_FALSE(keys.contains(third)) << "it was not there before";
    EXPECT_GE(keys.size(), 8u);
    EXPECT_LE(keys.size(), 80u);
    EXPECT_GE(*keys.begin(), 1);
    side_by_side += third == first + 2;
  }
  EXPECT_GT(side_by_side, 80u);
  EXPECT_LT(side_by_side, 180u);
}

TEST(Populated, EntriesAreAddedUpwardsOrDownwardsOrInAnyOrder) {
  std::size_t upwards = 0, downwards = 0;
  constexpr std::uint64_t programs = 200;
  for (std::uint64_t seed = 0; seed < programs; ++seed) {
    Program program = small_program();
    populate(seed, program);
    upwards += std::ranges::is_sorted(program.prefill, {}, &abi::Entry::key);
    downwards += std::ranges::is_sorted(program.prefill, std::ranges::greater(), &abi::Entry::key);
  }
  EXPECT_GT(upwards, programs / 3);
  EXPECT_GT(downwards, programs / 20);
  EXPECT_LT(upwards + downwards, programs * 4 / 5);
}

TEST(Populated, WhatNamesNoKeysOrGreatOnesStaysAsItIs) {
  Program without;
  without.threads = {{{OpKind::size, 0, 0}}};
  Program great = small_program();
  great.threads[0][0].key = 1000;
  for (Program program : {without, great}) {
    const Program before = program;
    populate(7, program);
    EXPECT_EQ(program.prefill.size(), before.prefill.size());
    EXPECT_EQ(program.threads[0][0].key, before.threads[0][0].key);
  }
}

TEST(Populated, SomeProgramsOfTheScenariosThatBearItAre) {
  for (const char* name :
       {"mixed-operations", "load-spike", "iterate-while-writing", "erase-while-iterating", "read-mostly"}) {
    std::size_t large = 0;
    for (std::uint64_t seed = 0; seed < populated_seeds; ++seed) {
      const Program program = find_scenario(name)->generate(seed, 50, weakly_iterating, usual_operations, {});
      EXPECT_TRUE(is_populated(seed, {}) || program.prefill.size() <= 12) << name;
      large += program.prefill.size() > 24;
    }
    EXPECT_GT(large, populated_seeds / programs_per_populated / 3) << name;
  }
}

TEST(Populated, WhoSaysHowManyKeysOrEntriesThereAreGetsThose) {
  for (std::uint64_t seed = 0; seed < populated_seeds; ++seed) {
    EXPECT_FALSE(is_populated(seed, {.keys = 3}));
    EXPECT_FALSE(is_populated(seed, {.prefill = 3}));
    EXPECT_FALSE(is_populated(seed, {.bounded = true}));
  }
}

TEST(Populated, AMapThatCannotAddHasNoEntriesAdded) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Program program =
        find_scenario("read-mostly")->generate(seed, 50, weakly_iterating, ops(OpKind::find, OpKind::erase), {});
    EXPECT_TRUE(program.prefill.empty());
  }
}

}  // namespace
}  // namespace mapquake
