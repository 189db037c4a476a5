// A night in shards, one of which is killed again and again: what they find together is what one machine finds that
// nobody disturbs.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/running.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing_support::run_mapquake;
using testing_support::RunningMapquake;
using testing_support::TemporaryDirectory;

/// `make reliability` asks for 8 and 60; every test does with fewer.
unsigned asked(const char* name, unsigned otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

std::vector<std::string> campaign(const fs::path& store, const std::string& shard, std::vector<std::string> more) {
  std::vector<std::string> words{"fuzz",
                                 "--plugin",
                                 testing_support::test_plugin("hostile_ends").string(),
                                 "--scenario",
                                 "mixed-operations",
                                 "--jobs",
                                 "1",
                                 "--store",
                                 store,
                                 "--shard",
                                 shard};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// Map and headline of each defect. Each map ends the process in two calls, and which of them a store has depends on
/// which one its run met first: the other is the same defect to that run, and has another signature in another store.
std::set<std::pair<std::string, std::string>> defects_of(const fs::path& store) {
  std::set<std::pair<std::string, std::string>> keys;
  const json status = json::parse(run_mapquake({"status", store, "--json"}).out);
  for (const json& defect : status.at("defects")) {
    keys.emplace(defect.at("map"),
                 defect.at("outcome").get<std::string>() + ": " + defect.at("label").get<std::string>());
  }
  return keys;
}

TEST(Shards, OneOfWhichIsKilledEverySecondFindWhatOneMachineFinds) {
  const unsigned shards = asked("MAPQUAKE_SHARDS", 3), kills = asked("MAPQUAKE_SHARD_KILLS", 5);
  const TemporaryDirectory directory;
  const fs::path one = directory.path() / "one", merged = directory.path() / "merged";
  // Enough for each map, on whatever machine.
  const std::vector<std::string> enough{"--executions", "400000"};
  const auto undisturbed = run_mapquake(campaign(one, "1/1", enough), std::chrono::seconds(600));
  ASSERT_EQ(undisturbed.exit_code, 1) << undisturbed.err;

  struct Shard {
    std::string name;
    fs::path store, scratch;
    std::unique_ptr<RunningMapquake> running;
  };
  std::vector<Shard> all;
  for (unsigned i = 1; i <= shards; ++i) {
    Shard& shard = all.emplace_back();
    shard.name = std::to_string(i) + "/" + std::to_string(shards);
    shard.store = directory.path() / ("store-" + std::to_string(i));
    shard.scratch = directory.path() / ("scratch-" + std::to_string(i));
    fs::create_directory(shard.scratch);
  }
  const auto start = [](Shard& shard) {
    shard.running = std::make_unique<RunningMapquake>(campaign(shard.store, shard.name, {}), shard.scratch);
  };
  for (Shard& shard : all) start(shard);
  std::mt19937 random(5);
  for (unsigned kill = 0; kill < kills; ++kill) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    Shard& victim = all[random() % all.size()];
    victim.running->signal(SIGKILL);
    EXPECT_EQ(victim.running->wait(), 128 + SIGKILL) << victim.running->out() << victim.running->err();
    EXPECT_EQ(victim.running->err(), "") << "started again without repair";
    start(victim);
  }
  std::vector<std::string> merge{"merge"};
  for (Shard& shard : all) {
    shard.running->signal(SIGKILL);
    shard.running->wait();
    // What is left of the night is done in peace.
    const auto rest = run_mapquake(campaign(shard.store, shard.name, enough), std::chrono::seconds(600));
    EXPECT_EQ(rest.exit_code, 1) << rest.err;
    merge.push_back(shard.store);
  }
  merge.insert(merge.end(), {"--into", merged});
  ASSERT_EQ(run_mapquake(merge).exit_code, 0);
  EXPECT_GE(defects_of(one).size(), 5u);
  EXPECT_EQ(defects_of(merged), defects_of(one));
  const json status = json::parse(run_mapquake({"status", merged, "--json"}).out);
  EXPECT_LE(status.at("runs"), 2 * shards + kills);
  EXPECT_GE(status.at("runs"), shards) << "a run that is killed before its first write is none";
}

}  // namespace
}  // namespace mapquake
