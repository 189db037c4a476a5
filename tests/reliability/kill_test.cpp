// Processes of a campaign are killed from outside, at any time: it reports and goes on; what it leaves behind is
// nothing.
#include "tests/support/places.hpp"
#include "tests/support/running.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing_support::eventually;
using testing_support::is_alive;
using testing_support::RunningMapquake;
using testing_support::TemporaryDirectory;

std::vector<std::string> campaign(const TemporaryDirectory& directory, const std::string& time) {
  return {"run", "--map",  "rwlock_map", "--scenario", "mixed-operations",        "--jobs",
          "2",   "--time", time,         "--store",    directory.path() / "store"};
}

bool has_workers(const RunningMapquake& running) {
  return eventually([&] { return !running.workers().empty(); });
}

int parent_of(int pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    int parent = 0;
    if (word == "PPid:" && status >> parent) return parent;
  }
  return -1;
}

TEST(Killed, AWorkerOfACampaign) {
  const TemporaryDirectory directory;
  RunningMapquake running(campaign(directory, "3s"), directory.path());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(has_workers(running));
    const int victim = running.workers().front();
    ::kill(victim, SIGKILL);
    ASSERT_TRUE(eventually([&] { return !is_alive(victim); }));
  }
  EXPECT_TRUE(has_workers(running)) << "another one takes over";
  EXPECT_EQ(running.wait(), 0) << running.out() << running.err();
  EXPECT_THAT(running.out(), HasSubstr("clean"));
}

TEST(Killed, ATemplateOfACampaign) {
  const TemporaryDirectory directory;
  RunningMapquake running(campaign(directory, "3s"), directory.path());
  ASSERT_TRUE(has_workers(running));
  // The one that has a worker: another may still be loading, and then its plugin rightly counts as unreadable.
  const int victim = parent_of(running.workers().front());
  ::kill(victim, SIGKILL);
  ASSERT_TRUE(eventually([&] { return !is_alive(victim); }));
  EXPECT_EQ(running.wait(), 0) << running.out() << running.err();
  EXPECT_THAT(running.out(), HasSubstr("clean"));
}

class Interrupted : public testing::TestWithParam<int> {};

TEST_P(Interrupted, InOrderAndWithNothingLeft) {
  const TemporaryDirectory directory;
  RunningMapquake running(campaign(directory, "300s"), directory.path());
  ASSERT_TRUE(has_workers(running));
  const auto templates = running.templates(), workers = running.workers();
  running.signal(GetParam());
  EXPECT_EQ(running.wait(), 128 + GetParam());
  EXPECT_THAT(running.out(), HasSubstr("rwlock_map")) << "the table is printed";
  EXPECT_THAT(running.out(), HasSubstr("executions in"));
  for (const int pid : templates) EXPECT_FALSE(is_alive(pid));
  for (const int pid : workers) EXPECT_TRUE(eventually([&] { return !is_alive(pid); }));
}

INSTANTIATE_TEST_SUITE_P(Signals, Interrupted, testing::Values(SIGINT, SIGTERM),
                         [](const auto& number) { return number.param == SIGINT ? "SIGINT" : "SIGTERM"; });

TEST(Killed, TheParentTakesEverythingWithIt) {
  const TemporaryDirectory directory;
  RunningMapquake running(campaign(directory, "300s"), directory.path());
  ASSERT_TRUE(has_workers(running));
  const auto templates = running.templates(), workers = running.workers();
  running.signal(SIGKILL);
  EXPECT_EQ(running.wait(), 128 + SIGKILL);
  for (const int pid : templates) EXPECT_TRUE(eventually([&] { return !is_alive(pid); }));
  for (const int pid : workers) EXPECT_TRUE(eventually([&] { return !is_alive(pid); }));
}

TEST(Killed, TheParentWhileAPluginLoads) {
  const TemporaryDirectory directory;
  const auto plugin = testing_support::test_plugin("bad_load_loop");
  RunningMapquake running({"list", "--plugin", plugin.string()}, directory.path());
  ASSERT_TRUE(eventually([&] { return !running.templates().empty(); }));
  const int loading = running.templates().front();
  running.signal(SIGKILL);
  running.wait();
  EXPECT_TRUE(eventually([&] { return !is_alive(loading); }));
}

/// One execution takes minutes: it inserts 60,000 keys that all hash alike.
std::vector<std::string> endless_execution(const TemporaryDirectory& directory, const std::string& time) {
  std::vector<std::string> arguments = campaign(directory, time);
  for (const char* const more : {"--prefill", "60000", "--hash", "constant", "--ops", "3", "--threads", "2"}) {
    arguments.emplace_back(more);
  }
  return arguments;
}

TEST(CutOff, AnExecutionWhenTheTimeIsOver) {
  const TemporaryDirectory directory;
  RunningMapquake running(endless_execution(directory, "1s"), directory.path());
  EXPECT_NE(running.wait(), 1) << running.out() << running.err();
}

TEST(CutOff, AnExecutionByASignal) {
  const TemporaryDirectory directory;
  RunningMapquake running(endless_execution(directory, "1h"), directory.path());
  ASSERT_TRUE(has_workers(running));
  running.signal(SIGTERM);
  EXPECT_EQ(running.wait(), 128 + SIGTERM) << running.out() << running.err();
}

}  // namespace
}  // namespace mapquake
