#include "harness/strategy/pct.hpp"

#include "tests/unit/strategy/toy_program.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mapquake {
namespace {

using toy::run;
using toy::ToyProgram;

TEST(PctTest, DepthOneNeverPreempts) {
  Pct pct(1);
  std::set<std::vector<ThreadId>> orders;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto result = run(pct, seed, {{4, 4, 4}});
    EXPECT_LE(result.preemptions, 2u);  // main's choice falls on any; better ones then take over at once
    orders.insert(result.order);
  }
  EXPECT_EQ(orders.size(), 6u);  // the orders of three threads
}

TEST(PctTest, PreemptsAtMostOncePerChangePoint) {
  Pct pct(3);
  pct.note_length(30);
  for (std::uint64_t seed = 0; seed < 500; ++seed) EXPECT_LE(run(pct, seed, {{10, 10}}).preemptions, 2u);
}

TEST(PctTest, EveryDepthTwoBugIsFoundAboutAsOftenAsThePaperPromises) {
  // The bug: thread 1 has done exactly 5 of its 10 events when thread 2 does its first.
  Pct pct(2);
  unsigned hits = 0;
  const unsigned executions = 4000;
  for (std::uint64_t seed = 0; seed < executions; ++seed) {
    const auto order = run(pct, seed, {{10, 10}}).order;
    const auto first = std::find(order.begin(), order.end(), 2) - order.begin();
    hits += first == 5 ? 1 : 0;
    pct.note_length(pct.points());
  }
  const double promised = 1.0 / (2.0 * 23.0);  // n = 2 threads, k = 23 points: 20 events, two ends, the start
  EXPECT_GT(hits, executions * promised / 2);
}

TEST(PctTest, SeedThreadsAndLengthDetermineTheSchedule) {
  Pct one(4), other(4);
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    one.note_length(0);
    one.note_length(40);
    const auto first = run(one, seed, {{6, 6, 6}});
    other.note_length(90);
    run(other, seed + 7, {{2, 2}});
    other.note_length(0);
    other.note_length(40);
    EXPECT_EQ(first.order, run(other, seed, {{6, 6, 6}}).order);
  }
}

TEST(PctTest, YieldingLetsTheOthersRun) {
  Pct pct(1);
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const ToyProgram program{.events = {3, 3, 3}, .spinner = 1, .spin_event = 1, .spins_for = 3};
    const auto result = run(pct, seed, program);
    EXPECT_EQ(result.order.size(), 9u);
    EXPECT_LE(result.yields, 1u);
  }
}

}  // namespace
}  // namespace mapquake
