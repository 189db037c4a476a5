#include "scenarios/phases.hpp"

#include "scenarios/allowed.hpp"
#include "scenarios/scenario.hpp"
#include "tests/unit/scenarios/claims_for_tests.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace mapquake {
namespace {

constexpr std::uint64_t seeds = 2400;
constexpr OpMask some = ops(OpKind::insert, OpKind::find, OpKind::erase);

Program of_single_thread(std::uint64_t seed, OpMask operations = some, const ScenarioOptions& options = {}) {
  return find_scenario("single-thread")->generate(seed, 100, weakly_iterating, operations, options);
}

/// How many entries there are at most, and how many fewer some time later.
struct Life {
  std::size_t most = 0;
  std::size_t lost = 0;
};

Life life_of(const Program& program) {
  std::set<std::int64_t> keys;
  for (const abi::Entry& entry : program.prefill) keys.insert(entry.key);
  Life life{keys.size(), 0};
  for (const Operation& operation : program.threads[0]) {
    if (operation.kind == OpKind::insert) keys.insert(operation.key);
    if (operation.kind == OpKind::erase) keys.erase(operation.key);
    life.most = std::max(life.most, keys.size());
    life.lost = std::max(life.lost, life.most - keys.size());
  }
  return life;
}

TEST(Phases, AMapGrowsAndShrinks) {
  std::size_t phased = 0, large = 0, shrunken = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    if (!is_phased(seed, {})) continue;
    ++phased;
    const Program program = of_single_thread(seed);
    ASSERT_EQ(program.threads.size(), 1u);
    EXPECT_GE(program.threads[0].size(), 64u);
    EXPECT_LE(program.threads[0].size(), 384u);
    const Life life = life_of(program);
    large += life.most >= 40;
    shrunken += life.most >= 24 && life.lost >= life.most / 2;
  }
  EXPECT_NEAR(static_cast<double>(phased), static_cast<double>(seeds) / programs_per_phased, 30);
  EXPECT_GE(large, phased / 5);
  EXPECT_GE(shrunken, phased / 8);
}

TEST(Phases, OnlyWhatTheMapHasIsAskedOfIt) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    if (!is_phased(seed, {})) continue;
    const Program program = of_single_thread(seed);
    EXPECT_TRUE(std::ranges::all_of(program.threads[0],
                                    [](const Operation& operation) { return (op_bit(operation.kind) & some) != 0; }));
  }
}

TEST(Phases, AMapThatCannotEraseHasNone) {
  constexpr OpMask no_erase = ops(OpKind::insert, OpKind::find);
  const ScenarioOptions options;
  const Ingredients from{.together = no_erase, .alone = no_erase, .options = options};
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    if (!is_phased(seed, {})) continue;
    EXPECT_TRUE(draw_phases(seed, from).threads.empty());
    EXPECT_FALSE(of_single_thread(seed, no_erase).threads[0].empty());
  }
}

TEST(Phases, WhoSaysHowLargeProgramsAreToBeGetsThoseAlone) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    EXPECT_FALSE(is_phased(seed, {.operations = 5}));
    EXPECT_FALSE(is_phased(seed, {.keys = 5}));
    EXPECT_FALSE(is_phased(seed, {.prefill = 5}));
  }
}

TEST(Phases, OtherScenariosHaveNone) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Program program = find_scenario("read-mostly")->generate(seed, 100, weakly_iterating, some, {});
    EXPECT_LT(program.operation_count(), 64u);
  }
}

}  // namespace
}  // namespace mapquake
