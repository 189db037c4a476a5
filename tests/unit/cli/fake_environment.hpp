// The command line without maps, processes or a terminal.
#pragma once

#include "harness/cli/commands.hpp"
#include "tests/unit/campaign/fake_executor.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sstream>

namespace mapquake::testing {

/// Claims are met by maps that allow concurrent use of all operations.
class FakeScenario final : public Scenario {
 public:
  FakeScenario(std::string name, OpMask needs) : name_(std::move(name)), needs_(needs) {}
  std::string_view name() const override { return name_; }
  std::string_view about() const override { return "several threads do several things to see what becomes of it"; }
  bool applies(OpMask operations) const override { return (operations & needs_) == needs_; }
  bool claimed(const Claims& claims, OpMask) const override {
    return claims.concurrent_use == ConcurrentUse::all_operations;
  }
  Program generate(std::uint64_t, int, const Claims&, OpMask, const ScenarioOptions&) const override { return {}; }

 private:
  std::string name_;
  OpMask needs_;
};

class CliTest : public ::testing::Test {
 protected:
  CliTest()
      : store(std::filesystem::temp_directory_path() /
              ("mapquake-cli-" + std::to_string(::getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::create_directories(store);
    maps = {fake_map("rwlock_map"), fake_map("sharded_map"), fake_map("std_unordered_map")};
    maps[2].claims.concurrent_use = ConcurrentUse::none;
  }
  ~CliTest() override { std::filesystem::remove_all(store); }

  struct Answer {
    int code = 0;
    std::string out, err;
  };

  /// `words` without "mapquake".
  Answer call(std::vector<std::string> words) {
    std::ostringstream out, err;
    cli::Environment environment{
        .out = out,
        .err = err,
        .live = live,
        .colour = false,
        .columns = 100,
        .executable = "/opt/bin/mapquake",
        .scenarios = scenarios,
        .incidents = incidents,
        .bundled_maps = [this](std::vector<Error>&) { return maps; },
        .read_plugin = [](const std::filesystem::path& file) -> Result<std::vector<MapInfo>> {
          if (file.filename() != "mine.so") {
            return Error{ExitCode::bad_input, file.string() + ": not a plugin", "Build one."};
          }
          MapInfo map = fake_map("mine");
          map.bundled = false;
          map.plugin = file;
          return std::vector<MapInfo>{map};
        },
        .build_plugin = [](const compile::Request& request) -> Result<compile::Built> {
          if (request.sources.front().filename() != "mine.cpp") {
            return Error{ExitCode::bad_input, request.sources.front().string() + ": does not compile", "See above."};
          }
          return compile::Built{"/cache/mine.so", true};
        },
        .make_executor =
            [this](const MapInfo&, const Limits&) {
              return Result<std::unique_ptr<Executor>>(std::make_unique<FakeExecutor>(behaviour));
            },
        .make_symbolizer = [](const MapInfo&) { return SiteFunction(fake_site); },
        .shrink_case = fake_shrink,
        .signal = &signal};
    std::vector<const char*> argv{"mapquake"};
    for (const std::string& word : words) argv.push_back(word.c_str());
    const int code = cli::run_command_line(static_cast<int>(argv.size()), argv.data(), environment);
    return {code, out.str(), err.str()};
  }

  /// The one replay file in the store.
  std::string only_file() const {
    std::string found;
    for (const auto& entry : std::filesystem::directory_iterator(store)) {
      if (entry.path().extension() == ".toml") found = entry.path().string();
    }
    return found;
  }
  std::string stored_failure() {
    behaviour.failing_programs = {5};
    call({"run", "--map", "rwlock_map", "--scenario", "mixed", "--executions", "1000", "--store", store.string()});
    return only_file();
  }

  std::filesystem::path store;
  std::vector<MapInfo> maps;
  FakeBehaviour behaviour{};
  std::atomic<int> signal{0};
  bool live = false;
  std::filesystem::path incidents;  ///< the directory of the incident files
  FakeScenario mixed{"mixed", op_bit(OpKind::insert)};
  FakeScenario iterating{"iterate-while-writing", op_bit(OpKind::find)};
  FakeScenario copying{"copying", op_bit(OpKind::copy)};
  std::array<const Scenario*, 3> scenarios{&mixed, &iterating, &copying};
};

}  // namespace mapquake::testing
