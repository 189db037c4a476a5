#include "scenarios/draw.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace mapquake {
namespace {

TEST(DrawTest, RandomNumbersAreTheSameInEveryRunAndOnEveryMachine) {
  // If rapidcheck's generator changed, "seed 17, program 1234" would no longer mean the same program.
  EXPECT_EQ(rc::Random(17).next(), 15895649978113164348u);
  Draw draw(rc::Random(17), 50);
  const std::vector<unsigned> drawn{draw.between(0, 1000), draw.growing(0, 1000), draw.between(5, 5)};
  EXPECT_EQ(drawn, (std::vector<unsigned>{626, 208, 5}));
}

TEST(DrawTest, GrowingReachesItsUpperEndOnlyAtFullSize) {
  unsigned small = 0, large = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    small = std::max(small, Draw(rc::Random(seed), 10).growing(0, 100));
    large = std::max(large, Draw(rc::Random(seed), 100).growing(0, 100));
  }
  EXPECT_LE(small, 11u);
  EXPECT_GT(large, 95u);
}

}  // namespace
}  // namespace mapquake
