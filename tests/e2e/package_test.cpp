// Debian's packages, installed into roots that hold nothing but what they declare to need (tools/clean_root.py).
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing_support::ProcessResult;
using testing_support::source_directory;

ProcessResult run_in(std::vector<std::string> argv, const fs::path& directory = {}) {
  return testing_support::run(std::move(argv), directory, {{"DESTDIR", ""}});
}

class Package : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!possible()) return;
    directory_ = std::make_unique<testing_support::TemporaryDirectory>();
    const ProcessResult packed =
        run_in({"cpack", "-G", "DEB", "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", "-B", directory_->path()},
               testing_support::build_directory());
    ASSERT_EQ(packed.exit_code, 0) << packed.out << packed.err;
  }
  static void TearDownTestSuite() { directory_.reset(); }
  void SetUp() override {
    if (!possible()) GTEST_SKIP() << "needs root, to make a root, and dpkg-deb";
  }
  static bool possible() { return ::geteuid() == 0 && run_in({"dpkg-shlibdeps", "--version"}).exit_code == 0; }

  static std::string package(const std::string& name) {
    for (const auto& entry : fs::directory_iterator(directory_->path())) {
      const std::string file = entry.path().filename();
      if (file.starts_with(name + "_") && file.ends_with(".deb")) return entry.path();
    }
    ADD_FAILURE() << "no package " << name;
    return {};
  }
  static fs::path root(const char* name) { return directory_->path() / name; }
  /// Installs the packages first, where there are some.
  static ProcessResult in_root(const char* name, std::vector<std::string> packages, std::vector<std::string> command) {
    std::vector<std::string> argv{(source_directory() / "tools" / "clean_root.py").string(), "--root", root(name)};
    for (const std::string& each : packages) argv.push_back(package(each));
    argv.emplace_back("--");
    argv.insert(argv.end(), command.begin(), command.end());
    return run_in(argv);
  }

 private:
  static inline std::unique_ptr<testing_support::TemporaryDirectory> directory_;
};

TEST_F(Package, TheRuntimeNeedsOnlyWhatItDeclares) {
  const ProcessResult listed = in_root("runtime", {"mapquake"}, {"mapquake", "list", "--json"});
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_EQ(listed.err, "") << "every bundled plugin loads";
  EXPECT_GT(json::parse(listed.out).at("maps").size(), 50u);
  const ProcessResult ran = in_root("runtime", {},
                                    {"mapquake", "run", "--map", "buggy_duplicate_insert", "--map", "rwlock_map",
                                     "--executions", "500", "--expected", "--json", "--store", "/tmp/out"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  const ProcessResult incident = in_root("runtime", {}, {"mapquake", "list", "--incidents", "--json"});
  EXPECT_EQ(incident.exit_code, 0) << incident.err;
  const fs::path share = root("runtime") / "usr" / "share";
  for (const char* file :
       {"man/man1/mapquake-run.1.gz", "bash-completion/completions/mapquake", "zsh/vendor-completions/_mapquake",
        "fish/vendor_completions.d/mapquake.fish", "doc/mapquake/copyright", "doc/mapquake/changelog.gz"}) {
    EXPECT_TRUE(fs::exists(share / file)) << file;
  }
  EXPECT_FALSE(fs::exists(root("runtime") / "usr" / "include" / "mapquake"));
}

TEST_F(Package, WithDevASourceBecomesAVerdict) {
  const ProcessResult listed =
      in_root("all", {"mapquake", "mapquake-dev", "mapquake-third-party-maps"}, {"mapquake", "list", "--json"});
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_EQ(listed.err, "");
  const fs::path sources = source_directory() / "tests" / "e2e" / "outside_tree";
  for (const char* file : {"my_map_adapter.cpp", "my_map.hpp"}) {
    fs::copy_file(sources / file, root("all") / "root" / file);
  }
  const ProcessResult ran =
      in_root("all", {},
              {"mapquake", "run", "/root/my_map_adapter.cpp", "--executions", "2000", "--json", "--store", "/tmp/out"});
  EXPECT_EQ(ran.exit_code, 1) << ran.out << ran.err;
  const json failure = json::parse(ran.out).at("failures").at(0);
  EXPECT_EQ(failure.at("map"), "check_then_insert");
  const ProcessResult replayed = in_root("all", {}, {"mapquake", "replay", failure.at("replay")});
  EXPECT_EQ(replayed.exit_code, 1) << replayed.out << replayed.err;
}

TEST_F(Package, AMissingDependencyIsNoticed) {
  // The root holds what Depends names and nothing else, so dpkg refuses -dev without the runtime.
  const ProcessResult alone = in_root("alone", {"mapquake-dev"}, {"true"});
  EXPECT_NE(alone.exit_code, 0);
  EXPECT_THAT(alone.err, HasSubstr("depends on mapquake (= "));
}

/// The package that owns a file; a merged /usr has two names for some.
std::string owner_of(std::string path) {
  ProcessResult asked = run_in({"dpkg", "-S", path});
  if (asked.exit_code != 0 && path.starts_with("/usr/lib")) asked = run_in({"dpkg", "-S", path.substr(4)});
  if (asked.exit_code != 0 && path.starts_with("/lib")) asked = run_in({"dpkg", "-S", "/usr" + path});
  return asked.out.substr(0, asked.out.find_first_of(":,"));
}

TEST(BillOfMaterials, NamesEveryLibraryThatIsLinked) {
  const testing_support::TemporaryDirectory directory;
  const fs::path out = directory.path() / "sbom.json";
  const std::string tool = (source_directory() / "tools" / "sbom.py").string();
  const ProcessResult made = run_in({tool, "--build", testing_support::build_directory(), "--out", out});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const json bill = json::parse(run_in({"cat", out}).out);
  EXPECT_EQ(bill.at("bomFormat"), "CycloneDX");
  std::map<std::string, std::string> linked;
  std::set<std::string> references;
  for (const json& each : bill.at("components")) {
    linked[each.at("name")] = each.at("properties").at(0).at("value");
    EXPECT_TRUE(references.insert(each.at("bom-ref")).second) << each;
    EXPECT_NE(each.at("version"), "");
  }
  EXPECT_EQ(linked["libboost-fiber1.81-dev"], "static");
  EXPECT_EQ(linked["libcli11-dev"], "headers");
  EXPECT_EQ(linked["libdw1"], "shared");
  EXPECT_FALSE(linked.contains("libgtest-dev")) << "of the tests alone";
  const ProcessResult libraries =
      run_in({"sh", "-c", "ldd \"$0\" | sed -n 's/.*=> \\(\\/[^ ]*\\).*/\\1/p' | xargs readlink -f",
              testing_support::mapquake_binary()});
  std::istringstream paths(libraries.out);
  unsigned checked = 0;
  for (std::string path; std::getline(paths, path); ++checked) EXPECT_EQ(linked[owner_of(path)], "shared") << path;
  EXPECT_GT(checked, 5u);
}

}  // namespace
}  // namespace mapquake
