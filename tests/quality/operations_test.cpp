// docs/operations.md says of each operation what is so.
#include "tests/quality/documents.hpp"
#include "tests/quality/operation_facts.hpp"

#include "harness/history/operation_table.hpp"
#include "harness/history/outcome.hpp"
#include "harness/history/program.hpp"
#include "tests/support/places.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace mapquake::quality {
namespace {

using Cells = std::vector<std::string>;

/// The rows of a Markdown table whose first column is headed `head`, by what stands in that, without its backquotes.
std::map<std::string, Cells> table_of(const std::string& markdown, const std::string& head) {
  std::map<std::string, Cells> rows;
  std::istringstream lines(markdown);
  bool within = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("| " + head + " |")) within = true;
    if (line.empty()) within = false;
    if (!within || !line.starts_with("| `")) continue;
    Cells cells;
    std::string cell;
    std::istringstream row(line.substr(2));
    while (std::getline(row, cell, '|')) {
      const std::size_t first = cell.find_first_not_of(' '), last = cell.find_last_not_of(' ');
      cells.push_back(first == cell.npos ? "" : cell.substr(first, last + 1 - first));
    }
    const std::string name = cells[0].substr(1, cells[0].size() - 2);
    EXPECT_TRUE(rows.emplace(name, cells).second) << name << " has two rows";
  }
  return rows;
}

class OperationsDocument : public testing::Test {
 protected:
  const std::filesystem::path root_ = testing_support::source_directory();
  const std::map<std::string, Cells> rows_ = table_of(text_of(root_ / "docs" / "operations.md"), "Operation");
};

TEST_F(OperationsDocument, HasARowForEachOperationThatSaysWhatIsSo) {
  for (const OperationTraits& traits : operation_table) {
    const OperationFacts facts = facts_of(traits.kind);
    const std::string name(traits.name);
    const std::string row = "| `" + name + "` | " + facts.scenarios + " | " + facts.oracles + " | " + facts.shrinker +
                            " | " + facts.told + " | ";
    const auto found = rows_.find(name);
    if (found == rows_.end() || found->second.size() != 6) {
      ADD_FAILURE() << "no row of six cells:\n" << row;
      continue;
    }
    const Cells said(found->second.begin() + 1, found->second.begin() + 5);
    EXPECT_EQ(said, (Cells{facts.scenarios, facts.oracles, facts.shrinker, facts.told})) << row;
  }
}

TEST_F(OperationsDocument, HasNoOtherRow) {
  EXPECT_EQ(rows_.size(), operation_table.size());
}

TEST_F(OperationsDocument, NamesATestThatMakesACall) {
  for (const auto& [name, cells] : rows_) {
    const std::string path = cells.back().substr(1, cells.back().size() - 2);
    ASSERT_TRUE(path.starts_with("tests/") && std::filesystem::is_regular_file(root_ / path)) << name << ": " << path;
    const std::regex call("OpKind::" + name + R"(\b|[ (!])" + name + R"(\()");
    const std::string test = text_of(root_ / path);
    EXPECT_TRUE(std::regex_search(test, call)) << path << " never calls " << name;
    EXPECT_NE(test.find("EXPECT_"), std::string::npos) << path;
  }
}

TEST_F(OperationsDocument, KnowsWhatRegistersOperationsOfOnesOwn) {
  const auto own = table_of(text_of(root_ / "docs" / "operations.md"), "Registered by");
  EXPECT_EQ(own.size(), 2u);
  for (const auto& [name, cells] : own) {
    const char* header = name == "MAPQUAKE_OBJECT" ? "object.hpp" : "program.hpp";
    EXPECT_NE(text_of(root_ / "adapters" / "mapquake" / header).find("#define " + name + "("), std::string::npos)
        << name;
  }
}

TEST(TableText, IsTakenApartByName) {
  const auto rows =
      table_of("| Other | A |\n|---|---|\n| `x` | 1 |\n\n| Operation | A |\n|---|---|\n| `y` | a `b` |\n", "Operation");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.at("y"), (Cells{"`y`", "a `b`"}));
}

}  // namespace
}  // namespace mapquake::quality
