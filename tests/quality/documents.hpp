// What the Markdown documents promise: files that they link or name, commands that they quote.
#pragma once

#include "tests/support/text_of.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mapquake::quality {

/// README.md and the other documents in the root and below docs/.
std::vector<std::filesystem::path> documents_of(const std::filesystem::path& root);

/// Everything between backquotes and the lines of fenced blocks (a line that ends in a backslash joined to its next).
std::vector<std::string> code_of(const std::string& markdown);

/// Targets of `[text](target)` that are no URLs and no mere anchors, without their anchors.
std::vector<std::string> links_of(const std::string& markdown);

/// A quoted command of this project: "mapquake run --all", "make test".
struct Quoted {
  std::string program;               ///< "mapquake" or "make"
  std::string word;                  ///< command or target; empty: none was given, or a PLACEHOLDER
  std::vector<std::string> options;  ///< "--all"; those after the word
};
std::vector<Quoted> commands_of(const std::string& markdown);

using testing_support::text_of;

}  // namespace mapquake::quality
