// What a map prints is hidden by campaigns and shown, once, by a replay.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_support::run_mapquake;
using testing_support::TemporaryDirectory;

std::size_t times(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(MapOutput, IsHiddenByCampaignsAndShownByReplays) {
  const TemporaryDirectory store;
  const auto found = run_mapquake({"run", "--plugin", testing_support::test_plugin("talking_map"), "--scenario",
                                   "mixed-operations", "--time", "5s", "--store", store.path(), "--json"});
  ASSERT_EQ(found.exit_code, 1) << found.out << found.err;
  EXPECT_EQ(found.err, "");
  const auto failure = nlohmann::json::parse(found.out).at("failures").at(0);

  const auto replayed = run_mapquake({"replay", failure.at("replay"), "--times", "3"});
  EXPECT_EQ(replayed.exit_code, 1);
  EXPECT_EQ(times(replayed.err, "insert(1, 10)\n"), 1u) << replayed.err;
  EXPECT_EQ(times(replayed.err, "forgotten\n"), 1u) << replayed.err;
  EXPECT_THAT(replayed.out, Not(HasSubstr("forgotten")));
}

}  // namespace
}  // namespace mapquake
