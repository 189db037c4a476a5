#include "tests/quality/documents.hpp"

#include "tests/quality/layers.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

namespace mapquake::quality {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::source_directory;

/// Words of `text` that match, such as all "--option"s of a help text.
std::set<std::string> words_like(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  std::set<std::string> words;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match) {
    words.insert((*match)[1].str());
  }
  return words;
}

/// The options that `mapquake COMMAND --help` shows; empty where there is no such command.
const std::set<std::string>& options_of(const std::string& command) {
  static std::map<std::string, std::set<std::string>> known;
  if (const auto found = known.find(command); found != known.end()) return found->second;
  std::vector<std::string> arguments;
  if (!command.empty()) arguments.push_back(command);
  arguments.emplace_back("--help");
  const auto help = testing_support::run_mapquake(arguments);
  // Of an unknown command it shows the help of all.
  const std::string usage = "Usage: mapquake " + command + (command.empty() ? "" : " ");
  const bool exists = help.exit_code == 0 && help.out.find(usage) != std::string::npos;
  return known[command] = exists ? words_like(help.out, R"((--[a-z][a-z-]*))") : std::set<std::string>{};
}

class Documents : public testing::Test {
 protected:
  const fs::path root_ = source_directory();
  const std::vector<fs::path> documents_ = documents_of(root_);
};

TEST_F(Documents, AreAllThere) {
  for (const char* name :
       {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/ARCHITECTURE.md", "docs/adapters.md"}) {
    EXPECT_NE(std::find(documents_.begin(), documents_.end(), root_ / name), documents_.end()) << name;
  }
  EXPECT_THAT(text_of(root_ / "LICENSE"), HasSubstr("Apache License"));
}

TEST_F(Documents, LinkWhatExists) {
  for (const fs::path& document : documents_) {
    for (const std::string& link : links_of(text_of(document))) {
      EXPECT_TRUE(fs::exists(document.parent_path() / link)) << document << " links " << link;
    }
  }
}

TEST_F(Documents, NameFilesThatExist) {
  const std::regex path(R"((adapters|cmake|docs|harness|reports|scenarios|tests|tools)/[A-Za-z0-9_./-]*)");
  unsigned checked = 0;
  for (const fs::path& document : documents_) {
    for (const std::string& code : code_of(text_of(document))) {
      if (!std::regex_match(code, path)) continue;
      EXPECT_TRUE(fs::exists(root_ / code)) << document << " names " << code;
      ++checked;
    }
  }
  EXPECT_GT(checked, 10u);
}

TEST_F(Documents, QuoteCommandsThatExist) {
  const std::set<std::string> targets = words_like("\n" + text_of(root_ / "Makefile"), R"(\n([a-z-]+):)");
  ASSERT_TRUE(targets.contains("test"));
  // Within gdb, whose commands begin with the same word.
  const std::set<std::string> of_gdb =
      words_like(text_of(root_ / "harness/cli/gdb/commands.py"), R"(@command\ndef ([a-z]+)_)");
  ASSERT_TRUE(of_gdb.contains("threads"));
  unsigned checked = 0;
  for (const fs::path& document : documents_) {
    for (const Quoted& quoted : commands_of(text_of(document))) {
      if (quoted.program == "make") {
        EXPECT_TRUE(quoted.word.empty() || targets.contains(quoted.word)) << document << ": make " << quoted.word;
        continue;
      }
      if (of_gdb.contains(quoted.word)) continue;
      const std::set<std::string>& options = options_of(quoted.word);
      EXPECT_FALSE(options.empty()) << document << ": mapquake " << quoted.word << " is no command";
      for (const std::string& option : quoted.options) {
        EXPECT_TRUE(options.contains(option)) << document << ": mapquake " << quoted.word << " has no " << option;
      }
      ++checked;
    }
  }
  EXPECT_GT(checked, 5u);
}

TEST_F(Documents, ShowTheLayersAsTheyAreEnforced) {
  EXPECT_THAT(text_of(root_ / "docs" / "ARCHITECTURE.md"), HasSubstr("```\n" + picture_of_layers() + "```\n"));
}

TEST(DocumentText, CodeIsSpansAndFencedLines) {
  EXPECT_THAT(code_of("Say `a b` and `c`.\n```sh\n$ d \\\n  e\nf\n```\n`g`\n"),
              ElementsAre("a b", "c", "$ d   e", "f", "g"));
}

TEST(DocumentText, LinksAreThoseToFiles) {
  EXPECT_THAT(links_of("[a](b.md) [c](d/e.md#f) [g](#h) [i](https://example.org/x) ![j](k.png)"),
              ElementsAre("b.md", "d/e.md", "k.png"));
}

TEST(DocumentText, CommandsAreThoseOfThisProject) {
  const auto commands = commands_of(
      "`mapquake --version`, `make test`, `ls`\n```\n$ mapquake run --map 'a_*' --time=5s   # --not an option\n"
      "build/mapquake list | less --quit\nmake PREFIX=/opt install\nmapquake COMMAND --help\nmapquake = 1\n```\n");
  ASSERT_EQ(commands.size(), 6u);
  EXPECT_EQ(commands[0].word, "");
  EXPECT_THAT(commands[0].options, ElementsAre("--version"));
  EXPECT_EQ(commands[1].program, "make");
  EXPECT_EQ(commands[1].word, "test");
  EXPECT_EQ(commands[2].word, "run");
  EXPECT_THAT(commands[2].options, ElementsAre("--map", "--time"));
  EXPECT_EQ(commands[3].word, "list");
  EXPECT_THAT(commands[3].options, testing::IsEmpty());
  EXPECT_EQ(commands[4].word, "install");
  EXPECT_EQ(commands[5].word, "");
  EXPECT_THAT(commands[5].options, ElementsAre("--help"));
}

TEST(DocumentText, AnUnknownCommandHasNoOptions) {
  EXPECT_TRUE(options_of("conjure").empty());
  EXPECT_TRUE(options_of("run").contains("--plugin"));
  EXPECT_FALSE(options_of("run").contains("--conjure"));
}

}  // namespace
}  // namespace mapquake::quality
