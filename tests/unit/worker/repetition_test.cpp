// Long executions, in which who waits too long is given a turn: repeated with the choices that they made, they are the
// same. Which accesses are points is learned meanwhile, so that a repetition looks at that at other events.
#include "harness/base/rng.hpp"
#include "harness/case/execution_words.hpp"
#include "harness/worker/self_check.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace mapquake {
namespace {

/// The first execution of an exploration with this seed is repeated (exploration.cpp).
bool is_repeated(std::uint64_t seed) {
  return SelfCheck::is_due(mix64(mix64(seed ^ mix64(0))));
}

Program long_program(std::uint64_t threads, std::uint64_t length) {
  Program program;
  for (std::uint64_t t = 0; t < threads; ++t) {
    std::vector<Operation>& thread = program.threads.emplace_back();
    for (const OpKind kind : {OpKind::insert, OpKind::erase}) {
      for (std::uint64_t n = 0; n < length; ++n)
        thread.push_back({kind, static_cast<std::int64_t>(1 + length * t + n), 1});
    }
  }
  return program;
}

class Repetition : public testing::TestWithParam<const char*> {};

TEST_P(Repetition, OfLongExecutionsIsTheSame) {
  const MapInfo map = testing_support::map_named(testing_support::bundled_plugin(GetParam()), GetParam());
  const auto executor = testing_support::executor_for(map);
  unsigned repeated = 0;
  for (std::uint64_t seed = 0; repeated < 150; ++seed) {
    if (!is_repeated(seed)) continue;
    ExploreRequest request = testing_support::exploring("mixed-operations", seed, 1);
    request.program = long_program(2 + seed % 3, 20 + seed % 120);
    ExploreProgress progress;
    const ExploreResult result = executor->explore(request, progress);
    ASSERT_EQ(result.repeated, 1u) << "seed " << seed;
    EXPECT_FALSE(result.found) << "seed " << seed << ": " << why_of(result.execution);
    ++repeated;
  }
}

INSTANTIATE_TEST_SUITE_P(Maps, Repetition, testing::Values("sharded_map", "skiplist_map"),
                         [](const auto& map) { return std::string(map.param); });

}  // namespace
}  // namespace mapquake
