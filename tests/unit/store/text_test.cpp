#include "harness/store/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace mapquake {
namespace {

constexpr auto no = LineBreaks::forbidden;
constexpr auto yes = LineBreaks::allowed;

TEST(StoreText, CleanMeansUtf8WithoutControlCharacters) {
  for (const char* good : {"", "abc", "é→😀", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xC2\xA0", " ~"}) {
    EXPECT_TRUE(is_clean(good, no)) << good;
  }
  for (const char* bad :
       {"\x1b", "\x7f", "\xC2\x85", "\xff", "\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE2\x86", "\xF0\x9F\x98"}) {
    EXPECT_FALSE(is_clean(bad, yes)) << bad;
  }
  EXPECT_TRUE(is_clean("a\n\tb", yes));
  EXPECT_FALSE(is_clean("a\nb", no));
  EXPECT_FALSE(is_clean(std::string_view("\0", 1), yes));
}

TEST(StoreText, CleaningKeepsWhatIsClean) {
  EXPECT_EQ(cleaned("é→😀", 100, no), "é→😀");
  EXPECT_EQ(cleaned("a\xff\x1b"
                    "b",
                    100, no),
            "a\xEF\xBF\xBD\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(cleaned("é→😀", 8, no), "é→") << "cut between characters";
  EXPECT_EQ(cleaned("a\xE2\x86", 100, no), "a\xEF\xBF\xBD\xEF\xBF\xBD") << "a message cut in mid-character";
}

TEST(StoreText, CleanedIsAlwaysCleanAndBounded) {
  EXPECT_TRUE(rc::check([](const std::string& any, std::uint8_t bytes_max) {
    const std::string out = cleaned(any, bytes_max, no);
    RC_ASSERT(is_clean(out, no));
    RC_ASSERT(out.size() <= bytes_max);
    RC_ASSERT(cleaned(out, bytes_max, no) == out);
  }));
}

TEST(StoreText, QuotingAndShowing) {
  EXPECT_EQ(toml_string("a\"b\\c\nd\te"), "\"a\\\"b\\\\c\\nd\\te\"");
  EXPECT_EQ(shown("x"), "\"x\"");
  EXPECT_EQ(shown(std::string(1000, 'x')), "\"" + std::string(60, 'x') + "…\"");
  EXPECT_EQ(hex16(0xabcULL), "0000000000000abc");
  EXPECT_TRUE(is_hex16("0000000000000abc"));
  EXPECT_FALSE(is_hex16("0000000000000ABC"));
  EXPECT_FALSE(is_hex16("abc"));
}

}  // namespace
}  // namespace mapquake
