#include "reports/text_format.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mapquake::reports {
namespace {

TEST(TextFormat, WidthCountsCodePoints) {
  EXPECT_EQ(display_width("│ ── x"), 6u);
  EXPECT_EQ(padded("é", 3), "é  ");
  EXPECT_EQ(padded_left("é", 3), "  é");
  EXPECT_EQ(shortened("──────", 3), "──…");
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abc", 0), "");
}

TEST(TextFormat, Numbers) {
  EXPECT_EQ(grouped(7), "7");
  EXPECT_EQ(grouped(412200), "412,200");
  EXPECT_EQ(grouped(1000000), "1,000,000");
  EXPECT_EQ(counted(1, "thread"), "1 thread");
  EXPECT_EQ(counted(0, "fault"), "0 faults");
}

TEST(TextFormat, WrapsAtSpacesAndLineFeeds) {
  EXPECT_EQ(wrapped("Why: ", "one two three four", 14), "Why: one two\n     three\n     four\n");
  EXPECT_EQ(wrapped("- ", "a\nb", 80), "- a\n  b\n");
  EXPECT_EQ(wrapped("", "averyveryverylongword x", 5), "averyveryverylongword\nx\n");
}

RC_GTEST_PROP(TextFormat, WrappingLosesNoWord, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(rc::gen::nonEmpty(rc::gen::string<std::string>()));
  std::string text, expected;
  for (std::string word : words) {
    std::erase_if(word, [](char c) { return c < '!' || c > '~'; });
    if (word.empty()) continue;
    text += word + ' ';
    expected += word;
  }
  std::string lines = wrapped("", text, 20);
  std::erase_if(lines, [](char c) { return c == ' ' || c == '\n'; });
  RC_ASSERT(lines == expected);
}

RC_GTEST_PROP(TextFormat, ShorteningKeepsTheBound, (const std::string& text)) {
  const auto width = *rc::gen::inRange<std::size_t>(0, 40);
  std::string ascii = text;
  std::erase_if(ascii, [](char c) { return c < ' '; });
  RC_ASSERT(display_width(shortened(ascii, width)) <= width);
}

}  // namespace
}  // namespace mapquake::reports
