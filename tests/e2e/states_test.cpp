// What the map held on the way, in reports of failures that are kept.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/text_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace mapquake {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using testing_support::run_mapquake;
using testing_support::source_directory;

std::string kept(const std::string& name) {
  return (source_directory() / "adapters/cases" / (name + ".toml")).string();
}

std::string explained(const std::string& name) {
  const auto explain = run_mapquake({"explain", kept(name)});
  EXPECT_EQ(explain.exit_code, 0) << explain.err;
  return explain.out;
}

nlohmann::json as_json(const std::string& name) {
  const auto explain = run_mapquake({"explain", kept(name), "--format", "json"});
  EXPECT_EQ(explain.exit_code, 0) << explain.err;
  return nlohmann::json::parse(explain.out);
}

TEST(StatesOfCases, ShowAnEntryBeforeItIsCounted) {
  EXPECT_THAT(explained("buggy_size_counter"), HasSubstr("\n     now: {1: 10}, size() says 0\n"));
}

TEST(StatesOfCases, ShowWhatAFailedCallHasLost) {
  EXPECT_THAT(explained("buggy_half_moved_table"), HasSubstr("\n     now: {2: 20}, size() says 2\n"));
}

TEST(StatesOfCases, NameWhoHoldsTheLockAndWhereItWasTaken) {
  std::string reasons;
  const nlohmann::json report = as_json("buggy_lock_order");
  for (const auto& step : report["steps"]) {
    if (step.contains("state") && step["state"].contains("why")) reasons += step["state"]["why"].get<std::string>();
  }
  EXPECT_THAT(reasons, ContainsRegex("held by [AB], locked at lock_order\\.cpp:[0-9]+"));
}

// Looking breaks there; the failure is told as if nobody had looked, and happens again.
TEST(StatesOfCases, BreakWhoeverLooksAndNothingElse) {
  const std::string text = explained("buggy_list_cycle");
  EXPECT_THAT(text, HasSubstr("\n     now: cannot be looked at: stack overflow while looking\n"));
  EXPECT_THAT(text, HasSubstr("\nWhy: the thread's stack of 8192 KiB was used up\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("at the end:"))) << "the final look-ups were broken off";
  const std::string file = testing_support::text_of(kept("buggy_list_cycle"));
  EXPECT_THAT(file, HasSubstr("signature = \"" + as_json("buggy_list_cycle")["signature"].get<std::string>() + '"'));
  const auto replay = run_mapquake({"replay", kept("buggy_list_cycle"), "--times", "10"});
  EXPECT_THAT(replay.out, HasSubstr("happened again in 10 of 10 runs · 1 distinct trace hash"));
}

}  // namespace
}  // namespace mapquake
