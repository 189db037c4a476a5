#include "harness/strategy/random_walk.hpp"

#include "tests/unit/strategy/toy_program.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace mapquake {
namespace {

using toy::run;
using toy::ToyProgram;

TEST(RandomWalkTest, TheSeedDeterminesTheSchedule) {
  RandomWalk one, other;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto first = run(one, seed, {{5, 5, 5}});
    run(other, seed + 1000, {{3, 9}});  // what ran before must not matter
    EXPECT_EQ(first.order, run(other, seed, {{5, 5, 5}}).order);
  }
}

TEST(RandomWalkTest, ReachesEveryInterleavingOfASmallProgram) {
  RandomWalk walk;
  std::set<std::vector<ThreadId>> orders;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) orders.insert(run(walk, seed, {{3, 3}}).order);
  EXPECT_EQ(orders.size(), 20u);  // 6 choose 3
}

TEST(RandomWalkTest, SwitchRatesDifferBetweenExecutions) {
  RandomWalk walk;
  unsigned calm = 0, wild = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const unsigned preemptions = run(walk, seed, {{200, 200}}).preemptions;
    calm += preemptions < 10 ? 1 : 0;
    wild += preemptions > 100 ? 1 : 0;
  }
  EXPECT_GT(calm, 30u);
  EXPECT_GT(wild, 30u);
}

TEST(RandomWalkTest, ForcedSwitchesPickAllReadyThreads) {
  RandomWalk walk;
  std::map<ThreadId, unsigned> first;
  for (std::uint64_t seed = 0; seed < 300; ++seed) ++first[run(walk, seed, {{1, 1, 1}}).order.front()];
  for (const ThreadId thread : {1, 2, 3}) EXPECT_GT(first[thread], 50u) << thread;
}

TEST(RandomWalkTest, SpinLoopsEnd) {
  RandomWalk walk;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const ToyProgram program{.events = {3, 3, 3}, .spinner = 1, .spin_event = 2, .spins_for = 3};
    EXPECT_EQ(run(walk, seed, program).order.size(), 9u);
  }
}

TEST(FaultDiceTest, OnlyAllowedKindsFireAndAllOfThemDo) {
  const std::uint32_t mask = fault_bit(ChoiceKind::alloc_fail);
  RandomWalk walk(mask);
  unsigned failed = 0, twice = 0, quiet = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    walk.begin(seed, 2);
    unsigned here = 0;
    for (unsigned i = 0; i < 50; ++i) {
      const std::uint32_t answer = walk.next_choice({}, ChoiceKind::alloc_fail, 3);
      ASSERT_LT(answer, 3u);
      here += answer != 0 ? 1 : 0;
      twice += answer == 2 ? 1 : 0;
      EXPECT_EQ(walk.next_choice({}, ChoiceKind::user_throw, 2), 0u);
      EXPECT_EQ(walk.next_choice({}, ChoiceKind::alloc_fail, 1), 0u);
    }
    failed += here != 0 ? 1 : 0;
    quiet += here == 0 ? 1 : 0;
  }
  EXPECT_GT(failed, 100u);
  EXPECT_GT(quiet, 40u);
  EXPECT_GT(twice, 10u);
}

TEST(FaultDiceTest, TheMapsOwnRandomnessNeedsNoPermission) {
  RandomWalk walk;
  walk.begin(1, 1);
  std::set<std::uint32_t> answers;
  for (unsigned i = 0; i < 200; ++i) answers.insert(walk.next_choice({}, ChoiceKind::adapter, 4));
  EXPECT_EQ(answers.size(), 4u);
}

}  // namespace
}  // namespace mapquake
