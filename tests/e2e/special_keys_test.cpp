// Keys that maps often reserve: used where the map keeps them, left out and told of where it does not.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace mapquake {
namespace {

testing_support::ProcessResult searched(const std::string& map, bool json, const char* executions = "20000") {
  const testing_support::TemporaryDirectory store;
  const auto plugin = testing_support::build_directory() / "tests/plugins/special_keys.so";
  std::vector<std::string> command{"run",      "--plugin", plugin, "--map",      map,       "--executions",
                                   executions, "--jobs",   "1",    "--expected", "--store", store.path()};
  if (json) command.emplace_back("--json");
  return testing_support::run_mapquake(command);
}

class SpecialKeysOf : public testing::TestWithParam<const char*> {};

TEST_P(SpecialKeysOf, AreUsedWhereTheMapKeepsThem) {
  const auto ran = searched(GetParam(), false);
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_EQ(ran.out.find("does not keep"), std::string::npos) << ran.out;
}

INSTANTIATE_TEST_SUITE_P(Maps, SpecialKeysOf,
                         testing::Values("special_signed_shards", "right_signed_shards", "right_ids",
                                         "special_magnitude", "right_magnitude", "right_unsigned_order"),
                         [](const auto& info) { return std::string(info.param); });

TEST(SpecialKeys, ThatAreTakenForOthersAreAFailure) {
  const auto ran = searched("special_narrow_ids", false);
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
}

TEST(SpecialKeys, ThatStandAtAWrongPlaceOfTheOrderAreNotReserved) {
  const auto ran = searched("special_unsigned_order", false);
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_EQ(ran.out.find("does not keep"), std::string::npos) << ran.out;
}

TEST(SpecialKeys, AreNotBlamedForWhatFailsWithEveryKey) {
  const auto ran = searched("special_eager_erase", false, "2000");
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_EQ(ran.out.find("does not keep"), std::string::npos) << ran.out;
}

TEST(SpecialKeys, ThatAreReservedAreLeftOutAndToldOf) {
  const auto text = searched("special_reserving_table", false, "2000");
  EXPECT_EQ(text.exit_code, 0) << text.out << text.err;
  EXPECT_NE(text.out.find("special_reserving_table does not keep the keys 0, -1 "), std::string::npos) << text.out;
  const auto ran = searched("special_reserving_table", true, "2000");
  const auto document = nlohmann::json::parse(ran.out);
  EXPECT_EQ(document["refused_keys"]["special_reserving_table"], (std::vector<std::int64_t>{0, -1})) << ran.out;
}

}  // namespace
}  // namespace mapquake
