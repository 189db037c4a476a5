// No defect hides the next: a deep one is found behind shallow ones nearly as soon as alone.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace mapquake {
namespace {

using nlohmann::json;

struct Searched {
  std::optional<std::uint64_t> deep_after;  ///< executions to the deep defect
  json summary;
};

Searched search(const std::string& map) {
  const testing_support::TemporaryDirectory store;
  const auto plugin = testing_support::build_directory() / "tests/plugins/behind_map.so";
  const auto ran = testing_support::run_mapquake({"run", "--plugin", plugin, "--map", map, "--scenario",
                                                  "mixed-operations", "--only", "schedules", "--executions", "3000",
                                                  "--jobs", "1", "--store", store.path(), "--json"});
  EXPECT_EQ(ran.exit_code, 1) << ran.out << ran.err;
  Searched searched{.deep_after = {}, .summary = json::parse(ran.out)};
  for (const json& failure : searched.summary.at("failures")) {
    if (failure.at("outcome") != "not linearizable") continue;
    const auto after = failure.at("executions_to_failure").get<std::uint64_t>();
    searched.deep_after = std::min(searched.deep_after.value_or(after), after);
  }
  return searched;
}

class PastTheFirst : public testing::TestWithParam<std::string> {};

TEST_P(PastTheFirst, TheDeepDefectIsFoundNearlyAsSoonAsAlone) {
  const Searched alone = search("deep");
  const Searched behind = search("deep_behind_" + GetParam());
  ASSERT_TRUE(alone.deep_after);
  ASSERT_TRUE(behind.deep_after) << behind.summary.dump(2);
  EXPECT_LE(*behind.deep_after, 2 * *alone.deep_after);
  const json& defects = behind.summary.at("defects");
  const auto shallow = std::ranges::find_if(defects, [](const json& defect) {
    return !defect.at("headline").get<std::string>().starts_with("not linearizable");
  });
  ASSERT_NE(shallow, defects.end());
  EXPECT_GT(shallow->at("executions"), 100) << "met again and again, and counted";
  EXPECT_GE(behind.summary.at("executions"), 3000);
}

INSTANTIATE_TEST_SUITE_P(Behind, PastTheFirst, testing::Values("leak", "crash", "loop"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mapquake
