// Campaigns that last, killed at any moment, on disks that are full, two at a time.
#include "harness/store/replay_file.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/running.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>
#include <regex>
#include <set>
#include <string>
#include <thread>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing_support::eventually;
using testing_support::is_alive;
using testing_support::run_mapquake;
using testing_support::RunningMapquake;
using testing_support::TemporaryDirectory;

std::vector<std::string> fuzz(const fs::path& store, std::vector<std::string> more) {
  std::vector<std::string> words{
      "fuzz",       "--plugin",         testing_support::test_plugin("hostile_ends").string(),
      "--scenario", "mixed-operations", "--store",
      store,        "--jobs",           "2"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// Files that were told as saved, or as replayed.
std::set<std::string> acknowledged(const std::string& out) {
  std::set<std::string> paths;
  const std::regex told("^[✗? ].* × .*: .*   (/.*\\.toml)$", std::regex::ECMAScript | std::regex::multiline);
  for (std::sregex_iterator at(out.begin(), out.end(), told), end; at != end; ++at) paths.insert((*at)[1]);
  return paths;
}

json last_line(const std::string& out) {
  return json::parse(out);
}

/// `make reliability` asks for more than there is time for in every test.
unsigned kills_asked() {
  const char* const text = std::getenv("MAPQUAKE_KILLS");
  return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : 20;
}

TEST(Nightly, NothingThatWasToldIsLostByKillsOfParentsAndWorkers) {
  // On a slow machine more of them come too early to test anything.
  const unsigned kills_min = kills_asked(), kills_max = 3 * kills_min;
  constexpr std::size_t told_min = 4;
  unsigned kills = 0, workers_killed = 0;
  const TemporaryDirectory directory;
  const fs::path store = directory.path() / "store";
  std::mt19937 random(20);
  std::set<std::string> told;
  for (; kills < kills_min || (told.size() < told_min && kills < kills_max); ++kills) {
    RunningMapquake running(fuzz(store, {"--time", "300s"}), directory.path());
    // Some kills come early, some when there is something to lose, however slow the machine is.
    const bool late = kills % 3 == 0;
    if (late) {
      EXPECT_TRUE(eventually([&] {
        auto now = acknowledged(running.out());
        const bool any = !now.empty();
        if (told.size() < told_min) now.merge(std::set(told));
        return told.size() < told_min ? now.size() > told.size() : any;
      }));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % (late ? 500 : 2000)));
    // Every other time a worker goes first, and the campaign goes on for a moment.
    if (random() % 2 == 0) {
      const auto victims = running.workers();
      if (!victims.empty() && ::kill(victims[random() % victims.size()], SIGKILL) == 0) {
        ++kills, ++workers_killed;
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % 300));
      }
    }
    const auto templates = running.templates(), workers = running.workers();
    running.signal(SIGKILL);
    EXPECT_EQ(running.wait(), 128 + SIGKILL) << running.out() << running.err();
    EXPECT_EQ(running.err(), "");
    told.merge(acknowledged(running.out()));
    for (const std::string& path : told) {
      const auto file = load_replay(path, false);
      EXPECT_TRUE(file) << path << (file ? "" : file.error().what);
    }
    for (const int pid : templates) EXPECT_TRUE(eventually([&] { return !is_alive(pid); }));
    for (const int pid : workers) EXPECT_TRUE(eventually([&] { return !is_alive(pid); }));
  }
  EXPECT_GE(told.size(), told_min) << "kills that come too early test nothing";
  EXPECT_GT(workers_killed, 0u);
  const auto again = run_mapquake(fuzz(store, {"--executions", "100", "--json"}));
  EXPECT_EQ(again.exit_code, 1) << again.err;
  EXPECT_EQ(again.err, "") << "no repair";
  std::set<std::string> known;
  const json line = last_line(again.out);
  for (const json& failure : line.at("known")) {
    known.insert(failure.at("replay"));
    EXPECT_EQ(failure.at("state"), "still failing") << failure;
  }
  for (const std::string& path : told) EXPECT_TRUE(known.contains(path)) << path;
  const json status = json::parse(run_mapquake({"status", store, "--json"}).out);
  // A run that was killed before its first write is none.
  EXPECT_LE(status.at("runs"), kills + 1);
  EXPECT_EQ(status.at("runs_without_end").get<unsigned>() + 1, status.at("runs").get<unsigned>());
}

TEST(Nightly, TwoCampaignsShareAStore) {
  const TemporaryDirectory directory;
  const fs::path store = directory.path() / "store";
  fs::create_directory(directory.path() / "a");
  fs::create_directory(directory.path() / "b");
  {
    RunningMapquake a(fuzz(store, {"--time", "4s"}), directory.path() / "a");
    RunningMapquake b(fuzz(store, {"--time", "4s"}), directory.path() / "b");
    EXPECT_EQ(a.wait(), 1) << a.out() << a.err();
    EXPECT_EQ(b.wait(), 1) << b.out() << b.err();
  }
  std::set<std::string> signatures;
  unsigned files = 0;
  for (const auto& entry : fs::directory_iterator(store)) {
    if (entry.path().extension() != ".toml") continue;
    ++files;
    const auto file = load_replay(entry.path(), false);
    ASSERT_TRUE(file) << file.error().what;
    signatures.insert(file->map + file->signature);
  }
  EXPECT_GE(files, 5u);
  EXPECT_EQ(signatures.size(), files);
  const json status = json::parse(run_mapquake({"status", store, "--json"}).out);
  EXPECT_EQ(status.at("runs"), 2);
  EXPECT_EQ(status.at("runs_without_end"), 0);
}

TEST(Nightly, ASignalLeavesTheRecordWhole) {
  for (const int number : {SIGINT, SIGTERM}) {
    const TemporaryDirectory directory;
    const fs::path store = directory.path() / "store";
    RunningMapquake running(
        fuzz(store, {"--map", "unusual_limits", "--plugin", testing_support::test_plugin("hostile_process").string()}),
        directory.path());
    ASSERT_TRUE(eventually([&] { return !running.workers().empty(); }));
    running.signal(number);
    EXPECT_EQ(running.wait(), 128 + number) << running.out() << running.err();
    const json status = json::parse(run_mapquake({"status", store, "--json"}).out);
    EXPECT_EQ(status.at("runs"), 1);
    EXPECT_EQ(status.at("runs_without_end"), 0);
  }
}

TEST(Nightly, AStoreThatRunFilledGoesOn) {
  const TemporaryDirectory directory;
  const fs::path store = directory.path() / "store";
  const auto before =
      run_mapquake({"run", "--plugin", testing_support::test_plugin("hostile_ends").string(), "--scenario",
                    "mixed-operations", "--executions", "100", "--json", "--store", store});
  ASSERT_EQ(before.exit_code, 1) << before.err;
  const auto after = run_mapquake(fuzz(store, {"--executions", "100", "--json"}));
  EXPECT_EQ(after.exit_code, 1) << after.err;
  EXPECT_EQ(after.err, "");
  const json known = last_line(after.out).at("known");
  EXPECT_EQ(known.size(), last_line(before.out).at("failures").size());
  for (const json& failure : known) EXPECT_EQ(failure.at("state"), "still failing") << failure;
}

TEST(Nightly, AStoreThatRefusesFromTheStartRunsNothing) {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "file") << "in the way";
  for (const fs::path& store : {fs::path("/proc/mapquake"), directory.path() / "file/below"}) {
    const auto result = run_mapquake(fuzz(store, {"--time", "10s"}));
    EXPECT_EQ(result.exit_code, 74) << result.out << result.err;
    EXPECT_THAT(result.err, HasSubstr(store.string()));
    EXPECT_EQ(result.out, "");
  }
}

/// What must be seen of a campaign whose store refused findings.
void expect_told(const RunningMapquake& running, int exit_code, const fs::path& store) {
  EXPECT_EQ(exit_code, 74) << running.out() << running.err();
  EXPECT_THAT(running.err(), HasSubstr(store.string()));
  EXPECT_THAT(running.err(), HasSubstr("mapquake = 1\n")) << "the replay file itself";
  EXPECT_THAT(running.err(), HasSubstr("checksum = "));
}

TEST(Nightly, AStoreThatFailsLaterLosesNothing) {
  const TemporaryDirectory directory;
  const fs::path store = directory.path() / "store";
  RunningMapquake running(
      {"fuzz", "--plugin", testing_support::test_plugin("hostile_waits").string(), "--map", "hostile_loop",
       "--scenario", "mixed-operations", "--threads", "1", "--ops", "1", "--executions", "100", "--store", store},
      directory.path());
  ASSERT_TRUE(eventually([&] { return !running.workers().empty(); }));
  // The failure takes seconds to confirm; by then its directory is a file.
  fs::remove_all(store);
  std::ofstream(store) << "in the way";
  const int exit_code = running.wait();
  expect_told(running, exit_code, store);
}

TEST(Nightly, AFullDiskLosesNothing) {
  const TemporaryDirectory directory;
  const fs::path disk = directory.path() / "disk";
  fs::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=32k") != 0) GTEST_SKIP() << "only root may mount a small disk";
  {
    RunningMapquake running(fuzz(disk, {"--time", "8s"}), directory.path());
    const int exit_code = running.wait();
    expect_told(running, exit_code, disk);
    EXPECT_EQ(::mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=4m"), 0);
    const auto again = run_mapquake(fuzz(disk, {"--executions", "100", "--json"}));
    EXPECT_EQ(again.exit_code, 1) << again.err;
    for (const json& failure : last_line(again.out).at("known")) EXPECT_EQ(failure.at("state"), "still failing");
  }
  ::umount2(disk.c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace mapquake
