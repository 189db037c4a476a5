// Files that are no plugins, or bad ones (tests/plugins/bad_*.cpp): one clear sentence each, what to do, exit code 65.
#include "harness/parent/catalogue.hpp"
#include "tests/support/places.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing_support::test_plugin;

void expect_refused(const std::filesystem::path& file, const std::string& part_of_sentence) {
  const Result<std::vector<MapInfo>> read = read_plugin(file);
  ASSERT_FALSE(read) << file;
  const Error& error = read.error();
  EXPECT_EQ(error.code, ExitCode::bad_input);
  EXPECT_THAT(error.what, HasSubstr(file.filename().string()));
  EXPECT_THAT(error.what, HasSubstr(part_of_sentence));
  EXPECT_EQ(error.what.find('\n'), std::string::npos) << error.what;
  EXPECT_FALSE(error.hint.empty());
}

struct BadFile {
  const char* name;
  const char* sentence;
};

class BadPlugin : public testing::TestWithParam<BadFile> {};

TEST_P(BadPlugin, IsRefusedInOneSentence) {
  expect_refused(test_plugin(GetParam().name), GetParam().sentence);
}

INSTANTIATE_TEST_SUITE_P(
    Files, BadPlugin,
    testing::Values(BadFile{"bad_version", "was built for version"},
                    BadFile{"bad_old_version", "was built for version"},
                    BadFile{"bad_uninstrumented", "without -fsanitize=thread"}, BadFile{"bad_magic", "that is not one"},
                    BadFile{"bad_empty", "registers no map"}, BadFile{"bad_no_symbol", "not a mapquake plugin"},
                    BadFile{"bad_undefined", "function_that_nobody_defines"},
                    BadFile{"bad_load_crash", "Segmentation fault"}, BadFile{"bad_load_exit", "exit code 3"},
                    BadFile{"bad_load_throw", "ended by signal"}, BadFile{"bad_load_loop", "did not finish loading"},
                    BadFile{"bad_budget", "\"fast\" is no figure"}),
    [](const auto& file) { return std::string(file.param.name); });

TEST(BadPlugin, FilesThatAreNoSharedObjects) {
  const testing_support::TemporaryDirectory directory;
  const auto written = [&](const char* name, const std::string& content) {
    std::ofstream(directory.path() / name) << content;
    return directory.path() / name;
  };
  expect_refused(written("empty.so", ""), "cannot be loaded");
  expect_refused(written("text.so", "not an ELF file at all, but long enough to be one\n"), "cannot be loaded");
  std::string header(207, '\0');
  header.replace(0, 7,
                 "\x7f"
                 "ELF\2\1\1");
  expect_refused(written("half.so", header), "cannot be loaded");
  expect_refused(directory.path() / "missing.so", "no such file");
  expect_refused(directory.path(), "is not a file");
}

TEST(BadPlugin, ATruncatedPluginIsNone) {
  const testing_support::TemporaryDirectory directory;
  const auto file = directory.path() / "cut.so";
  std::filesystem::copy_file(test_plugin("bad_empty"), file);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 3);
  const auto read = read_plugin(file);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ExitCode::bad_input);
}

}  // namespace
}  // namespace mapquake
