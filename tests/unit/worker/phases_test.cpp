// Growth, as it is learned of real maps and counted while they are explored.
#include "harness/campaign/map_probe.hpp"
#include "harness/case/fault_names.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing_support::bundled_plugin;
using testing_support::executor_for;
using testing_support::map_named;

constexpr std::uint64_t executions = 2'000;

struct Explored {
  TableBlocks tables;
  PhaseRecord phases;
};

Explored explored(const char* name, const char* scenario, std::uint32_t faults = 0) {
  const MapInfo map = map_named(bundled_plugin(name), name);
  const auto executor = executor_for(map);
  const MapTraits traits = probe_map(*executor, map);
  ExploreProgress progress;
  ExploreRequest request = testing_support::exploring(scenario, 5, executions);
  request.plan.fault_mask = faults;
  request.plan.scenario.growth_sizes = traits.growth_sizes;
  request.tables = traits.tables;
  const ExploreResult result = executor->explore(request, progress);
  EXPECT_FALSE(result.found);
  return {traits.tables, result.phases};
}

TEST(Phases, AMapWithATableGrowsWhereProgramsFillIt) {
  const Explored seen = explored("rwlock_map", "rehash-pressure");
  ASSERT_TRUE(seen.tables.known());
  EXPECT_GE(seen.phases.executions, executions);
  const PhaseRecord::Met& growth = seen.phases.of(MapPhase::growth);
  EXPECT_GT(growth.executions, seen.phases.executions / 20);
  EXPECT_LE(growth.executions, growth.calls);
  EXPECT_GT(growth.beside[static_cast<std::size_t>(OpKind::insert)], 0u);
  EXPECT_EQ(growth.faults, 0u);
}

TEST(Phases, FaultsInAGrowthAreCounted) {
  const Explored seen = explored("rwlock_map", "rehash-pressure", fault_bit(ChoiceKind::alloc_fail));
  EXPECT_GT(seen.phases.of(MapPhase::growth).faults, 0u);
}

TEST(Phases, ATreeHasNoTable) {
  const Explored seen = explored("std_map", "single-thread");
  EXPECT_FALSE(seen.tables.known());
  EXPECT_EQ(seen.phases, PhaseRecord{});
}

TEST(Phases, AreTheSameEachTime) {
  const Explored once = explored("rwlock_map", "rehash-pressure");
  const Explored again = explored("rwlock_map", "rehash-pressure");
  EXPECT_EQ(once.tables, again.tables);
  EXPECT_EQ(once.phases, again.phases);
}

}  // namespace
}  // namespace mapquake
