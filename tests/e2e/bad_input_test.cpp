// Bad input: one clear sentence on standard error, nothing on standard output, the right exit code.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/text_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::run_mapquake;
using testing_support::TemporaryDirectory;
using testing_support::text_of;

void expect_refused(const std::vector<std::string>& arguments, int exit_code, const std::string& part) {
  std::string line;
  for (const std::string& argument : arguments) line += argument + " ";
  SCOPED_TRACE(line);
  const auto result = run_mapquake(arguments);
  EXPECT_EQ(result.exit_code, exit_code) << result.out << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, StartsWith("mapquake: "));
  EXPECT_THAT(result.err, HasSubstr(part));
  EXPECT_LE(std::count(result.err.begin(), result.err.end(), '\n'), 4) << result.err;
}

TEST(BadInput, WordsThatDoNotExist) {
  const TemporaryDirectory store;
  const std::string out = store.path();
  expect_refused({"run", "--map", "rwlok_map", "--store", out}, 64, "rwlock_map");
  expect_refused({"run", "--map", "nothing_like_*", "--store", out}, 64, "nothing_like_*");
  expect_refused({"run", "--map", "rwlock_map", "--scenario", "mixed-operation", "--store", out}, 64,
                 "mixed-operations");
  expect_refused({"run", "--map", "rwlock_map", "--strategy", "luck", "--store", out}, 64, "luck");
  expect_refused({"run", "--map", "rwlock_map", "--tme", "5s", "--store", out}, 64, "--tme");
  expect_refused({"run", "--map", "rwlock_map", "--time", "soon", "--store", out}, 64, "soon");
  expect_refused({"run", "--map", "rwlock_map", "--jobs", "-3", "--store", out}, 64, "-3");
  expect_refused({"run", "--map", "rwlock_map", "--shard", "5/4", "--store", out}, 64, "5/4");
  expect_refused({"rnu"}, 64, "rnu");
  EXPECT_TRUE(fs::is_empty(store.path()));
}

TEST(BadInput, PluginsThatAreNone) {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "text.so") << "just text";
  for (const std::string& plugin :
       {(directory.path() / "text.so").string(), (directory.path() / "missing.so").string(),
        testing_support::test_plugin("bad_version").string(), testing_support::test_plugin("bad_no_symbol").string(),
        testing_support::test_plugin("bad_undefined").string(),
        testing_support::test_plugin("bad_load_crash").string()}) {
    expect_refused({"run", "--plugin", plugin, "--store", directory.path()}, 65, fs::path(plugin).filename());
    expect_refused({"list", "--plugin", plugin}, 65, fs::path(plugin).filename());
  }
}

TEST(BadInput, ReplayFilesThatAreDamaged) {
  const TemporaryDirectory directory;
  const auto found = run_mapquake({"run", "--map", "buggy_duplicate_insert", "--scenario", "mixed-operations",
                                   "--store", directory.path(), "--json"});
  ASSERT_EQ(found.exit_code, 1) << found.err;
  const std::string file = nlohmann::json::parse(found.out).at("failures")[0].at("replay");
  const std::string whole = text_of(file);
  const auto written = [&](const char* name, const std::string& content) {
    std::ofstream(directory.path() / name, std::ios::binary) << content;
    return (directory.path() / name).string();
  };
  const auto edited = [&](const std::string& from, const std::string& to) {
    std::string text = whole;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  const std::vector<std::pair<std::string, std::string>> damaged{
      {written("cut.toml", whole.substr(0, whole.size() / 2)), "cut.toml"},
      {written("empty.toml", ""), "empty.toml"},
      {written("random.toml", std::string("\x01\xff\x00\x80garbage", 11)), "random.toml"},
      {written("huge.toml", whole + std::string(80 << 20, '#')), "huge.toml"},
      {written("future.toml", edited("mapquake = 1", "mapquake = 999")), "future.toml"},
      {written("unknown-map.toml", edited("buggy_duplicate_insert", "no_such_map_at_all")), "unknown-map.toml"},
  };
  for (const char* command : {"replay", "explain", "shrink"}) {
    for (const auto& [path, part] : damaged) expect_refused({command, path}, 65, part);
    expect_refused({command, directory.path() / "missing.toml"}, 74, "missing.toml");
  }
}

}  // namespace
}  // namespace mapquake
