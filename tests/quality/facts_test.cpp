// Facts below, words above: what finds and what decides gives facts; the sentences about them are made in one place,
// that neither can see, and so may be reworded.
#include "tests/quality/layers.hpp"
#include "tests/support/places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::quality {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

/// All that make sentences about executions.
constexpr std::array<std::string_view, 4> words{"harness/history/phrases.hpp", "harness/history/witness_words.hpp",
                                                "harness/history/reason_words.hpp", "harness/case/execution_words.hpp"};

/// Where findings are made, and what those folders see.
constexpr std::array<std::string_view, 5> finders{"runtime", "oracle", "worker", "wire", "parent"};
constexpr std::array<std::string_view, 4> below_finders{"choice", "memory", "scenarios", "strategy"};

bool lies_in(std::string_view file, std::string_view folder) {
  if (file.starts_with("harness/")) file.remove_prefix(8);
  return file.starts_with(std::string(folder) + "/");
}

bool makes_words(std::string_view file) {
  const auto stem = [](std::string_view path) { return path.substr(0, path.rfind('.')); };
  // In its own folder, what makes sentences makes them of others; each has _words in its name, but for the oldest.
  return stem(file).ends_with("_words") || stem(file) == stem(words[0]);
}

/// A literal of three words in a row. What mapquake asserts of itself is none: no user is told of it but of a bug.
bool holds_sentence(const std::string& line) {
  static const std::regex sentence(R"re("[^"]*[A-Za-z]+ [a-z]+ [a-z]+[^"]*")re");
  const std::string code = line.substr(0, line.find("//"));
  return code.find("MQ_ASSERT(") == std::string::npos && std::regex_search(code, sentence);
}

std::vector<std::string> sentences_in(const fs::path& root, std::string_view folder) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(root / "harness" / folder)) {
    // A plugin that cannot be loaded is the user's error, told at once.
    if (!entry.is_regular_file() || entry.path().filename() == "plugin.cpp") continue;
    std::ifstream file(entry.path());
    unsigned number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      if (holds_sentence(line)) {
        found.push_back(fs::relative(entry.path(), root).generic_string() + ":" + std::to_string(number) + ": " + line);
      }
    }
  }
  return found;
}

TEST(Facts, WhatFindsSeesNoSentences) {
  std::vector<std::string> found;
  unsigned makers = 0;
  for (const Include& include : includes_of_tree(testing_support::source_directory())) {
    if (std::ranges::find(words, include.target) == words.end()) continue;
    ++makers;
    const auto is_in = [&](std::string_view folder) { return lies_in(include.file, folder); };
    const bool finds = std::ranges::any_of(finders, is_in) || std::ranges::any_of(below_finders, is_in);
    // What a finder includes of the vocabulary leads to no words either.
    const bool is_vocabulary = (is_in("history") || is_in("case")) && !makes_words(include.file);
    if (finds || is_vocabulary) found.push_back(include.file + " includes " + include.target);
  }
  EXPECT_THAT(found, IsEmpty());
  EXPECT_GT(makers, 10U) << "reports and commands do";
}

TEST(Facts, WhatFindsHoldsNoSentences) {
  for (const std::string_view folder : {"runtime", "oracle", "worker", "memory", "strategy"}) {
    EXPECT_THAT(sentences_in(testing_support::source_directory(), folder), IsEmpty());
  }
  EXPECT_THAT(sentences_in(testing_support::source_directory(), "history"), Not(IsEmpty()));
}

TEST(Facts, ASentenceIsKnownByItsWords) {
  EXPECT_TRUE(holds_sentence(R"(  abandon(outcome, symptom, "the map was wrong");)"));
  EXPECT_TRUE(holds_sentence(R"(  text += " took " + n + " steps of the execution";)"));
  EXPECT_FALSE(holds_sentence(R"(  name = "reader-writer lock";)"));
  EXPECT_FALSE(holds_sentence(R"(  x = 1;  // "the map was wrong")"));
  EXPECT_FALSE(holds_sentence(R"(  MQ_ASSERT(!"a thread that has ended ran on");)"));
}

TEST(Facts, WhatDecidesSeesNoSentences) {
  for (const char* decider :
       {"harness/store/signature.cpp", "harness/worker/defect_fingerprint.cpp", "harness/case/known_defects.cpp",
        "harness/campaign/suppressions.cpp", "harness/shrink/session.cpp", "reports/selection.cpp"}) {
    const auto seen = included_by(testing_support::source_directory(), decider);
    EXPECT_GT(seen.size(), 2u) << decider;
    for (const std::string_view sentences : words) EXPECT_THAT(seen, Not(Contains(sentences))) << decider;
  }
  const auto reports = included_by(testing_support::source_directory(), "reports/stacks.cpp");
  EXPECT_THAT(reports, Contains("harness/history/witness_words.hpp"));
}

}  // namespace
}  // namespace mapquake::quality
