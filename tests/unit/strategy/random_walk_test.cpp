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

TEST(FaultDiceTest, SkippingIsAsRolling) {
  const std::uint32_t mask = fault_bit(ChoiceKind::alloc_fail) | fault_bit(ChoiceKind::delay);
  unsigned fired = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed), same(seed);
    FaultDice rolled(mask), skipped(mask);
    rolled.begin(rng);
    skipped.begin(same);
    ASSERT_EQ(rolled.active(), skipped.active());
    if (rolled.active() == 0) continue;
    const ChoiceKind kind =
        (rolled.active() & fault_bit(ChoiceKind::delay)) != 0 ? ChoiceKind::delay : ChoiceKind::alloc_fail;
    for (unsigned i = 0; i < 5; ++i) {
      const std::uint32_t quiet = skipped.quiet();
      if (quiet > 1000) break;
      for (std::uint32_t n = 0; n < quiet; ++n) EXPECT_EQ(rolled.roll(rng, kind, 3), 0u);
      skipped.skip(quiet);
      const std::uint32_t answer = rolled.roll(rng, kind, 3);
      EXPECT_NE(answer, 0u);
      EXPECT_EQ(skipped.roll(same, kind, 3), answer);
      ++fired;
    }
  }
  EXPECT_GT(fired, 300u);
}

TEST(FaultDiceTest, FaultsStrikeAsOftenAsTheirRateSays) {
  std::uint64_t failures = 0;
  const Geometric one_in_twenty(1.0 / 20);
  Rng rng(11);
  for (unsigned i = 0; i < 10'000; ++i) failures += one_in_twenty.draw(rng);
  EXPECT_NEAR(static_cast<double>(failures) / 10'000, 19.0, 1.0);
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
