// What the command line consists of, as values. The parser is its one source: --help, the manual pages and the
// completions of the shells cannot differ.
#pragma once

#include <string>
#include <vector>

namespace mapquake::cli {

/// An option, or a word that a command takes by its place.
struct OptionInfo {
  std::vector<std::string> names;  ///< "--map"; all of them mean the same. Of a word by its place: its one name, "FILE"
  bool by_place = false;
  bool required = false;
  bool repeatable = false;
  std::string value;               ///< what it takes, as --help calls it: "TIME"; empty: nothing
  std::vector<std::string> words;  ///< the values that it may have; empty: any
  std::string about;
  std::string default_value;  ///< empty: none that is shown
};

struct CommandInfo {
  std::string name;
  std::string about;
  std::vector<OptionInfo> options;
  std::string footer;  ///< what --help shows below the options: examples and notes
};

struct CommandTree {
  CommandInfo root;  ///< `mapquake` without a command
  std::vector<CommandInfo> commands;
};

/// As parse_arguments() understands it. In parse_tree.cpp.
CommandTree command_tree();

std::vector<std::string> command_names(const CommandTree& tree);

}  // namespace mapquake::cli
