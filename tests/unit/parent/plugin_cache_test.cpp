// What plugins have said is found again while all that it came from is as it was.
#include "harness/parent/plugin_cache.hpp"

#include "harness/parent/catalogue.hpp"
#include "tests/support/places.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace mapquake {
namespace {

namespace fs = std::filesystem;

class InEnvironment {
 public:
  InEnvironment(const char* name, const std::string& value) : name_(name) {
    if (const char* const old = std::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  InEnvironment(const InEnvironment&) = delete;
  InEnvironment& operator=(const InEnvironment&) = delete;
  ~InEnvironment() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

class PluginCaches : public testing::Test {
 protected:
  PluginCaches() {
    std::ofstream(module()) << "code";
    PluginCache cache(file());
    cache.keep("/some/map.so", "1234", "what it said", {{module().string(), 0}});
    cache.save();
  }
  fs::path file() const { return directory_.path() / "not yet there" / "plugins.json"; }
  fs::path module() const { return directory_.path() / "library.so"; }
  std::optional<std::string> found(const char* plugin = "/some/map.so", const char* build = "1234") const {
    return PluginCache(file()).find(plugin, build);
  }

  const testing_support::TemporaryDirectory directory_;
};

TEST_F(PluginCaches, FindWhatWasKept) {
  EXPECT_EQ(found(), "what it said");
  EXPECT_EQ(found("/another/map.so"), std::nullopt);
  EXPECT_EQ(found("/some/map.so", "1235"), std::nullopt);
}

TEST_F(PluginCaches, DoNotTrustAnotherLibrary) {
  std::ofstream(module()) << "other code";
  EXPECT_EQ(found(), std::nullopt);
  fs::remove(module());
  EXPECT_EQ(found(), std::nullopt);
}

TEST_F(PluginCaches, DoNotTrustAnotherLoader) {
  const InEnvironment loader("LD_LIBRARY_PATH", "/somewhere/else");
  EXPECT_EQ(found(), std::nullopt);
}

TEST_F(PluginCaches, AreEmptyWhereTheirFileIsDamaged) {
  for (const char* text : {"", "{", "[1, 2]", R"({"version": 1})", R"({"version": 2, "plugins": {}})",
                           R"({"version": 1, "plugins": {"/some/map.so": {"build": 1234}}})"}) {
    std::ofstream(file()) << text;
    EXPECT_EQ(found(), std::nullopt) << text;
  }
}

TEST_F(PluginCaches, ForgetWhatIsNoLongerThere) {
  PluginCache cache(file());
  cache.keep("/new/map.so", "77", "new", {});
  cache.save();
  EXPECT_EQ(found(), std::nullopt) << "nobody has asked for it";
  EXPECT_EQ(found("/new/map.so", "77"), "new");
}

TEST_F(PluginCaches, LeaveNothingBehindWhereTheyCannotBeWritten) {
  fs::remove_all(file());
  fs::create_directories(file());
  PluginCache cache(file());
  cache.keep("/new/map.so", "77", "new", {});
  cache.save();
  EXPECT_TRUE(fs::is_directory(file()));
  EXPECT_EQ(std::distance(fs::directory_iterator(file().parent_path()), fs::directory_iterator()), 1);
}

/// A directory of plugins, as commands read it: from the cache, it is the same.
TEST_F(PluginCaches, SayWhatThePluginsWouldSay) {
  const fs::path plugins = directory_.path() / "plugins";
  fs::create_directory(plugins);
  for (const char* name : {"rwlock_map", "sharded_map"}) {
    fs::copy_file(testing_support::bundled_plugin(name), plugins / (std::string(name) + ".so"));
  }
  const InEnvironment bundled("MAPQUAKE_PLUGINS", plugins.string());
  const InEnvironment cache("MAPQUAKE_CACHE", (directory_.path() / "cache").string());
  const auto described = [] {
    std::vector<Error> problems;
    std::string all;
    for (const MapInfo& map : bundled_maps(problems)) {
      all += map.name + " " + map.build + " " + map.plugin.string() + " " + std::to_string(map.operations);
      for (const Module& module : map.modules) all += " " + module.path + "@" + std::to_string(module.base);
      all += map.bundled ? " bundled\n" : "\n";
    }
    EXPECT_TRUE(problems.empty());
    return all;
  };
  const std::string loaded = described();
  const fs::path kept = directory_.path() / "cache" / "plugins";
  ASSERT_TRUE(fs::exists(kept)) << "it is the cache that answers from here on";
  EXPECT_EQ(described(), loaded);

  fs::remove(plugins / "rwlock_map.so");
  fs::copy_file(testing_support::bundled_plugin("skiplist_map"), plugins / "rwlock_map.so");
  const std::string other = described();
  EXPECT_NE(other, loaded) << "another plugin under the same name";
  EXPECT_EQ(other.find("rwlock_map "), std::string::npos);
}

}  // namespace
}  // namespace mapquake
