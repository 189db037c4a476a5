// A short run of what `make hostile-input` does in full: mutated files of every format are read or refused in order.
#include "tests/hostile_input/explore.hpp"
#include "tests/hostile_input/mutator.hpp"
#include "tests/support/places.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mapquake::hostile {
namespace {

class HostileInput : public testing::TestWithParam<Format> {};

TEST_P(HostileInput, IsReadOrRefusedInOrder) {
  const auto inputs = samples(GetParam(), testing_support::source_directory());
  ASSERT_FALSE(inputs.empty());
  for (const std::string& input : inputs) {
    const Verdict verdict = judge(GetParam(), input);
    EXPECT_TRUE(verdict.read) << input;
    EXPECT_EQ(verdict.unsound, "");
  }
  const Campaign campaign = explore(GetParam(), inputs, 5000, 1);
  EXPECT_EQ(campaign.inputs, 5000u);
  EXPECT_GT(campaign.read, 0u) << "mutations that are all refused reach nothing";
  EXPECT_LT(campaign.read, campaign.inputs);
  for (const Finding& finding : campaign.findings) ADD_FAILURE() << finding.what << "\n" << finding.input;
}

TEST_P(HostileInput, FollowsFromItsSeed) {
  const auto inputs = samples(GetParam(), testing_support::source_directory());
  Rng a(7), b(7), c(8);
  const auto once = mutated(GetParam(), inputs.front(), inputs.back(), 1 << 14, a);
  EXPECT_EQ(once, mutated(GetParam(), inputs.front(), inputs.back(), 1 << 14, b));
  EXPECT_NE(once, mutated(GetParam(), inputs.front(), inputs.back(), 1 << 14, c));
}

TEST(HostileDocument, NestedDeeplyIsRefused) {
  // Writing what had been read went as deep as the text, and beyond the stack.
  const std::string document = samples(Format::document, testing_support::source_directory()).front();
  const std::string deep =
      "{\"x\":" + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "," + document.substr(1);
  const Verdict verdict = judge(Format::document, deep);
  EXPECT_FALSE(verdict.read);
  EXPECT_EQ(verdict.unsound, "");
}

INSTANTIATE_TEST_SUITE_P(Formats, HostileInput, testing::ValuesIn(formats), [](const auto& format) {
  std::string name(name_of(format.param));
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace mapquake::hostile
