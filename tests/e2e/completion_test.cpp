// Completions and manual pages, as the shells and man themselves take them.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing_support::ProcessResult;
using testing_support::run_mapquake;

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

class Completion : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"case.toml", "mine.so", "notes.txt"}) std::ofstream(directory_.path() / name) << "x";
    fs::create_directory(directory_.path() / "nightly store");
  }
  /// The script of this shell, in a file. False where the shell is not installed.
  bool has(const std::string& shell) {
    testing_support::Command command;
    command.argv = {"sh", "-c", "command -v " + shell};
    if (testing_support::run(command).exit_code != 0) return false;
    const ProcessResult script = run_mapquake({"completion", shell});
    EXPECT_EQ(script.exit_code, 0) << script.err;
    std::ofstream(script_) << script.out;
    return true;
  }
  ProcessResult run(std::vector<std::string> argv) const {
    return testing_support::run(std::move(argv), directory_.path());
  }
  /// What bash offers for the last of the words.
  std::set<std::string> bash(const std::vector<std::string>& words) const {
    std::vector<std::string> argv{"bash", "--norc", "-c", R"(
source "$0"; [[ $(complete -p mapquake) == 'complete -F _mapquake mapquake' ]] || exit 9
COMP_WORDS=(mapquake "$@"); COMP_CWORD=$#; _mapquake; printf '%s\n' "${COMPREPLY[@]}")",
                                  script_.string()};
    argv.insert(argv.end(), words.begin(), words.end());
    const ProcessResult result = run(argv);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return lines_of(result.out);
  }
  std::set<std::string> fish(const std::string& line) const {
    const ProcessResult result =
        run({"fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script_, line});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return lines_of(std::regex_replace(result.out, std::regex("\t.*"), ""));
  }
  /// The line as an interactive zsh has it after the tabulator.
  std::string zsh(const std::string& line) const {
    const ProcessResult result = run({"zsh", "-f", "-c", R"(
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT=; unset zle_bracketed_paste; stty -echo; autoload -Uz compinit; compinit -u -D; source $1; print -r READ''Y"
while zpty -r shell answer; do [[ $answer == *READY* ]] && break; done
zpty -w -n shell "$2"$'\t\cA# \n'
zpty -w shell "print -r END''E"
while zpty -r shell answer; do print -r -- "$answer"; [[ $answer == *ENDE* ]] && break; done
zpty -d shell)",
                                      "zsh", script_.string(), line});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }

 private:
  const testing_support::TemporaryDirectory directory_;
  const fs::path script_ = directory_.path() / "script";
};

TEST_F(Completion, InBash) {
  ASSERT_TRUE(has("bash"));
  EXPECT_EQ(bash({"sta"}), std::set<std::string>{"status"});
  EXPECT_THAT(bash({"run", "--ma"}), Contains("--map"));
  EXPECT_THAT(bash({"run", "--map", "rwlock"}), AllOf(Contains("rwlock_map"), Not(Contains("std_map"))));
  EXPECT_THAT(bash({"run", "--map", "=", "rwlock"}), Contains("rwlock_map"));
  EXPECT_EQ(bash({"report", "x", "--format", "ma"}), std::set<std::string>{"markdown"});
  EXPECT_EQ(bash({"run", "--plugin", ""}), (std::set<std::string>{"mine.so", "nightly store"}));
  EXPECT_EQ(bash({"status", "nig"}), std::set<std::string>{"nightly store"});
  EXPECT_THAT(bash({"replay", ""}), AllOf(Contains("case.toml"), Contains("nightly store")));
  EXPECT_EQ(bash({"help", "exit"}), std::set<std::string>{"exit-codes"});
  EXPECT_EQ(bash({"run", "--scenario", "rehash"}), std::set<std::string>{"rehash-pressure"});
  EXPECT_EQ(bash({"run", "--seed", ""}), std::set<std::string>{""}) << "any number";
}

TEST_F(Completion, InFish) {
  if (!has("fish")) GTEST_SKIP() << "fish is not installed";
  EXPECT_EQ(fish("mapquake sta"), std::set<std::string>{"status"});
  EXPECT_THAT(fish("mapquake run --ma"), Contains("--map"));
  EXPECT_THAT(fish("mapquake run --map rwlock"), AllOf(Contains("rwlock_map"), Not(Contains("std_map"))));
  EXPECT_EQ(fish("mapquake report x --format ma"), std::set<std::string>{"markdown"});
  EXPECT_THAT(fish("mapquake replay ca"), Contains("case.toml"));
  EXPECT_THAT(fish("mapquake list --st"), Not(Contains("--store"))) << "of another command";
}

TEST_F(Completion, InZsh) {
  if (!has("zsh")) GTEST_SKIP() << "zsh is not installed";
  EXPECT_THAT(zsh("mapquake sta"), HasSubstr("mapquake status"));
  EXPECT_THAT(zsh("mapquake run --scenario rehash"), HasSubstr("--scenario rehash-pressure"));
  EXPECT_THAT(zsh("mapquake report x --format=ma"), HasSubstr("--format=markdown"));
  EXPECT_THAT(zsh("mapquake replay ca"), HasSubstr("replay case.toml"));
}

TEST(ManualPages, AreThereForEveryCommandAndReadWithoutWarnings) {
  const ProcessResult help = run_mapquake({"--help"});
  const std::size_t commands_at = help.out.find("Subcommands:");
  ASSERT_NE(commands_at, std::string::npos);
  const std::regex command(R"(\n  ([a-z]+) )");
  const fs::path pages = testing_support::build_directory() / "generated" / "man";
  std::set<std::string> expected{"mapquake.1"};
  const std::string commands = help.out.substr(commands_at, help.out.find("Start with") - commands_at);
  for (std::sregex_iterator at(commands.begin(), commands.end(), command), end; at != end; ++at) {
    expected.insert("mapquake-" + (*at)[1].str() + ".1");
  }
  EXPECT_GT(expected.size(), 12u);
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(pages)) {
    if (entry.path().extension() != ".1") continue;
    found.insert(entry.path().filename());
    testing_support::Command man;
    man.argv = {"man", "--warnings", "-E", "UTF-8", "-l", entry.path()};
    man.environment = {{"LC_ALL", "C.UTF-8"}, {"MANPAGER", ""}, {"PAGER", ""}, {"MANWIDTH", "120"}};
    const ProcessResult shown = testing_support::run(man);
    if (shown.exit_code == 127) continue;
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_EQ(shown.err, "") << entry.path();
    EXPECT_THAT(shown.out, HasSubstr("EXIT STATUS"));
  }
  EXPECT_EQ(found, expected);
}

TEST(ManualPages, HaveEveryOptionOfTheHelp) {
  const std::regex option("--[a-z][a-z-]+");
  for (const char* command : {"run", "fuzz", "replay", "merge", "check"}) {
    const std::string help = run_mapquake({command, "--help"}).out;
    const std::string page =
        std::regex_replace(run_mapquake({"help", command, "--man"}).out, std::regex(R"(\\-)"), "-");
    for (std::sregex_iterator at(help.begin(), help.end(), option), end; at != end; ++at) {
      EXPECT_THAT(page, HasSubstr(at->str())) << command;
    }
  }
  EXPECT_EQ(run_mapquake({"help", "nothing", "--man"}).exit_code, 64);
}

}  // namespace
}  // namespace mapquake
