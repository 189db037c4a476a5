// `mapquake prove`: fails where a defect is, proves the twin without it, and calls nothing clean that it has not run.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace mapquake {
namespace {

using nlohmann::json;

struct Proved {
  int exit_code = 0;
  json rows;
};

Proved prove(std::vector<std::string> arguments) {
  const testing_support::TemporaryDirectory store;
  arguments.insert(arguments.begin(), "prove");
  arguments.insert(arguments.end(), {"--json", "--store", store.path(), "--time", "120s"});
  const auto ran = testing_support::run_mapquake(arguments);
  EXPECT_NE(ran.out, "") << ran.err;
  if (ran.out.empty()) return {ran.exit_code, {}};
  return {ran.exit_code, json::parse(ran.out).at("rows")};
}

class Defect : public testing::TestWithParam<std::string> {};

TEST_P(Defect, IsFoundInItsProgram) {
  const auto file = testing_support::source_directory() / "adapters/cases" / (GetParam() + ".toml");
  const Proved proved = prove({file});
  EXPECT_EQ(proved.exit_code, 1);
  ASSERT_EQ(proved.rows.size(), 1u);
  EXPECT_EQ(proved.rows[0].at("verdict"), "failing");
}

INSTANTIATE_TEST_SUITE_P(Prove, Defect,
                         testing::Values("bpf_style_map_broken", "buggy_duplicate_insert", "buggy_lock_order",
                                         "buggy_lost_insert_on_rehash", "buggy_lru_returns_evicted",
                                         "buggy_null_bucket", "buggy_racy_size_counter",
                                         "buggy_seqlock_without_recheck"),
                         [](const auto& tested) { return tested.param; });

TEST(Prove, AMapWithoutADefectIsProvenPairByPair) {
  const Proved proved = prove({"--map", "rwlock_map", "--preemptions", "1"});
  EXPECT_EQ(proved.exit_code, 0);
  EXPECT_GT(proved.rows.size(), 40u);
  for (const json& row : proved.rows) {
    EXPECT_EQ(row.at("verdict"), "proven clean") << row;
    EXPECT_EQ(row.at("programs"), row.at("programs_run")) << row;
    EXPECT_GE(row.at("executions"), row.at("programs")) << row;
  }
}

TEST(Prove, WhatALimitEndsIsUndecided) {
  const Proved proved = prove({"--map", "rwlock_map", "--executions", "1"});
  EXPECT_EQ(proved.exit_code, 2);
  for (const json& row : proved.rows) EXPECT_EQ(row.at("verdict"), "undecided") << row;
}

TEST(Prove, TimeIsNotCovered) {
  const Proved proved = prove({"--map", "fixed_timed_flush", "--preemptions", "0"});
  EXPECT_EQ(proved.exit_code, 2);
}

TEST(Prove, FaultsThatItCannotGoThroughAreRefused) {
  const auto ran = testing_support::run_mapquake({"prove", "--map", "rwlock_map", "--faults", "delay"});
  EXPECT_EQ(ran.exit_code, 64);
  EXPECT_NE(ran.err.find("no others"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace mapquake
