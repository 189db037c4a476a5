#include "harness/store/toml_guard.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

std::string repeated(std::string_view piece, std::size_t count) {
  std::string out;
  out.reserve(piece.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += piece;
  return out;
}

TEST(TomlGuard, DepthIsBoundedExactly) {
  EXPECT_FALSE(toml_trouble("a = " + repeated("[", toml_depth_max) + repeated("]", toml_depth_max)));
  const auto trouble = toml_trouble("b = 1\na = " + repeated("[", toml_depth_max + 1));
  ASSERT_TRUE(trouble);
  EXPECT_EQ(trouble->line, 2u);
  EXPECT_TRUE(toml_trouble("a = " + repeated("{a=", 100)));
  EXPECT_FALSE(toml_trouble(repeated("a = [[1]]\n", 1000))) << "closed brackets do not count";
}

TEST(TomlGuard, DottedKeysNestAsWell) {
  EXPECT_FALSE(toml_trouble("a" + repeated(".a", toml_dots_max) + " = \"" + repeated(".", 100) + "\""));
  EXPECT_TRUE(toml_trouble("a" + repeated(".a", toml_dots_max + 1)));
  EXPECT_TRUE(toml_trouble("a" + repeated(".\"a\"", toml_dots_max + 1)));
  EXPECT_TRUE(toml_trouble(repeated("a.b = 1\n", toml_dots_max + 1)));
}

TEST(TomlGuard, TablesAreCountedButNotRepetitions) {
  EXPECT_FALSE(toml_trouble(repeated("[[choice]]\nat = 1\n", 10'000)));
  EXPECT_TRUE(toml_trouble(repeated("[a]\n[b]\n", toml_headers_max / 2 + 1)));
  EXPECT_FALSE(toml_trouble(repeated("a = [\n[1],\n[2],\n]\n", 1000))) << "elements of lists are no headers";
}

TEST(TomlGuard, AHeaderWithoutKeyIsRefused) {
  for (const char* bad : {"[=", "[[=", "x = 1\n  [ #", "[", "[[", "[ \n]", "[\xff", "\xEF\xBB\xBF[="}) {
    EXPECT_TRUE(toml_trouble(bad)) << bad;
  }
  for (const char* good : {"[a]", "[ a ]", "[[a]]", "[\"\"]", "['a']", "[-]", "a = [1]"}) {
    EXPECT_FALSE(toml_trouble(good)) << good;
  }
}

TEST(TomlGuard, CountsOfValuesAreBounded) {
  EXPECT_TRUE(toml_trouble("a = [" + repeated("1,", toml_nodes_max)));
  EXPECT_TRUE(toml_trouble(repeated("\n", toml_nodes_max + 1)));
}

/// What stands in strings and comments does not count, and where they end is where TOML ends them.
TEST(TomlGuard, StringsAndCommentsAreSkipped) {
  const std::string many = repeated("[é.", 100);
  const std::string harmless[] = {"# " + many, "a = \"" + many + "\"", "a = '" + many + "'", "a = \"\\\"" + many + "\"",
                                  "a = \"\"\nb = '\"" + many + "' # \""};
  for (const std::string& text : harmless) EXPECT_FALSE(toml_trouble(text)) << text;
  const std::string nested[] = {"# \n" + many,      "a = \"\"" + many,     "a = ''" + many,          "a = '\\'" + many,
                                "a = \"#\"" + many, "a = \"\\\\\"" + many, "a = \"\\\\\\\"\"" + many};
  for (const std::string& text : nested) EXPECT_TRUE(toml_trouble(text)) << text;
}

TEST(TomlGuard, WhatTheParserCannotStandIsRefused) {
  for (const char* text : {"a = é", "é = 1", "a = 1 \xC2\xA0", "a = [1,\xE2\x80\xA8]", "a = 0\"é\"", "a\"é\" = 1",
                           "a = \"x\"'é'", "a = 2{'é'", "a = 2['é'", "a=2='é'", "a = [1='é'", "a = [1,\t1='é'",
                           "a = {b=1='é'", "a = 2.'é'", "a = \"\"\"x\"\"\"", "a = '''x'''"}) {
    const auto trouble = toml_trouble(std::string("# é\n") + text);
    ASSERT_TRUE(trouble) << text;
    EXPECT_EQ(trouble->line, 2u);
  }
  for (const char* text : {"\"é\" = [\"é\",'é']\n'é' = {\"é\"=\t'é',b={c=[]},d=1}\n[[\"é\"]]\n", "\xEF\xBB\xBF'a' = 1",
                           "\xEF\xBB\xBF[a]", "a=[[1,[2]],\n[3]]\nb={c=1}", "a = [{b=1},{b=2}]"}) {
    EXPECT_FALSE(toml_trouble(text)) << text;
  }
}

}  // namespace
}  // namespace mapquake
