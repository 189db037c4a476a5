// `mapquake bisect` on a repository whose map gets its defect in a known commit.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing_support::ProcessResult;

constexpr const char* adapter = R"(#include <mapquake/adapter.hpp>
#include "counted_map.hpp"
struct Adapter {
  static constexpr mapquake::Claims claims{.concurrent_use = mapquake::ConcurrentUse::all_operations};
  bool insert(mapquake::Key k, mapquake::Value v) { return map_.insert(k, v); }
  std::optional<mapquake::Value> find(mapquake::Key k) { return map_.find(k); }
 private:
  CountedMap<mapquake::Key, mapquake::Value> map_;
};
MAPQUAKE_MAP("counted_map", Adapter);
)";

/// The map of each commit. `body` is that of insert().
std::string map_text(const std::string& body) {
  return "#pragma once\n#include <cstdint>\n#include <map>\n#include <mutex>\n#include <optional>\n"
         "template <class K, class V>\nclass CountedMap {\n public:\n"
         "  bool insert(K k, V v) { " +
         body +
         " }\n  std::optional<V> find(K k) {\n    const std::scoped_lock hold(lock_);\n"
         "    const auto at = map_.find(k);\n    return at == map_.end() ? std::nullopt : "
         "std::optional<V>(at->second);\n "
         " }\n"
         " private:\n  std::mutex lock_;\n  std::map<K, V> map_;\n};\n";
}

constexpr const char* right = "const std::scoped_lock hold(lock_); return map_.try_emplace(k, v).second;";
constexpr const char* wrong =
    "if (find(k)) return false; const std::scoped_lock hold(lock_); map_.insert_or_assign(k, v); return true;";

class Bisect : public testing::Test {
 protected:
  /// One repository for all: tests leave it as it is.
  static void SetUpTestSuite() {
    directory_ = std::make_unique<testing_support::TemporaryDirectory>();
    git("init --quiet -b main");
    write("adapter.cpp", adapter);
    commit("the map", map_text(right));
    commit("a comment", "// counted\n" + map_text(right));
    commit("does not compile", map_text("return \"no\" + 1;") + "#error half done\n");
    commit("check first, then insert", map_text(wrong));
    commit("another comment", "// counts\n" + map_text(wrong));
    commit("and one more", "// counts all\n" + map_text(wrong));
    const ProcessResult found = mapquake({"run", "adapter.cpp", "--scenario", "mixed-operations", "--executions",
                                          "5000", "--json", "--store", (directory_->path() / "store").string()});
    ASSERT_EQ(found.exit_code, 1) << found.out << found.err;
    replay_ = json::parse(found.out).at("failures").at(0).at("replay");
  }
  static void TearDownTestSuite() { directory_.reset(); }

  static ProcessResult run(std::vector<std::string> argv) {
    return testing_support::run(std::move(argv), repository(),
                                {{"MAPQUAKE_CACHE", (directory_->path() / "cache").string()},
                                 {"TMPDIR", scratch().string()},
                                 {"GIT_CONFIG_GLOBAL", "/dev/null"}});
  }
  static ProcessResult mapquake(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), testing_support::mapquake_binary());
    return run(std::move(arguments));
  }
  static std::string git(const std::string& arguments) {
    const ProcessResult done = run({"sh", "-c", "git -c user.name=a -c user.email=a@b " + arguments});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return done.out.substr(0, done.out.find('\n'));
  }
  static void write(const char* file, const std::string& text) { std::ofstream(repository() / file) << text; }
  static void commit(const std::string& subject, const std::string& map) {
    write("counted_map.hpp", map);
    git("add . && git -c user.name=a -c user.email=a@b commit --quiet -m '" + subject + "'");
  }
  static fs::path repository() {
    fs::create_directories(directory_->path() / "repository");
    return directory_->path() / "repository";
  }
  static fs::path scratch() {
    fs::create_directories(directory_->path() / "scratch");
    return directory_->path() / "scratch";
  }

  static inline std::unique_ptr<testing_support::TemporaryDirectory> directory_;
  static inline std::string replay_;
};

TEST_F(Bisect, NamesTheCommitAndLeavesNothing) {
  // The commit before the culprit does not build, so it may be that one, too.
  const ProcessResult unsure = mapquake({"bisect", replay_, "--good", "HEAD~5", "--bad", "HEAD", "adapter.cpp"});
  EXPECT_EQ(unsure.exit_code, 2) << unsure.out << unsure.err;
  EXPECT_THAT(unsure.out, HasSubstr("came with one of these"));
  EXPECT_THAT(unsure.out, HasSubstr("check first, then insert"));
  EXPECT_THAT(unsure.err, HasSubstr("half done"));

  // Once that commit builds, there is one.
  const ProcessResult found = mapquake(
      {"bisect", replay_, "--good", "HEAD~5", "--bad", "HEAD", "--build",
       "sed -i /#error/d counted_map.hpp && sed -i 's/return \"no\" + 1;/" + std::string(right) + "/' counted_map.hpp",
       "adapter.cpp"});
  EXPECT_EQ(found.exit_code, 0) << found.out << found.err;
  EXPECT_THAT(found.out, HasSubstr("came with\n  " + git("rev-parse --short HEAD~2") + "  check first, then insert"));

  EXPECT_EQ(git("status --porcelain"), "") << "the user's tree is as it was";
  EXPECT_EQ(git("rev-parse --abbrev-ref HEAD"), "main");
  EXPECT_EQ(run({"git", "worktree", "list"}).out.find("bisect"), std::string::npos);
  EXPECT_TRUE(fs::is_empty(scratch()));
}

TEST_F(Bisect, WithABuildOfTheUsersOwn) {
  const std::string build = testing_support::mapquake_binary().string() + " build adapter.cpp --out made.so";
  const ProcessResult found = mapquake(
      {"bisect", replay_, "--good", "HEAD~4", "--bad", "HEAD~1", "--build", build, "--plugin", "made.so", "--json"});
  EXPECT_EQ(found.exit_code, 2) << found.out << found.err;
  const json line = json::parse(found.out);
  EXPECT_EQ(line.at("suspects").size(), 2u);
  EXPECT_EQ(line.at("suspects").at(0), git("rev-parse HEAD~2"));
  EXPECT_EQ(line.at("suspects").at(1), git("rev-parse HEAD~3"));
}

TEST_F(Bisect, EndsThatAreNoEnds) {
  const ProcessResult good = mapquake({"bisect", replay_, "--good", "HEAD~1", "--bad", "HEAD", "adapter.cpp"});
  EXPECT_EQ(good.exit_code, 65);
  EXPECT_THAT(good.err, HasSubstr("--good \"HEAD~1\" has the failure, too"));
  const ProcessResult bad = mapquake({"bisect", replay_, "--good", "HEAD~5", "--bad", "HEAD~4", "adapter.cpp"});
  EXPECT_EQ(bad.exit_code, 65);
  EXPECT_THAT(bad.err, HasSubstr("--bad \"HEAD~4\" does not have the failure"));
  const ProcessResult unknown = mapquake({"bisect", replay_, "--good", "nowhere", "--bad", "HEAD", "adapter.cpp"});
  EXPECT_EQ(unknown.exit_code, 64) << unknown.err;
  EXPECT_EQ(mapquake({"bisect", replay_, "--good", "HEAD~1", "--bad", "HEAD"}).exit_code, 64) << "nothing to build";
  EXPECT_TRUE(fs::is_empty(scratch()));
}

}  // namespace
}  // namespace mapquake
