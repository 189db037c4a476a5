#include "harness/campaign/agenda.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace mapquake {
namespace {

AgendaPlan row_plan(std::size_t cells, std::uint64_t executions) {
  return {cells, executions, 7, 1, 1};
}
AgendaPlan lane_plan(std::size_t cells) {
  return {cells, 0, 7, 1, 1};
}

RC_GTEST_PROP(Agenda, RowsCoverEveryExecutionOnce, ()) {
  const auto executions = *rc::gen::inRange<std::uint64_t>(1, 100'000);
  const auto shards = *rc::gen::inRange(1u, 5u);
  std::map<std::uint64_t, std::uint64_t> covered;  // first execution -> end
  std::set<std::uint64_t> programs;
  for (unsigned shard = 1; shard <= shards; ++shard) {
    AgendaPlan plan = row_plan(1, executions);
    plan.shard = shard, plan.shards = shards;
    Agenda agenda(plan);
    while (const auto slice = agenda.take()) {
      const std::uint64_t first = slice->first_execution;
      RC_ASSERT(covered.emplace(first, first + slice->executions_max).second);
      RC_ASSERT(programs.insert(slice->first_program).second);
      RC_ASSERT(slice->seed == plan.seed);
    }
  }
  std::uint64_t at = 0;
  for (const auto& [first, end] : covered) {
    RC_ASSERT(first == at);
    at = end;
  }
  RC_ASSERT(at == executions);
}

TEST(Agenda, DealsRoundRobinOverCells) {
  Agenda agenda(lane_plan(3));
  std::vector<std::size_t> order;
  for (int i = 0; i < 6; ++i) {
    const auto slice = agenda.take();
    order.push_back(slice->cell);
    agenda.finished(*slice, 1);
  }
  EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 0, 1, 2}));
}

TEST(Agenda, ServesByWeight) {
  Agenda agenda(lane_plan(2));
  agenda.set_weight(1, 3);
  std::vector<int> served(2);
  const auto serve = [&](int slices) {
    served = {0, 0};
    for (int i = 0; i < slices; ++i) {
      const auto slice = agenda.take();
      ++served[slice->cell];
      agenda.finished(*slice, 1);
    }
  };
  serve(400);
  EXPECT_EQ(served, (std::vector<int>{100, 300}));
  agenda.set_weight(1, 1);
  serve(400);
  EXPECT_EQ(served, (std::vector<int>{200, 200}));
}

TEST(Agenda, ALaneGoesOnWhereItStopped) {
  Agenda agenda(lane_plan(1));
  const auto first = agenda.take();
  EXPECT_EQ(first->seed, 7u);
  agenda.finished(*first, 12);
  EXPECT_EQ(agenda.take()->first_program, 12u);
}

TEST(Agenda, AnIdleWorkerOpensALaneOfItsOwnSeed) {
  Agenda agenda(lane_plan(1));
  const auto first = agenda.take();
  const auto second = agenda.take();
  EXPECT_NE(first->seed, second->seed);
  EXPECT_NE(first->index, second->index);
}

TEST(Agenda, LanesOfShardsDiffer) {
  std::set<std::uint64_t> seeds;
  for (unsigned shard = 1; shard <= 3; ++shard) {
    AgendaPlan plan = lane_plan(1);
    plan.shard = shard, plan.shards = 3;
    Agenda agenda(plan);
    seeds.insert(agenda.take()->seed);
    seeds.insert(agenda.take()->seed);
  }
  EXPECT_EQ(seeds.size(), 6u);
}

TEST(Agenda, AfterAFailureOnlyEarlierSlicesOfTheRowAreWanted) {
  Agenda agenda(row_plan(1, 16 * 1024));
  const auto first = agenda.take();
  const auto second = agenda.take();
  const auto third = agenda.take();
  agenda.cut_after(*second);
  EXPECT_TRUE(agenda.wanted(*first));
  EXPECT_TRUE(agenda.wanted(*second));
  EXPECT_FALSE(agenda.wanted(*third));
  EXPECT_FALSE(agenda.take());
  agenda.finished(*second, 16);
  agenda.finished(*third, 16);
  EXPECT_FALSE(agenda.settled(0));
  agenda.finished(*first, 16);
  EXPECT_TRUE(agenda.settled(0));
}

TEST(Agenda, AClosedCellGetsNoMoreWork) {
  Agenda agenda(lane_plan(2));
  agenda.close(0);
  EXPECT_EQ(agenda.take()->cell, 1u);
  EXPECT_EQ(agenda.take()->cell, 1u);
}

}  // namespace
}  // namespace mapquake
