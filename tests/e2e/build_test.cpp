// `mapquake build FILE…` and `mapquake run FILE…`: from a source to a verdict.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing_support::ProcessResult;
using Variables = std::map<std::string, std::string>;

fs::path outside(const char* name) {
  return testing_support::source_directory() / "tests" / "e2e" / "outside_tree" / name;
}

class Build : public testing::Test {
 protected:
  ProcessResult mapquake(std::vector<std::string> arguments, Variables environment = {}) const {
    testing_support::Command command;
    command.argv = {testing_support::mapquake_binary()};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.directory = directory_.path();
    command.environment = std::move(environment);
    command.environment["MAPQUAKE_CACHE"] = (directory_.path() / "cache").string();
    return testing_support::run(command);
  }
  /// A campaign of what the source holds, as JSON.
  nlohmann::json campaign(std::vector<std::string> words, Variables environment = {}) const {
    std::vector<std::string> all{"run", "--json", "--store", "out", "--executions", "5000"};
    all.insert(all.end(), words.begin(), words.end());
    const ProcessResult ran = mapquake(all, std::move(environment));
    EXPECT_FALSE(ran.out.empty()) << ran.err;
    return ran.out.empty() ? nlohmann::json() : nlohmann::json::parse(ran.out);
  }
  std::string write(const char* name, const std::string& text) const {
    std::ofstream(directory_.path() / name) << text;
    return name;
  }
  fs::path path(const char* name) const { return directory_.path() / name; }
  /// When the plugin in the cache was last written; asserts that there is one.
  std::size_t plugins_in_cache() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(path("cache"))) count += entry.path().extension() == ".so";
    return count;
  }

 private:
  testing_support::TemporaryDirectory directory_;
};

const Variables clang{{"CXX", "clang++-14"}, {"CC", "clang-14"}};
const Variables gnu{{"CXX", "g++"}, {"CC", "gcc"}};

TEST_F(Build, AnAdapterRunsWithEitherCompiler) {
  for (const Variables& compilers : {gnu, clang}) {
    const auto json = campaign({outside("my_map_adapter.cpp"), "--map", "check_then_insert"}, compilers);
    ASSERT_EQ(json.at("exit_code"), 1) << json;
    EXPECT_EQ(json.at("failures").at(0).at("outcome"), "not linearizable");
    EXPECT_EQ(mapquake({"replay", json.at("failures").at(0).at("replay")}).exit_code, 1);
  }
}

TEST_F(Build, AMainInCAndInCppIsAProgram) {
  const std::string body =
      "#include <pthread.h>\n#include <assert.h>\nstatic int x;\n"
      "static void* add(void* p) { x = x + 1; return p; }\n"
      "int main(void) { pthread_t t; pthread_create(&t, 0, add, 0); add(0); pthread_join(t, 0);"
      " return 0; }\n";
  for (const Variables& compilers : {gnu, clang}) {
    for (const char* name : {"racy.c", "racy.cpp"}) {
      const auto json = campaign({write(name, body)}, compilers);
      ASSERT_EQ(json.at("exit_code"), 1) << json;
      EXPECT_EQ(json.at("failures").at(0).at("map"), "racy");
      EXPECT_EQ(json.at("failures").at(0).at("outcome"), "data race");
      EXPECT_EQ(json.at("failures").at(0).at("threads"), 2);
    }
  }
}

TEST_F(Build, TheBodiesOfATestArePrograms) {
  const auto json = campaign({outside("my_map_test.cpp")});
  std::set<std::string> failing;
  for (const auto& failure : json.at("failures")) failing.insert(failure.at("map").get<std::string>());
  EXPECT_EQ(failing, (std::set<std::string>{"MyMap_LosesACount", "MyMap_IsTheSecondBodyThatDeadlocks-2"}));
}

TEST_F(Build, SourcesAreCompiledAgainWhenAHeaderOrAFlagChanges) {
  write("answer.hpp", "#pragma once\ninline int answer() { return 0; }\n");
  write("other.c", "int other(void) { return 0; }\n");
  write("ends.cpp",
        "#include \"answer.hpp\"\nextern \"C\" int other();\n"
        "#ifndef MORE\n#define MORE 0\n#endif\nint main() { return answer() + other() + MORE; }\n");
  const std::vector<std::string> sources{"ends.cpp", "other.c"};
  EXPECT_EQ(campaign(sources).at("exit_code"), 0);
  EXPECT_EQ(campaign(sources).at("exit_code"), 0);
  EXPECT_EQ(plugins_in_cache(), 1u);
  EXPECT_EQ(campaign({"ends.cpp", "other.c", "--", "-DMORE=1"}).at("exit_code"), 1);
  EXPECT_EQ(plugins_in_cache(), 2u);
  write("answer.hpp", "#pragma once\ninline int answer() { return 3; }\n");
  EXPECT_EQ(campaign(sources).at("exit_code"), 1);
  EXPECT_EQ(plugins_in_cache(), 3u);
  // What is in the cache needs no compilation, only its identity.
  write("answer.hpp", "#pragma once\ninline int answer() { return 0; }\n");
  EXPECT_EQ(campaign(sources).at("exit_code"), 0);
  EXPECT_EQ(plugins_in_cache(), 3u);
}

TEST_F(Build, BuildLeavesThePluginHere) {
  const ProcessResult built = mapquake({"build", outside("my_map_adapter.cpp"), "--out", "mine.so"});
  ASSERT_EQ(built.exit_code, 0) << built.err;
  EXPECT_THAT(built.out, HasSubstr("./mine.so: check_then_insert, my_map"));
  const ProcessResult listed = mapquake({"list", "--plugin", "mine.so", "--json"});
  EXPECT_EQ(nlohmann::json::parse(listed.out).at("maps").size(), 2u);
}

TEST_F(Build, TheCompilersErrorsStandUnchanged) {
  const ProcessResult ran = mapquake({"run", write("bad.cpp", "int f() { return nothing; }\n")}, gnu);
  EXPECT_EQ(ran.exit_code, 65);
  EXPECT_THAT(ran.err, HasSubstr("bad.cpp:1:18: error: "));
  EXPECT_THAT(ran.err, HasSubstr("mapquake: bad.cpp: does not compile"));
}

TEST_F(Build, WhatCannotBeBuiltIsToldInOneSentence) {
  const auto told = [&](std::vector<std::string> words, const Variables& environment = {}) {
    const ProcessResult ran = mapquake(std::move(words), environment);
    EXPECT_EQ(ran.exit_code, 65) << ran.err;
    return ran.err.substr(0, ran.err.find('\n'));
  };
  EXPECT_EQ(told({"run", "missing.cpp"}), "mapquake: missing.cpp: there is no such file");
  const std::string unregistered = write("unregistered.cpp", "#include <mapquake/adapter.hpp>\n");
  EXPECT_EQ(told({"run", unregistered}), "mapquake: unregistered.cpp: registers no map and no program");
  EXPECT_THAT(told({"build", write("empty.cpp", "")}), HasSubstr("empty.cpp: registers no map and no program"));
  write("killed", "#!/bin/sh\ncase \"$*\" in *' -MD '*) kill -KILL $$;; esac\nexec g++ \"$@\"\n");
  fs::permissions(path("killed"), fs::perms::owner_all);
  EXPECT_EQ(told({"run", write("another.cpp", "int n;\n")}, {{"CXX", path("killed").string()}}),
            "mapquake: another.cpp: signal 9 ended the compiler");
  EXPECT_EQ(told({"run", unregistered}, {{"CXX", "no-such-compiler"}}),
            "mapquake: no-such-compiler: No such file or directory");
}

/// The words of the entry for a file in compile_commands.json.
std::multiset<std::string> words_of_cmake(const fs::path& source) {
  std::ifstream file(testing_support::build_directory() / "compile_commands.json");
  for (const auto& entry : nlohmann::json::parse(file)) {
    if (entry.at("file") != source.string()) continue;
    std::istringstream text(entry.at("command").get<std::string>());
    return {std::istream_iterator<std::string>(text), {}};
  }
  return {};
}

TEST_F(Build, TheFlagsAreThoseOfTheCMakeFunctions) {
  const fs::path source = testing_support::source_directory() / "adapters" / "template_map.cpp";
  const std::multiset<std::string> cmake = words_of_cmake(source);
  const ProcessResult printed = mapquake({"build", source, "--commands"}, gnu);
  std::istringstream line(printed.out.substr(0, printed.out.find('\n')));
  unsigned flags = 0;
  for (std::string word; line >> word;) {
    if (!word.starts_with("-") || word.starts_with("-std=") || word == "-o") continue;
    EXPECT_TRUE(cmake.contains(word)) << word;
    ++flags;
  }
  EXPECT_GT(flags, 10u);
  for (const std::string& word : cmake) {
    if (word.starts_with("-fsan") || word.starts_with("-fno-") || word.starts_with("-fstack") || word == "-Wno-tsan") {
      EXPECT_THAT(printed.out, HasSubstr(" " + word + " "));
    }
  }
  EXPECT_THAT(mapquake({"help", "adapter"}, gnu).out, HasSubstr("-Wl,--wrap=memcpy"));
}

}  // namespace
}  // namespace mapquake
