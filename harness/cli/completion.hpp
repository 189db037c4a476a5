// Completion for shells, and manual pages: texts made of the command line (command_tree.hpp).
#pragma once

#include "harness/cli/command_tree.hpp"

#include <string>
#include <vector>

namespace mapquake::cli {

/// Values that depend on what is installed.
struct CompletionNames {
  std::vector<std::string> maps;       ///< for what takes a MAP
  std::vector<std::string> programs;   ///< PROGRAM
  std::vector<std::string> scenarios;  ///< SCENARIO
  std::vector<std::string> incidents;  ///< INCIDENT
};

/// Scripts to be sourced. REQUIRES of bash 4 or later, zsh 5, fish 3. Names and words have no blanks or quotes in them.
std::string bash_completion(const CommandTree& tree, const CompletionNames& names);
std::string zsh_completion(const CommandTree& tree, const CompletionNames& names);
std::string fish_completion(const CommandTree& tree, const CompletionNames& names);

/// man(7) of `mapquake` itself (an empty name) or of one of its commands, UTF-8, without a date: the same program has
/// the same page. `exit_codes`: the text of `mapquake help exit-codes`. REQUIRES that the command exists.
std::string manual_page(const CommandTree& tree, const std::string& command, const std::string& exit_codes);

}  // namespace mapquake::cli
