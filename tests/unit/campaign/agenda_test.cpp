#include "harness/campaign/agenda.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace mapquake {
namespace {

/// Of one map, each arm a cell of its own.
AgendaPlan plan_of(std::size_t arms, std::uint64_t executions) {
  AgendaPlan plan{.arms = {}, .lanes = executions == 0};
  for (std::size_t arm = 0; arm < arms; ++arm) plan.arms.push_back({.cell = arm, .executions = executions, .seed = 7});
  return plan;
}

RC_GTEST_PROP(Agenda, RowsCoverEveryExecutionOnce, ()) {
  const auto executions = *rc::gen::inRange<std::uint64_t>(1, 100'000);
  const auto shards = *rc::gen::inRange(1u, 5u);
  std::map<std::uint64_t, std::uint64_t> covered;  // first execution -> end
  std::set<std::uint64_t> programs;
  for (unsigned shard = 1; shard <= shards; ++shard) {
    AgendaPlan plan = plan_of(1, executions);
    plan.shard = shard, plan.shards = shards;
    Agenda agenda(plan);
    while (const auto slice = agenda.take({})) {
      const std::uint64_t first = slice->first_execution;
      RC_ASSERT(covered.emplace(first, first + slice->executions_max).second);
      RC_ASSERT(programs.insert(slice->first.program).second);
      RC_ASSERT(slice->seed == 7u);
    }
  }
  std::uint64_t at = 0;
  for (const auto& [first, end] : covered) {
    RC_ASSERT(first == at);
    at = end;
  }
  RC_ASSERT(at == executions);
}

/// What a shard does of the rows: (arm, index, seed, first program, executions).
using Case = std::tuple<std::size_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>;

std::vector<Case> cases_of(AgendaPlan plan, unsigned shard, unsigned shards) {
  plan.shard = shard, plan.shards = shards;
  Agenda agenda(std::move(plan));
  std::vector<Case> cases;
  while (const auto slice = agenda.take({})) {
    cases.emplace_back(slice->arm, slice->index, slice->seed, slice->first.program, slice->executions_max);
  }
  return cases;
}

RC_GTEST_PROP(Agenda, ShardsTogetherHaveTheCasesOfOneProcess, ()) {
  AgendaPlan plan;
  const auto arms = *rc::gen::inRange<std::size_t>(1, 40);
  for (std::size_t arm = 0; arm < arms; ++arm) {
    plan.arms.push_back({.map = arm / 3,
                         .cell = arm,
                         .executions = *rc::gen::inRange<std::uint64_t>(0, 20'000),
                         .seed = *rc::gen::arbitrary<std::uint64_t>()});
  }
  std::vector<Case> whole = cases_of(plan, 1, 1);
  std::ranges::sort(whole);
  for (const unsigned shards : {1u, 2u, 7u, 64u}) {
    std::vector<Case> together;
    std::size_t least = SIZE_MAX, most = 0;
    for (unsigned shard = 1; shard <= shards; ++shard) {
      const std::vector<Case> part = cases_of(plan, shard, shards);
      least = std::min(least, part.size()), most = std::max(most, part.size());
      together.insert(together.end(), part.begin(), part.end());
    }
    std::ranges::sort(together);
    RC_ASSERT(together == whole);
    RC_ASSERT(most - least <= 1u);
  }
}

TEST(Agenda, DealsLanesRoundRobin) {
  Agenda agenda(plan_of(3, 0));
  std::vector<std::size_t> order;
  for (int i = 0; i < 6; ++i) {
    const auto slice = agenda.take({});
    order.push_back(slice->arm);
    agenda.finished(*slice, {1, 0});
  }
  EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 0, 1, 2}));
}

TEST(Agenda, ServesLanesByWeight) {
  Agenda agenda(plan_of(2, 0));
  agenda.set_arm_weight(1, 3);
  std::vector<int> served(2);
  const auto serve = [&](int slices) {
    served = {0, 0};
    for (int i = 0; i < slices; ++i) {
      const auto slice = agenda.take({});
      ++served[slice->arm];
      agenda.finished(*slice, {1, 0});
    }
  };
  serve(400);
  EXPECT_EQ(served, (std::vector<int>{100, 300}));
  agenda.set_arm_weight(1, 1);
  serve(400);
  EXPECT_EQ(served, (std::vector<int>{200, 200}));
}

TEST(Agenda, AWorkerStaysWithItsMap) {
  for (const std::uint64_t executions : {0, 2048}) {
    AgendaPlan plan = plan_of(4, executions);
    plan.arms[2].map = plan.arms[3].map = 1;
    Agenda agenda(plan);
    const auto first = agenda.take({});
    EXPECT_EQ(first->arm, 0u);
    EXPECT_EQ(agenda.take({})->arm, 2u) << "another worker goes where nobody is";
    EXPECT_EQ(agenda.take(0)->arm, 1u);
    EXPECT_EQ(agenda.take(1)->arm, 3u);
  }
}

TEST(Agenda, RowsComeBeforeLanesAndLanesRepeatNoneOfTheirPrograms) {
  AgendaPlan plan = plan_of(2, 512);
  plan.lanes = true;
  Agenda agenda(plan);
  EXPECT_TRUE(agenda.take({})->in_row);
  EXPECT_FALSE(agenda.rows_taken());
  EXPECT_TRUE(agenda.take({})->in_row);
  EXPECT_TRUE(agenda.rows_taken());
  const auto lane = agenda.take({});
  EXPECT_FALSE(lane->in_row);
  EXPECT_NE(lane->seed, 7u);
}

TEST(Agenda, ALaneGoesOnWhereItStopped) {
  Agenda agenda(plan_of(1, 0));
  const auto first = agenda.take({});
  EXPECT_EQ(first->seed, 7u);
  agenda.finished(*first, {12, 3});
  EXPECT_EQ(agenda.take({})->first, (Position{12, 3}));
}

TEST(Agenda, AnIdleWorkerOpensALaneOfItsOwnSeed) {
  Agenda agenda(plan_of(1, 0));
  const auto first = agenda.take({});
  const auto second = agenda.take({});
  EXPECT_NE(first->seed, second->seed);
  EXPECT_NE(first->index, second->index);
}

TEST(Agenda, LanesOfShardsDiffer) {
  std::set<std::uint64_t> seeds;
  for (unsigned shard = 1; shard <= 3; ++shard) {
    AgendaPlan plan = plan_of(1, 0);
    plan.shard = shard, plan.shards = 3;
    Agenda agenda(plan);
    seeds.insert(agenda.take({})->seed);
    seeds.insert(agenda.take({})->seed);
  }
  EXPECT_EQ(seeds.size(), 6u);
}

TEST(Agenda, AfterAFailureOnlyEarlierSlicesOfTheCellAreWanted) {
  AgendaPlan plan = plan_of(2, 16 * 1024);
  plan.arms[1].cell = 0;
  Agenda agenda(plan);
  const auto first = agenda.take({});    // slice 0 of arm 0
  const auto failing = agenda.take({});  // slice 0 of arm 1
  const auto later = agenda.take({});    // slice 1 of arm 0
  agenda.cut_after(*failing);
  EXPECT_TRUE(agenda.wanted(*first));
  EXPECT_TRUE(agenda.wanted(*failing));
  EXPECT_FALSE(agenda.wanted(*later));
  EXPECT_FALSE(agenda.take({}));
  agenda.finished(*failing, {16, 0});
  EXPECT_FALSE(agenda.settled_before(*failing, true));
  agenda.finished(*first, {16, 0});
  EXPECT_TRUE(agenda.settled_before(*failing, true));
}

TEST(Agenda, ASliceIsSettledOnceAllBeforeItInTheRowsOfItsMapHaveEnded) {
  AgendaPlan plan = plan_of(2, 16 * 1024);
  Agenda agenda(plan);
  const auto one = agenda.take({}), two = agenda.take({}), three = agenda.take({});
  EXPECT_TRUE(agenda.settled_before(*one, false));
  EXPECT_FALSE(agenda.settled_before(*two, false));
  EXPECT_TRUE(agenda.settled_before(*two, true)) << "of its own cell there is none before it";
  agenda.finished(*one, {});
  EXPECT_TRUE(agenda.settled_before(*two, false));
  EXPECT_FALSE(agenda.settled_before(*three, false));
}

TEST(Agenda, AClosedArmGetsNoMoreWork) {
  Agenda agenda(plan_of(2, 0));
  agenda.close(0);
  EXPECT_EQ(agenda.take({})->arm, 1u);
  EXPECT_EQ(agenda.take({})->arm, 1u);
}

}  // namespace
}  // namespace mapquake
