#include "harness/base/bounded.hpp"

#include <gtest/gtest.h>

#include <array>
#include <span>
#include <string>
#include <vector>

namespace mapquake {
namespace {

TEST(BoundedText, HoldsUpToItsBound) {
  using Text = BoundedText<4>;
  EXPECT_TRUE(Text().empty());
  EXPECT_TRUE(Text::fits("abcd"));
  EXPECT_FALSE(Text::fits("abcde"));
  Text text = std::string("abcd");
  EXPECT_EQ(text, "abcd");
  text = "x";
  EXPECT_EQ(text, "x") << "nothing of the longer text is left";
}

TEST(BoundedList, HoldsUpToItsBound) {
  using List = BoundedList<int, 2>;
  const std::array three{1, 2, 3};
  const List list = std::span(three).first(2);
  EXPECT_EQ(std::vector<int>(list.begin(), list.end()), (std::vector<int>{1, 2}));
  EXPECT_EQ(std::span<const int>(list).size(), 2u);
  EXPECT_TRUE(List().empty());
}

}  // namespace
}  // namespace mapquake
