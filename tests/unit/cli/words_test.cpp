#include "harness/cli/describe.hpp"
#include "harness/cli/duration.hpp"
#include "harness/cli/suggest.hpp"
#include "harness/strategy/portfolio.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string_view>

namespace mapquake::cli {
namespace {

TEST(Duration, ReadsWhatPeopleWrite) {
  EXPECT_EQ(parse_duration("10s"), 10.0);
  EXPECT_EQ(parse_duration("250ms"), 0.25);
  EXPECT_EQ(parse_duration("5m"), 300.0);
  EXPECT_EQ(parse_duration("1h30m"), 5400.0);
  EXPECT_EQ(parse_duration("1.5s"), 1.5);
  EXPECT_EQ(parse_duration("7"), 7.0);
}

TEST(Duration, RefusesTheRest) {
  for (const char* text : {"", "s", "10x", "-5s", "0", "0s", "10s5", "1e9", "nan", "inf", "10 s", "99999h", "1h2"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, IsPrintedShort) {
  EXPECT_EQ(duration_text(0.42), "0.4 s");
  EXPECT_EQ(duration_text(51.9), "51 s");
  EXPECT_EQ(duration_text(200), "3 min 20 s");
  EXPECT_EQ(duration_text(7500), "2 h 5 min");
}

TEST(Suggest, CountsEdits) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("map", "amp"), 1u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
}

RC_GTEST_PROP(Suggest, DistanceIsSymmetricAndZeroOnlyForEqual, (const std::string& a, const std::string& b)) {
  RC_ASSERT(edit_distance(a, b) == edit_distance(b, a));
  RC_ASSERT((edit_distance(a, b) == 0) == (a == b));
}

TEST(Suggest, OffersTheClosestFirst) {
  const std::vector<std::string> names{"rwlock_map", "cow_map", "cow_map_broken", "tbb_concurrent_hash_map"};
  EXPECT_EQ(suggestions("cow_mpa", names), (std::vector<std::string>{"cow_map"}));
  EXPECT_EQ(did_you_mean("rwlock_mab", names), "Did you mean \"rwlock_map\"?");
  EXPECT_EQ(did_you_mean("tbb", names), "Did you mean \"tbb_concurrent_hash_map\"?");
  EXPECT_EQ(did_you_mean("zzzzzzzzz", names), "");
}

TEST(Help, TellsOfEveryStrategyThatCanBeChosen) {
  std::set<std::string_view> told;
  for (const StrategyInfo& strategy : strategies()) told.insert(strategy.name);
  EXPECT_EQ(told, std::set<std::string_view>(portfolio_names().begin(), portfolio_names().end()));
}

}  // namespace
}  // namespace mapquake::cli
