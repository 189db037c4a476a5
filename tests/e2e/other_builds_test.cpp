// Stored cases in builds other than the one that wrote them: a few cells of what tools/portability.py measures, and the
// repaired map, on which no replay may say that the failure happened again.
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
using testing::AnyOf;
using testing::HasSubstr;
using testing_support::ProcessResult;

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::string replaced(std::string text, const std::string& old, const std::string& by) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return at == std::string::npos ? text : text.replace(at, old.size(), by);
}

/// Every line moves, and nothing else.
std::string edited(const std::string& text) {
  return "\n\n\n[[maybe_unused]] static int edited_elsewhere(int value) {\n  return value + 1;\n}\n\n" + text;
}

class OtherBuilds : public testing::Test {
 protected:
  static std::string source(const char* name) {
    return text_of(testing_support::source_directory() / "adapters" / name);
  }

  /// Builds `text` as the file NAME.cpp, and replays the stored case with it.
  ProcessResult replayed(const std::string& stored_case, const std::string& text, const std::string& name,
                         const std::string& compiler, const std::string& level,
                         std::vector<std::string> words = {}) const {
    std::ofstream(directory_.path() / (name + ".cpp")) << text;
    const auto built =
        mapquake({"build", name + ".cpp", "--out", name + ".so", "--", level, "-Wl,--as-needed", "-latomic"}, compiler);
    EXPECT_EQ(built.exit_code, 0) << built.err;
    const fs::path file = testing_support::source_directory() / "adapters" / "cases" / (stored_case + ".toml");
    words.insert(words.begin(), {"replay", file.string(), "--plugin", "./" + name + ".so"});
    return mapquake(words, compiler);
  }
  nlohmann::json told(const std::string& stored_case, const std::string& text, const std::string& name,
                      const std::string& compiler, const std::string& level) const {
    const ProcessResult ran = replayed(stored_case, text, name, compiler, level, {"--json"});
    EXPECT_EQ(ran.exit_code, 1) << ran.out << ran.err;
    return ran.out.empty() ? nlohmann::json::object() : nlohmann::json::parse(ran.out);
  }

 private:
  ProcessResult mapquake(std::vector<std::string> arguments, const std::string& compiler) const {
    testing_support::Command command;
    command.argv = {testing_support::mapquake_binary()};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.directory = directory_.path();
    command.environment = {{"CXX", compiler}, {"MAPQUAKE_CACHE", (directory_.path() / "cache").string()}};
    return testing_support::run(command);
  }

  testing_support::TemporaryDirectory directory_;
};

const char* const counter_case = "buggy_size_counter";
const char* const counter_source = "buggy/size_counter.cpp";
const char* const broken = "\"buggy_size_counter\", CountingMap<false>";
const char* const repaired = "\"buggy_size_counter\", CountingMap<true>";

TEST_F(OtherBuilds, AnotherCompilerAndLevelHaveTheSameAddresses) {
  EXPECT_EQ(told(counter_case, source(counter_source), "size_counter", "clang++-14", "-O2")["schedule"], "exact");
  EXPECT_EQ(told(counter_case, source(counter_source), "size_counter", "g++", "-O0")["schedule"], "exact");
}

TEST_F(OtherBuilds, AnEditElsewhereAndARenamedFileLeaveAnEquivalent) {
  const auto moved = told(counter_case, edited(source(counter_source)), "size_counter", "g++", "-O2");
  EXPECT_EQ(moved["schedule"], "equivalent");
  EXPECT_EQ(moved["label"], "size disagrees with look-ups");
  const auto renamed = told(counter_case, source(counter_source), "renamed", "g++", "-O2");
  EXPECT_EQ(renamed["schedule"], "equivalent");
}

TEST_F(OtherBuilds, TheAnswerSaysThatAnotherScheduleWasRun) {
  const ProcessResult ran = replayed(counter_case, source(counter_source), "renamed", "g++", "-O1");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.out, HasSubstr("happened again in 1 of 1 run, under an equivalent schedule of the same program"));
  EXPECT_THAT(ran.err, HasSubstr("diverged at choice 1 of 1, \"A.1 store size_counter.cpp:26 #1\""));
}

TEST_F(OtherBuilds, WhatAnObjectWasDrawnToDoIsFoundWithoutInlining) {
  const auto json =
      told("counter_two_steps", source("objects/small_objects.cpp"), "small_objects", "clang++-14", "-O0");
  EXPECT_EQ(json["schedule"], "equivalent");
}

TEST_F(OtherBuilds, AFailedAllocationIsFoundInAnotherBuild) {
  const auto json = told("buggy_erased_before_allocation", edited(source("buggy/erased_before_allocation.cpp")),
                         "allocates", "clang++-14", "-O2");
  EXPECT_THAT(json["schedule"].get<std::string>(), AnyOf("exact", "equivalent"));
}

TEST_F(OtherBuilds, ReadsThatTheOptimiserWouldMoveOutOfTheMapAreSeen) {
  const auto json = told("buggy_racy_size_counter", source("buggy/racy_size_counter.cpp"), "racy", "g++", "-O2");
  EXPECT_EQ(json["label"], "write/read");
}

TEST_F(OtherBuilds, WhereAllLinesHaveMovedTwoFailedAllocationsStandAtTheirPlaces) {
  const auto json =
      told("buggy_half_moved_table", edited(source("buggy/half_moved_table.cpp")), "half_moved_table", "g++", "-O2");
  EXPECT_EQ(json["schedule"], "equivalent");
}

TEST_F(OtherBuilds, ARepairedMapIsNeverSaidToFailAgain) {
  const std::string fixed = replaced(source(counter_source), broken, repaired);
  const ProcessResult same_lines = replayed(counter_case, fixed, "size_counter", "g++", "-O2");
  EXPECT_EQ(same_lines.exit_code, 0) << same_lines.out;
  EXPECT_THAT(same_lines.out, HasSubstr("did not happen again: 1 run clean"));

  const ProcessResult moved = replayed(counter_case, edited(fixed), "size_counter", "clang++-14", "-O0");
  EXPECT_EQ(moved.exit_code, 65) << moved.out;
  EXPECT_THAT(moved.err, HasSubstr("not reproduced: diverged at choice 1 of 1"));
  EXPECT_THAT(moved.err, HasSubstr("the nearest schedule is clean, and none of "));

  const ProcessResult nearest = replayed(counter_case, edited(fixed), "size_counter", "g++", "-O1", {"--nearest"});
  EXPECT_EQ(nearest.exit_code, 0) << nearest.out;
}

}  // namespace
}  // namespace mapquake
