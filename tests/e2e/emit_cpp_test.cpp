// `mapquake replay FILE --emit-cpp`: programs that plain g++ compiles fail on the broken map, and end with 0 on its
// repaired twin.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing_support::ProcessResult;

/// Each thread keeps what it has looked up last, and does not hear of what others write: nothing but a switch between
/// two look-ups of one thread shows it.
const char* const remembering_map = R"(
#include <mapquake/adapter.hpp>

#include <map>
#include <mutex>
#include <optional>

template <bool fixed>
class RememberingMap {
 public:
  static constexpr mapquake::Claims claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                           .iteration = mapquake::Iteration::none,
                                           .size = mapquake::SizeClaim::none};
  bool insert(std::int64_t key, std::int64_t value) {
    const std::lock_guard lock(mutex_);
    return entries_.emplace(key, value).second;
  }
  bool erase(std::int64_t key) {
    const std::lock_guard lock(mutex_);
    return entries_.erase(key) == 1;
  }
  std::optional<std::int64_t> find(std::int64_t key) const {
    if (!fixed && seen_of == this && seen_key == key) return seen;
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(key);
    seen_of = this;
    seen_key = key;
    seen = at == entries_.end() ? std::nullopt : std::optional(at->second);
    return seen;
  }

 private:
  static inline thread_local const void* seen_of = nullptr;
  static inline thread_local std::int64_t seen_key = 0;
  static inline thread_local std::optional<std::int64_t> seen;
  mutable std::mutex mutex_;
  std::map<std::int64_t, std::int64_t> entries_;
};

MAPQUAKE_MAP("remembering_map", RememberingMap<false>);
MAPQUAKE_MAP("remembering_map_fixed", RememberingMap<true>);
)";

class EmitCpp : public testing::Test {
 protected:
  ProcessResult mapquake(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words{testing_support::mapquake_binary()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return run(words);
  }

  ProcessResult emitted(const std::string& file, const std::vector<std::string>& words = {}) const {
    std::vector<std::string> all{"replay", file, "--emit-cpp", "case.cpp"};
    all.insert(all.end(), words.begin(), words.end());
    return mapquake(all);
  }
  static std::string stored(const std::string& name) {
    return (testing_support::source_directory() / "adapters" / "cases" / (name + ".toml")).string();
  }

  /// Compiles what was written, with `name` in the place of the map's, and runs it.
  ProcessResult ran(const std::string& map, const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path("case.cpp")).rdbuf();
    std::string source = text.str();
    const std::string quoted = '"' + map + '"';
    for (std::size_t at = 0; (at = source.find(quoted, at)) != std::string::npos; at += name.size() + 2) {
      source.replace(at, quoted.size(), '"' + name + '"');
    }
    std::ofstream(path("compiled.cpp")) << source;
    const std::string headers = (testing_support::source_directory() / "adapters").string();
    const ProcessResult built =
        run({"g++", "-std=gnu++20", "-Wall", "-Werror", "-pthread", "-I" + headers, "compiled.cpp", "-o", "compiled"});
    EXPECT_EQ(built.exit_code, 0) << built.err;
    return run({path("compiled").string()});
  }
  void expect_fails_and_passes(const std::string& map, const std::string& twin, const std::string& told) const {
    const ProcessResult broken = ran(map, map);
    EXPECT_EQ(broken.exit_code, 1) << broken.out << broken.err;
    EXPECT_THAT(broken.err, HasSubstr(told));
    const ProcessResult repaired = ran(map, twin);
    EXPECT_EQ(repaired.exit_code, 0) << repaired.out << repaired.err;
  }

  fs::path path(const char* name) const { return directory_.path() / name; }

 private:
  ProcessResult run(std::vector<std::string> words) const {
    testing_support::Command command;
    command.argv = std::move(words);
    command.directory = directory_.path();
    command.environment["MAPQUAKE_CACHE"] = (directory_.path() / "cache").string();
    return testing_support::run(command);
  }

  testing_support::TemporaryDirectory directory_;
};

TEST_F(EmitCpp, OneThreadsCalls) {
  ASSERT_EQ(emitted(stored("buggy_compare_exchange")).exit_code, 0);
  expect_fails_and_passes("buggy_compare_exchange", "fixed_wide_vocabulary", "the calls answer as when it failed");
}

TEST_F(EmitCpp, AFailedAllocation) {
  const ProcessResult told = emitted(stored("buggy_erased_before_allocation"));
  ASSERT_EQ(told.exit_code, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("case.cpp fails without mapquake, and ends with 0 once the map is repaired."));
  EXPECT_THAT(told.out, HasSubstr("compile   g++ -std=gnu++20 -pthread -I"));
  expect_fails_and_passes("buggy_erased_before_allocation", "fixed_erased_before_allocation", "A: assign(1, 11)");
}

TEST_F(EmitCpp, AnExceptionOfTheUsersCode) {
  ASSERT_EQ(emitted(stored("buggy_throwing_callback")).exit_code, 0);
  expect_fails_and_passes("buggy_throwing_callback", "fixed_throwing_callback", "A: update(");
}

TEST_F(EmitCpp, ASwitchBetweenCallsOfOneThread) {
  std::ofstream(path("remembering.cpp")) << remembering_map;
  const ProcessResult found =
      mapquake({"run", "remembering.cpp", "--map", "remembering_map", "--thread", "find 1; find 1", "--thread",
                "insert 1 10", "--only", "schedules", "--executions", "5000", "--json", "--store", "out"});
  ASSERT_FALSE(found.out.empty()) << found.err;
  const auto failures = nlohmann::json::parse(found.out)["failures"];
  ASSERT_EQ(failures.size(), 1u) << found.out;
  ASSERT_EQ(failures[0]["threads"], 2);
  const ProcessResult told = emitted(failures[0]["replay"].get<std::string>());
  ASSERT_EQ(told.exit_code, 0) << told.err;
  expect_fails_and_passes("remembering_map", "remembering_map_fixed", "B: insert(1, 10) -> true");
}

TEST_F(EmitCpp, WhatCannotBeForcedIsRefusedWithThePlace) {
  const auto refused = [&](const char* name) {
    const ProcessResult told = emitted(stored(name));
    EXPECT_EQ(told.exit_code, 65) << name;
    EXPECT_FALSE(fs::exists(path("case.cpp"))) << name;
    return told.err;
  };
  EXPECT_THAT(
      refused("buggy_size_counter"),
      HasSubstr("another thread goes on inside A's insert(1, 10), at store size_counter.cpp:26: the map's own code"));
  EXPECT_THAT(refused("buggy_short_stamp"), HasSubstr("it takes a pause in A.1, which only mapquake can cause"));
  EXPECT_THAT(refused("buggy_leaked_node"), HasSubstr("no answer of a call shows this failure"));
  EXPECT_THAT(refused("bank_transfer"), HasSubstr("bank_transfer is a program"));
}

}  // namespace
}  // namespace mapquake
