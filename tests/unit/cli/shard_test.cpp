#include "harness/cli/shard.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace mapquake::cli {
namespace {

using Set = std::map<std::string, std::string>;

Result<Shard> shard(std::string_view text, const Set& set) {
  return shard_from(text, [&](const char* name) {
    const auto at = set.find(name);
    return at == set.end() ? nullptr : at->second.c_str();
  });
}

std::string told(std::string_view text, const Set& set) {
  const auto found = shard(text, set);
  return found ? std::to_string(found->number) + "/" + std::to_string(found->of) : found.error().what;
}

TEST(Shard, IsWhatTheUserSays) {
  EXPECT_EQ(told("2/8", {{"CI_NODE_INDEX", "1"}, {"CI_NODE_TOTAL", "3"}}), "2/8");
  EXPECT_NE(told("0/8", {}).find("1 <= i <= n"), std::string::npos);
  EXPECT_NE(told("9/8", {}).find("1 <= i <= n"), std::string::npos);
  EXPECT_NE(told("2", {}).find("\"2\""), std::string::npos);
  EXPECT_EQ(shard("2/", {}).error().code, ExitCode::usage);
}

TEST(Shard, IsWhatRunsTheProcessSays) {
  EXPECT_EQ(told("auto", {{"TEST_SHARD_INDEX", "0"}, {"TEST_TOTAL_SHARDS", "4"}}), "1/4");
  EXPECT_EQ(told("auto", {{"GTEST_SHARD_INDEX", "3"}, {"GTEST_TOTAL_SHARDS", "4"}}), "4/4");
  EXPECT_EQ(told("auto", {{"CI_NODE_INDEX", "3"}, {"CI_NODE_TOTAL", "4"}}), "3/4");
  EXPECT_EQ(told("auto/64", {{"JOB_COMPLETION_INDEX", "63"}}), "64/64");
  EXPECT_EQ(told("auto/4", {{"CI_NODE_INDEX", "3"}, {"CI_NODE_TOTAL", "4"}}), "3/4");
  const Set slurm{{"SLURM_ARRAY_TASK_ID", "14"},
                  {"SLURM_ARRAY_TASK_MIN", "10"},
                  {"SLURM_ARRAY_TASK_STEP", "2"},
                  {"SLURM_ARRAY_TASK_COUNT", "5"}};
  EXPECT_EQ(told("auto", slurm), "3/5");
}

TEST(Shard, TheInnermostCounts) {
  EXPECT_EQ(
      told("auto",
           {{"TEST_SHARD_INDEX", "1"}, {"TEST_TOTAL_SHARDS", "2"}, {"CI_NODE_INDEX", "7"}, {"CI_NODE_TOTAL", "9"}}),
      "2/2");
}

TEST(Shard, SaysWhatIsMissing) {
  EXPECT_NE(told("auto", {}).find("$JOB_COMPLETION_INDEX"), std::string::npos);
  EXPECT_NE(told("auto", {{"JOB_COMPLETION_INDEX", "1"}}).find("auto/8"), std::string::npos);
  EXPECT_NE(told("auto", {{"CI_NODE_INDEX", "1"}}).find("$CI_NODE_TOTAL is not set"), std::string::npos);
  EXPECT_NE(told("auto", {{"CI_NODE_INDEX", "x"}}).find("no number"), std::string::npos);
  EXPECT_NE(told("auto/3", {{"CI_NODE_INDEX", "1"}, {"CI_NODE_TOTAL", "4"}}).find("says 4"), std::string::npos);
  EXPECT_NE(told("auto/0", {{"JOB_COMPLETION_INDEX", "0"}}).find("auto/n"), std::string::npos);
}

TEST(Shard, RefusesAnIndexOutOfRange) {
  EXPECT_NE(told("auto", {{"CI_NODE_INDEX", "0"}, {"CI_NODE_TOTAL", "4"}}).find("none of 4"), std::string::npos);
  EXPECT_NE(told("auto", {{"CI_NODE_INDEX", "5"}, {"CI_NODE_TOTAL", "4"}}).find("none of 4"), std::string::npos);
  EXPECT_NE(told("auto/4", {{"JOB_COMPLETION_INDEX", "4"}}).find("none of 4"), std::string::npos);
}

}  // namespace
}  // namespace mapquake::cli
