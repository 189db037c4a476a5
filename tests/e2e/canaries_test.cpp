// A fuzzer that looks at nothing says so; one that looks does not.
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace mapquake {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing_support::ProcessResult;
using testing_support::run_mapquake;
using testing_support::TemporaryDirectory;

ProcessResult night(const TemporaryDirectory& store, std::vector<std::string> more) {
  std::vector<std::string> arguments{"fuzz", "--map",  "rwlock_map", "--scenario", "mixed-operations", "--executions",
                                     "200",  "--jobs", "1",          "--store",    store.path()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_mapquake(arguments);
}

TEST(Canaries, AreFoundByASearchThatLooks) {
  const TemporaryDirectory store;
  const ProcessResult done = night(store, {"--canaries", "6", "--json"});
  EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
  const json line = json::parse(done.out);
  EXPECT_GE(line.at("canaries").size(), 3u);
  for (const json& canary : line.at("canaries")) {
    EXPECT_EQ(canary.at("tries"), 6);
    EXPECT_GE(canary.at("found"), 3) << canary;
  }
  EXPECT_TRUE(line.at("blind").empty());
  const json status = json::parse(run_mapquake({"status", store.path(), "--json"}).out);
  EXPECT_EQ(status.at("canaries").size(), line.at("canaries").size());
  EXPECT_EQ(status.at("defects").size(), 0u) << "what canaries show is nobody's defect";
}

TEST(Canaries, TellOfASearchThatLooksAtNothing) {
  // One thread has one schedule: nothing that threads do to one another can be found.
  const TemporaryDirectory store;
  const ProcessResult done = night(store, {"--canaries", "6", "--threads", "1"});
  EXPECT_EQ(done.exit_code, 3) << done.out << done.err;
  EXPECT_THAT(done.out, HasSubstr("THE SEARCH IS BLIND"));
  EXPECT_THAT(run_mapquake({"status", store.path()}).out, HasSubstr("THE SEARCH IS BLIND"));
}

TEST(Canaries, TellOfDefectsThatAreSuppressed) {
  const TemporaryDirectory store;
  const ProcessResult done = night(store, {"--canaries", "8", "--ops", "1", "--threads", "2", "--keys", "1"});
  const ProcessResult none = night(store, {"--canaries", "0", "--ops", "1", "--threads", "1"});
  EXPECT_EQ(none.exit_code, 0) << "a run that looks for none says nothing of them: " << none.out << none.err;
  EXPECT_THAT(done.out, HasSubstr("canaries found: "));
}

}  // namespace
}  // namespace mapquake
