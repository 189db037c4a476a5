#include "reports/first_wrong.hpp"

#include "reports/states.hpp"
#include "tests/unit/reports/story.hpp"

#include <gtest/gtest.h>

namespace mapquake::reports {
namespace {

using Entries = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// One thread inserts 3 into a map of 1 and 2, and then erases 1; what is seen at the beginning and behind each.
struct OneThread {
  OneThread() {
    story.prefill(1, 10).prefill(2, 20);
    story.call(1, {OpKind::insert, 3, 30}).answers(1, true).call(1, {OpKind::erase, 1, 0}).answers(1, true);
    story.fails(Outcome::not_linearizable, "lost key", "2 is lost.");
  }
  std::optional<FirstWrong> wrong(const Entries& before, const Entries& inserted, const Entries& erased) {
    const std::vector<std::uint64_t> moments = moments_to_look_at(story.execution, testing::Story::site);
    for (std::size_t i = 0; i < moments.size(); ++i) {
      const Entries& entries = i == 0 ? before : i == 1 ? inserted : erased;
      story.execution.states.push_back({.at = moments[i], .sight = Sight::seen, .entries = entries});
    }
    if (not_found) story.execution.states.back().not_found = {*not_found};
    return first_wrong(steps_of(story.execution, testing::Story::site), story.execution, story.file.program,
                       story.map.claims);
  }
  testing::Story story;
  std::optional<std::int64_t> not_found;
};

const Entries filled{{1, 10}, {2, 20}}, inserted{{1, 10}, {2, 20}, {3, 30}}, erased{{2, 20}, {3, 30}};

TEST(FirstWrong, IsTheCallBehindWhichAnEntryIsMissing) {
  const auto wrong = OneThread().wrong(filled, {{1, 10}, {3, 30}}, {{3, 30}});
  ASSERT_TRUE(wrong && wrong->step);
  EXPECT_EQ(*wrong->step, 0u);
  EXPECT_EQ(wrong->text, "from here on 2 is missing");
}

TEST(FirstWrong, IsNoneOfAMapThatHoldsWhatItShould) {
  EXPECT_FALSE(OneThread().wrong(filled, inserted, erased));
}

TEST(FirstWrong, IsTheFillingWhereThatAloneBreaksTheMap) {
  const auto wrong = OneThread().wrong({{1, 11}}, {}, {});
  ASSERT_TRUE(wrong);
  EXPECT_FALSE(wrong->step);
  EXPECT_EQ(wrong->text, "1 is 11 instead of 10, 2 is missing");
}

TEST(FirstWrong, TellsWhatIsTwiceOrShouldNotBe) {
  const auto wrong = OneThread().wrong(filled, inserted, {{1, 10}, {2, 20}, {2, 20}, {3, 30}});
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->text, "from here on 1 is there and should not be, 2 is there twice");
}

TEST(FirstWrong, IsWhereALookUpMissesWhatATraversalVisits) {
  OneThread told;
  told.not_found = 3;
  const auto wrong = told.wrong(filled, inserted, erased);
  ASSERT_TRUE(wrong && wrong->step);
  EXPECT_EQ(*wrong->step, 1u);
  EXPECT_EQ(wrong->text, "from here on a look-up does not find 3");
}

TEST(FirstWrong, IsTheAnswerThatContradictsAMapThatIsRight) {
  OneThread told;
  told.story.execution.violation.calls = {0};
  const auto wrong = told.wrong(filled, inserted, erased);
  ASSERT_TRUE(wrong && wrong->step);
  EXPECT_EQ(*wrong->step, 0u);
  EXPECT_EQ(wrong->text, "the map holds what it should, this answer is wrong");
}

TEST(FirstWrong, IsNotAskedOfWhatMayForgetNorOfSeveralThreads) {
  OneThread cache;
  cache.story.map.claims.retention = Retention::evicts;
  EXPECT_FALSE(cache.wrong(filled, {{1, 10}, {3, 30}}, {{3, 30}}));
  OneThread two;
  two.story.call(2, {OpKind::erase, 2, 0}).answers(2, true);
  EXPECT_FALSE(two.wrong(filled, {{1, 10}, {3, 30}}, {{3, 30}}));
}

TEST(FirstWrong, StandsBelowItsStep) {
  OneThread told;
  told.wrong(filled, {{1, 10}, {3, 30}}, {{3, 30}});
  EXPECT_NE(told.story.text().find("✗ from here on 2 is missing\n"), std::string::npos) << told.story.text();
}

}  // namespace
}  // namespace mapquake::reports
