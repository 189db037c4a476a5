#include "harness/nightly/bisection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace mapquake::nightly {
namespace {

using testing::ElementsAre;

/// A line of commits, 0 to `count` - 1; what comes from `culprit` on fails; `broken` cannot be tested.
struct History {
  int culprit = 1;
  std::set<int> broken;
  std::vector<std::string> asked = {};

  static Result<std::vector<std::string>> between(const std::string& bad, const std::vector<std::string>& good) {
    int newest = 0;
    for (const std::string& each : good) newest = std::max(newest, std::stoi(each));
    std::vector<int> open;
    for (int at = newest + 1; at <= std::stoi(bad); ++at) open.push_back(at);
    const int middle = (newest + std::stoi(bad)) / 2;
    std::ranges::stable_sort(open, {}, [middle](int at) { return std::abs(at - middle); });
    std::vector<std::string> names;
    for (const int at : open) names.push_back(std::to_string(at));
    return names;
  }
  Result<Tested> test(const std::string& revision) {
    asked.push_back(revision);
    const int at = std::stoi(revision);
    if (broken.contains(at)) return Tested::left_out;
    return at >= culprit ? Tested::fails : Tested::passes;
  }
  Bisection search(int count) {
    const auto found = bisect("0", std::to_string(count - 1), between, [this](const auto& each) { return test(each); });
    EXPECT_TRUE(found);
    return *found;
  }
};

TEST(Bisection, NamesTheCommitInLogarithmicallyManyTests) {
  for (int culprit = 1; culprit < 1000; culprit += 37) {
    History history{culprit, {}};
    const Bisection found = history.search(1000);
    EXPECT_THAT(found.suspects, ElementsAre(std::to_string(culprit)));
    EXPECT_LE(found.tested, 10u);
  }
}

TEST(Bisection, NamesWhatCouldNotBeTestedWhereItMayBeThat) {
  History history{5, {3, 4}};
  const Bisection found = history.search(8);
  EXPECT_THAT(found.suspects, testing::UnorderedElementsAre("5", "3", "4"));
  EXPECT_EQ(found.suspects.front(), "5");
  EXPECT_EQ(found.left_out, 2u);
}

TEST(Bisection, OnlyTheTwoEnds) {
  History history{1, {}};
  EXPECT_THAT(history.search(2).suspects, ElementsAre("1"));
  EXPECT_TRUE(history.asked.empty());
}

TEST(Bisection, EndsWithAnError) {
  const auto found = bisect("0", "9", History::between, [](const std::string&) -> Result<Tested> {
    return Error{ExitCode::interrupted, "ended", ""};
  });
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ExitCode::interrupted);
}

RC_GTEST_PROP(Bisection, TheCulpritIsAlwaysAmongTheSuspectsAndAllOthersOfThemAreUntestable, ()) {
  const int count = *rc::gen::inRange(2, 60);
  History history{*rc::gen::inRange(1, count), *rc::gen::container<std::set<int>>(rc::gen::inRange(1, count))};
  history.broken.erase(count - 1);
  const Bisection found = history.search(count);
  const bool testable = !history.broken.contains(history.culprit);
  const std::string culprit = std::to_string(history.culprit);
  RC_ASSERT(std::ranges::count(found.suspects, culprit) == 1);
  RC_ASSERT(!testable || found.suspects.front() == culprit);
  for (std::size_t i = 1; i < found.suspects.size(); ++i)
    RC_ASSERT(history.broken.contains(std::stoi(found.suspects[i])));
  const std::set<std::string> once(history.asked.begin(), history.asked.end());
  RC_ASSERT(once.size() == history.asked.size());
}

}  // namespace
}  // namespace mapquake::nightly
