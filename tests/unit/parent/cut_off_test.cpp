#include "harness/parent/cut_off.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using std::chrono::milliseconds;

TEST(CutOff, NobodyAsks) {
  CutOff never;
  const CutOff::Time start{};
  EXPECT_FALSE(never.is_asked());
  EXPECT_FALSE(never.is_due(start));
  EXPECT_FALSE(never.is_due(start + 24 * CutOff::grace));
}

TEST(CutOff, IsDueWhenTheGraceIsOver) {
  bool asked = false;
  CutOff cut_off([&] { return asked; });
  const CutOff::Time start{};
  EXPECT_FALSE(cut_off.is_due(start + 5 * CutOff::grace));
  asked = true;
  const CutOff::Time seen = start + 6 * CutOff::grace;
  EXPECT_FALSE(cut_off.is_due(seen));
  EXPECT_FALSE(cut_off.is_due(seen + CutOff::grace - milliseconds{1}));
  EXPECT_TRUE(cut_off.is_due(seen + CutOff::grace));
  EXPECT_TRUE(cut_off.is_due(seen + 2 * CutOff::grace));
}

}  // namespace
}  // namespace mapquake
