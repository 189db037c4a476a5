// The target for libFuzzer and AFL++: it finds a planted defect, is silent on the twin, and what it works on turns into
// replay files and back.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/text_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing_support::bundled_plugin;
using testing_support::ProcessResult;
using testing_support::run;
using testing_support::run_mapquake;
using testing_support::source_directory;

fs::path built(const char* name) {
  return testing_support::mapquake_binary().parent_path() / "tests" / name;
}
fs::path target() {
  return built("mapquake_map_fuzzer");
}

/// An engine's directories, and what must hold of a failure whatever engine has found it.
class Engine : public testing::Test {
 protected:
  Engine() {
    for (const char* name : {"corpus", "seeds", "found", "back"}) fs::create_directory(in(name));
  }
  fs::path in(const char* name) const { return directory_.path() / name; }
  std::vector<fs::path> files(const fs::path& directory, const char* ending, const char* start = "") const {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(directory_.path() / directory)) {
      const std::string name = entry.path().filename();
      if (name.ends_with(ending) && name.starts_with(start)) paths.push_back(entry.path());
    }
    return paths;
  }
  static std::set<std::string> names(const std::vector<fs::path>& paths) {
    std::set<std::string> result;
    for (const fs::path& path : paths) result.insert(path.filename());
    return result;
  }
  std::map<std::string, std::string> environment(const std::string& map) const {
    return {{"MAPQUAKE_PLUGIN", bundled_plugin("duplicate_insert").string()},
            {"MAPQUAKE_MAP", map},
            {"MAPQUAKE_STORE", in("found").string()}};
  }
  /// What was stored fails again, and the inputs that the engine keeps are the same cases. An engine that is told to
  /// end with a crash may meet another one before it does, and keeps one of those that cover the same.
  void expect_replays_of(const std::vector<fs::path>& crashes, const std::string& said) {
    const auto replays = files("found", ".toml");
    ASSERT_FALSE(replays.empty()) << said;
    for (const fs::path& file : replays) {
      const ProcessResult replay = run_mapquake({"replay", file, "--times", "3"});
      EXPECT_EQ(replay.exit_code, 1) << replay.out << replay.err;
    }
    ASSERT_FALSE(crashes.empty()) << said;
    for (const fs::path& crash : crashes) {
      const ProcessResult back =
          run_mapquake({"corpus", crash, "--map", "buggy_duplicate_insert", "--into", in("back")});
      EXPECT_EQ(back.exit_code, 1) << back.out << back.err;
    }
    const std::set<std::string> stored = names(replays);
    const std::set<std::string> back = names(files("back", ".toml"));
    EXPECT_FALSE(back.empty());
    EXPECT_TRUE(std::includes(stored.begin(), stored.end(), back.begin(), back.end())) << said;
  }

  const testing_support::TemporaryDirectory directory_;
};

class MapFuzzer : public Engine {
 protected:
  void SetUp() override {
    if (!fs::exists(target())) GTEST_SKIP() << "it is built where clang's libFuzzer is installed";
  }
  ProcessResult fuzz(const std::string& map, const char* executions) const {
    return run({target(), std::string("-runs=") + executions, "-seed=3", "-max_len=512",
                "-dict=" + (source_directory() / "tests/map_fuzzer/cases.dict").string(),
                "-artifact_prefix=" + in("found").string() + "/", in("corpus"), in("seeds")},
               directory_.path(), environment(map));
  }
};

/// afl-fuzz decides by the time that executions take, so its seed does not settle what it does: limits are far away.
class MapAfl : public Engine {
 protected:
  void SetUp() override {
    if (!fs::exists(built("mapquake_map_afl"))) GTEST_SKIP() << "it is built where AFL++ is installed (package afl++)";
    std::ofstream(in("seeds") / "empty") << '\0';
  }
  ProcessResult fuzz(const std::string& map, const char* executions) const {
    auto variables = environment(map);
    variables.insert({{"AFL_NO_UI", "1"},
                      {"AFL_SKIP_CPUFREQ", "1"},
                      {"AFL_NO_AFFINITY", "1"},
                      {"AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "1"},
                      {"AFL_BENCH_UNTIL_CRASH", "1"},
                      {"AFL_CUSTOM_MUTATOR_LIBRARY", built("mapquake_map_afl_mutator.so").string()},
                      {"AFL_CUSTOM_MUTATOR_ONLY", "1"}});
    return run({"afl-fuzz", "-i", in("seeds"), "-o", in("corpus"), "-s", "3", "-t", "10000", "-E", executions, "--",
                built("mapquake_map_afl")},
               directory_.path(), variables);
  }
};

TEST_F(MapFuzzer, FindsAPlantedDefectAsAReplayFileThatFails) {
  const ProcessResult done = fuzz("buggy_duplicate_insert", "60000");
  EXPECT_EQ(done.exit_code, 77) << done.err.substr(0, 4000);
  EXPECT_THAT(done.err, HasSubstr("mapquake = 1\n"));
  expect_replays_of(files("found", "", "crash-"), done.err.substr(0, 4000));
}

TEST_F(MapFuzzer, IsSilentOnTheTwin) {
  const ProcessResult done = fuzz("fixed_duplicate_insert", "3000");
  EXPECT_EQ(done.exit_code, 0) << done.err.substr(0, 4000);
  EXPECT_TRUE(files("found", ".toml").empty());
  EXPECT_GT(files("corpus", "").size(), 3u) << "what executions show is coverage";
}

TEST_F(MapFuzzer, StartsFromWhatAStoreKnows) {
  const fs::path stored = source_directory() / "adapters/cases/buggy_duplicate_insert.toml";
  const ProcessResult made = run_mapquake({"corpus", stored, "--into", in("seeds")});
  ASSERT_EQ(made.exit_code, 0) << made.out << made.err;
  ASSERT_EQ(files("seeds", "").size(), 1u);
  const ProcessResult done = fuzz("buggy_duplicate_insert", "1");
  EXPECT_EQ(done.exit_code, 77) << "the seed fails at once: " << done.err.substr(0, 4000);
}

TEST_F(MapFuzzer, SaysWhatIsMissing) {
  const ProcessResult nothing = run({target(), "-runs=1"}, directory_.path(), {{"MAPQUAKE_PLUGIN", ""}});
  EXPECT_EQ(nothing.exit_code, 64);
  EXPECT_THAT(nothing.err, HasSubstr("MAPQUAKE_PLUGIN"));
  const ProcessResult map = fuzz("no_such_map", "1");
  EXPECT_EQ(map.exit_code, 64);
  EXPECT_THAT(map.err, HasSubstr("buggy_duplicate_insert"));
}

TEST_F(MapAfl, FindsAPlantedDefectAsAReplayFileThatFails) {
  const ProcessResult done = fuzz("buggy_duplicate_insert", "2000000");
  EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
  expect_replays_of(files("corpus/default/crashes", "", "id:"), done.out + done.err);
}

TEST_F(MapAfl, IsSilentOnTheTwin) {
  const ProcessResult done = fuzz("fixed_duplicate_insert", "3000");
  EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
  EXPECT_TRUE(files("found", ".toml").empty());
  EXPECT_TRUE(files("corpus/default/crashes", "").empty());
  EXPECT_TRUE(files("corpus/default/hangs", "").empty());
  EXPECT_GT(files("corpus/default/queue", "", "id:").size(), 3u) << "what executions show is coverage";
}

TEST(Corpus, RefusesWhatItCannotUse) {
  const testing_support::TemporaryDirectory directory;
  const std::string into = (directory.path() / "into").string();
  EXPECT_EQ(run_mapquake({"corpus", "some-bytes", "--into", into}).exit_code, 64) << "no map is named";
  const ProcessResult missing = run_mapquake({"corpus", "missing", "--map", "buggy_duplicate_insert", "--into", into});
  EXPECT_EQ(missing.exit_code, 74);
  EXPECT_THAT(missing.err, HasSubstr("missing: cannot be read"));
  EXPECT_EQ(run_mapquake({"corpus", "missing.toml", "--into", into}).exit_code, 74);
}

TEST(ClusterFuzzLite, BuildsTargetsThatRun) {
  if (!fs::exists(target())) GTEST_SKIP() << "it is built where clang's libFuzzer is installed";
  const testing_support::TemporaryDirectory directory;
  const fs::path build = testing_support::mapquake_binary().parent_path(), out = directory.path() / "out";
  fs::create_directory_symlink(source_directory(), directory.path() / "mapquake");
  // The build of this tree takes the place of one from nothing: what is tried is what the script makes of it.
  const fs::path tools = directory.path() / "bin";
  fs::create_directory(tools);
  for (const char* tool : {"cmake", "ninja"}) fs::create_symlink("/bin/true", tools / tool);
  const ProcessResult built = run({source_directory() / ".clusterfuzzlite/build.sh"}, directory.path(),
                                  {{"SRC", directory.path().string()},
                                   {"OUT", out.string()},
                                   {"BUILD", build.string()},
                                   {"PATH", tools.string() + ":" + std::getenv("PATH")}});
  ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
  EXPECT_TRUE(fs::exists(out / "mapquake_buggy_duplicate_insert_seed_corpus.zip"));
  EXPECT_TRUE(fs::exists(out / "mapquake_buggy_duplicate_insert.dict"));
  const ProcessResult sound = run({out / "mapquake_rwlock_map", "-runs=200"}, directory.path());
  EXPECT_EQ(sound.exit_code, 0) << sound.err;
  const ProcessResult broken =
      run({out / "mapquake_buggy_duplicate_insert", "-runs=60000", "-seed=3"}, directory.path());
  EXPECT_EQ(broken.exit_code, 77) << broken.err.substr(0, 2000);
}

}  // namespace
}  // namespace mapquake
