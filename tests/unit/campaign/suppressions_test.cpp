#include "harness/campaign/suppressions.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace mapquake {
namespace {

const Site& site_at(std::uint64_t pc) {
  static const std::map<std::uint64_t, Site> sites{{0x1010, {"Counter::add", "counter.hpp", "/src/counter.hpp", 12}},
                                                   {0x1020, {"Table::grow", "table.hpp", "/src/table.hpp", 88}},
                                                   {0x5010, {"cache_get", "foo.c", "/foo/foo.c", 7}}};
  static const Site unknown;
  const auto at = sites.find(pc);
  return at == sites.end() ? unknown : at->second;
}

Execution ended(Outcome outcome, std::vector<std::vector<std::uint64_t>> stacks) {
  Execution execution;
  execution.violation.outcome = outcome;
  for (auto& stack : stacks) execution.threads.push_back({.thread = 1, .stack = std::move(stack)});
  return execution;
}

struct SuppressionsTest : ::testing::Test {
  SuppressionsTest() { map.modules = {{"/lib/my_map.so", 0x1000}, {"/usr/lib/libfoo.so.1", 0x5000}}; }

  bool suppresses(const std::string& line, const Execution& execution) {
    const auto parsed = parse_suppressions(line + " a reason", "s");
    EXPECT_TRUE(parsed) << line;
    return suppression_of(execution, map, site_at, *parsed).has_value();
  }
  MapInfo map;
};

TEST_F(SuppressionsTest, MatchFunctionsPlacesFilesAndModulesOfAnyFrame) {
  const Execution race = ended(Outcome::data_race, {{0x1010, 0x1020}, {0x5010}});
  for (const char* const line : {"race:Counter::add", "race:Counter::*", "race:counter.hpp:12", "race:table.hpp:8?",
                                 "race:table.hpp", "race:libfoo.so*", "race:cache_get"}) {
    EXPECT_TRUE(suppresses(line, race)) << line;
  }
  for (const char* const line : {"race:Counter", "race:counter.hpp:13", "race:libbar.so", "leak:Counter::add"}) {
    EXPECT_FALSE(suppresses(line, race)) << line;
  }
  EXPECT_FALSE(suppresses("race:libfoo*", ended(Outcome::data_race, {{0x1010}, {0x1020}})));
  EXPECT_TRUE(suppresses("leak:my_map.so", ended(Outcome::leak, {{0x1020}})));
  EXPECT_FALSE(suppresses("race:Counter::add", ended(Outcome::deadlock, {{0x1010}})));
}

TEST_F(SuppressionsTest, MatchSignatures) {
  const auto all = parse_suppressions("signature:91c2* known\n", "s");
  ASSERT_TRUE(all);
  EXPECT_EQ(suppression_of(std::string("91c2a7e0b3d45f66"), *all), 0u);
  EXPECT_FALSE(suppression_of(std::string("81c2a7e0b3d45f66"), *all));
}

TEST_F(SuppressionsTest, AreReadLineByLine) {
  const auto all =
      parse_suppressions("# nothing\n\n  race:a::b \t exact enough # or not\r\nleak:*.so.1 a cache", "s.txt");
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].pattern, "a::b");
  EXPECT_EQ((*all)[0].reason, "exact enough");
  EXPECT_EQ((*all)[0].text(), "race:a::b (s.txt:3)");
  EXPECT_EQ((*all)[1].text(), "leak:*.so.1 (s.txt:4)");
}

TEST_F(SuppressionsTest, ErrorsNameTheLine) {
  for (const auto& [text, what] :
       std::map<std::string, std::string>{{"race:f", "s:1: the reason is missing: who reads this later must know why"},
                                          {"\nrace: why", "s:2: the pattern is missing"},
                                          {"rice:f why", "s:1: no kind of suppression"},
                                          {"race", "s:1: no kind of suppression"}}) {
    const auto refused = parse_suppressions(text, "s");
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().what, what);
    EXPECT_EQ(refused.error().code, ExitCode::bad_input);
  }
}

RC_GTEST_FIXTURE_PROP(SuppressionsTest, AnyTextIsReadOrRefused, (const std::string& text)) {
  const auto parsed = parse_suppressions(text, "s");
  RC_ASSERT((parsed || parsed.error().code == ExitCode::bad_input));
}

}  // namespace
}  // namespace mapquake
