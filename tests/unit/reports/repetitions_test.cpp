#include "reports/repetitions.hpp"

#include "reports/layout.hpp"

#include <gtest/gtest.h>

namespace mapquake::reports {
namespace {

std::vector<Step> steps_named(const std::string& names) {
  std::vector<Step> steps;
  for (const char name : names) {
    Step step;
    step.thread = static_cast<ThreadId>(name % 2 + 1);
    step.text = name;
    steps.push_back(step);
  }
  return steps;
}

std::string told(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) text += step.kind == StepKind::repeated ? "[" + step.text + "]" : step.text;
  return text;
}

std::string many(const std::string& what, unsigned times) {
  std::string text;
  while (times-- > 0) text += what;
  return text;
}

TEST(Repetitions, ARowThatGoesRoundIsToldOnce) {
  EXPECT_EQ(told(folded(steps_named("x" + many("abc", 214) + "y"))), "xabc[… these 3 steps repeated 214 times …]y");
  EXPECT_EQ(told(folded(steps_named(many("a", 1'000)))), "a[… this step repeated 1,000 times …]");
}

TEST(Repetitions, WhatStandsForOthersTakesNoNumber) {
  const std::vector<Step> steps = folded(steps_named("x" + many("abc", 214) + "y"));
  EXPECT_EQ(numbers_of(steps), (std::vector<std::size_t>{1, 2, 3, 4, 4, 5}));
}

TEST(Repetitions, WhatIsNotTheSameStays) {
  EXPECT_EQ(told(folded(steps_named("abcabd"))), "abcabd");
  EXPECT_EQ(told(folded(steps_named("aab"))), "aab");
  EXPECT_EQ(told(folded({})), "");
  auto steps = steps_named(many("ab", 3));
  steps[3].place.at = "my_map.hpp:7";
  EXPECT_EQ(told(folded(steps)), "ababab");
}

TEST(Repetitions, RowsFollowEachOther) {
  EXPECT_EQ(told(folded(steps_named(many("ab", 50) + "c" + many("de", 40)))),
            "ab[… these 2 steps repeated 50 times …]cde[… these 2 steps repeated 40 times …]");
}

}  // namespace
}  // namespace mapquake::reports
