#include "harness/strategy/strategy.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace mapquake {
namespace {

const std::vector<ThreadId> ready{1, 3, 5};

TEST(DefaultThread, GoesOnWhereItCan) {
  EXPECT_EQ(default_thread({.thread = 3}, ready), 3);
}

TEST(DefaultThread, TakesTheLowestWhereItCannotGoOn) {
  EXPECT_EQ(default_thread({.thread = 4, .can_continue = false}, ready), 1);
  EXPECT_EQ(default_thread({.thread = 4, .can_continue = false, .yielding = true}, ready), 1);
}

TEST(DefaultThread, YieldingGoesRound) {
  EXPECT_EQ(default_thread({.thread = 1, .yielding = true}, ready), 3);
  EXPECT_EQ(default_thread({.thread = 3, .yielding = true}, ready), 5);
  EXPECT_EQ(default_thread({.thread = 5, .yielding = true}, ready), 1);
}

TEST(DefaultThread, YieldingAloneStays) {
  EXPECT_EQ(default_thread({.thread = 2, .yielding = true}, std::vector<ThreadId>{2}), 2);
}

}  // namespace
}  // namespace mapquake
