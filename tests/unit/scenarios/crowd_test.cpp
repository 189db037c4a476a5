#include "scenarios/crowd.hpp"

#include "scenarios/allowed.hpp"
#include "scenarios/scenario.hpp"
#include "tests/unit/scenarios/claims_for_tests.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mapquake {
namespace {

constexpr Claims claims{.concurrent_use = ConcurrentUse::all_operations, .iteration = Iteration::weakly_consistent};

std::size_t threads_of(std::uint64_t seed, const ScenarioOptions& options = {}, OpMask operations = all_ops) {
  return find_scenario("mixed-operations")->generate(seed, 100, claims, operations, options).threads.size();
}

TEST(Crowd, SomeProgramsHaveMoreThreadsThanTablesOfEightOrSixteen) {
  std::size_t most = 0, crowds = 0;
  for (std::uint64_t seed = 0; seed < 12000; ++seed) {
    const std::size_t threads = threads_of(seed);
    const bool is_crowd = threads > 8;
    if (is_crowd) {
      EXPECT_TRUE(gets_crowd(seed, {})) << seed;
    }
    crowds += is_crowd;
    most = std::max(most, threads);
  }
  EXPECT_GT(most, 16u);
  EXPECT_GT(crowds, 12000 / programs_per_crowd / 2);
}

TEST(Crowd, WhoSaysHowManyThreadsThereAreGetsThem) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) EXPECT_EQ(threads_of(seed, {.threads = 2}), 2u);
}

TEST(Crowd, ConsistsOfWhatTheMapAllows) {
  constexpr OpMask readers = ops(OpKind::find);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Program program =
        find_scenario("mixed-operations")->generate(seed, 100, claims, readers | op_bit(OpKind::insert), {});
    for (const auto& thread : program.threads) {
      for (const Operation& operation : thread) {
        EXPECT_TRUE(operation.kind == OpKind::find || operation.kind == OpKind::insert);
      }
    }
  }
}

}  // namespace
}  // namespace mapquake
