#include "harness/cli/completion.hpp"

#include "harness/cli/examples.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

namespace mapquake::cli {
namespace {

/// What may stand where a value is expected.
struct Values {
  enum class Kind : std::uint8_t { nothing, anything, words, files, directories };
  Kind kind = Kind::anything;
  std::vector<std::string> words;
  std::string extension;  ///< of files: "toml"; empty: any
};

Values values_of(const OptionInfo& option, const CommandTree& tree, const CompletionNames& names) {
  using Kind = Values::Kind;
  if (option.value.empty()) return {Kind::nothing, {}, {}};
  if (!option.words.empty()) return {Kind::words, option.words, {}};
  if (option.value == "MAP") return {Kind::words, names.maps, {}};
  if (option.value == "PROGRAM") return {Kind::words, names.programs, {}};
  if (option.value == "SCENARIO") return {Kind::words, names.scenarios, {}};
  if (option.value == "INCIDENT") return {Kind::words, names.incidents, {}};
  if (option.value == "TOPIC") {
    std::vector<std::string> topics = help_topics(), commands = command_names(tree);
    topics.insert(topics.end(), commands.begin(), commands.end());
    return {Kind::words, std::move(topics), {}};
  }
  if (option.value == "DIR") return {Kind::directories, {}, {}};
  if (option.value.starts_with("FILE.")) return {Kind::files, {}, option.value.substr(5)};
  if (option.value == "FILE" || option.value == "LOG") return {Kind::files, {}, {}};
  return {};
}

/// In single quotes, for bash and zsh.
std::string shell_word(const std::string& text) {
  std::string answer = "'";
  for (const char c : text) answer += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return answer + '\'';
}

std::string with_backslashes(const std::string& text, std::string_view special) {
  std::string answer;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) answer += '\\';
    answer += c;
  }
  return answer;
}

std::string bash_action(const Values& values) {
  switch (values.kind) {
    case Values::Kind::words:
      return fmt::format("_mapquake_words {}", shell_word(fmt::format("{}", fmt::join(values.words, " "))));
    case Values::Kind::files:
      return values.extension.empty() ? "_mapquake_files" : "_mapquake_files " + values.extension;
    case Values::Kind::directories:
      return "_mapquake_directories";
    case Values::Kind::nothing:
    case Values::Kind::anything:
      break;
  }
  return ":";
}

std::string zsh_action(const Values& values) {
  switch (values.kind) {
    case Values::Kind::words:
      return fmt::format("({})", fmt::join(values.words, " "));
    case Values::Kind::files:
      return values.extension.empty() ? "_files" : fmt::format("_files -g \"*.{}\"", values.extension);
    case Values::Kind::directories:
      return "_files -/";
    case Values::Kind::nothing:
    case Values::Kind::anything:
      break;
  }
  return " ";
}

/// One argument of _arguments for each way to write it.
std::string zsh_specifications(const CommandInfo& command, const CommandTree& tree, const CompletionNames& names) {
  std::string text;
  for (const OptionInfo& option : command.options) {
    const Values values = values_of(option, tree, names);
    const std::string value =
        values.kind == Values::Kind::nothing ? "" : fmt::format(":{}:{}", option.value, zsh_action(values));
    if (option.by_place) {
      text += " \\\n        " + shell_word((option.repeatable ? "*" : option.required ? ":" : "::") + value);
      continue;
    }
    for (const std::string& name : option.names) {
      text += " \\\n        " +
              shell_word(fmt::format("{}{}{}[{}]{}", option.repeatable ? "*" : "", name, value.empty() ? "" : "=",
                                     with_backslashes(option.about, "[]:\\"), value));
    }
  }
  return text;
}

std::string fish_word(const std::string& text) {
  return '\'' + with_backslashes(text, "'\\") + '\'';
}

std::string fish_lines(const CommandInfo& command, const std::string& condition, const CommandTree& tree,
                       const CompletionNames& names) {
  std::string text;
  for (const OptionInfo& option : command.options) {
    const Values values = values_of(option, tree, names);
    std::string line = "complete -c mapquake -n " + condition;
    for (const std::string& name : option.names) {
      if (!option.by_place) line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    if (values.kind == Values::Kind::words) {
      line += (option.by_place ? " -a " : " -x -a ") + fish_word(fmt::format("{}", fmt::join(values.words, " ")));
    } else if (values.kind == Values::Kind::files && values.extension.empty()) {
      line += option.by_place ? " -F" : " -r -F";
    } else if (values.kind == Values::Kind::files) {
      line += fmt::format(" -k -x -a '(__fish_complete_suffix .{})'", values.extension);
    } else if (values.kind == Values::Kind::directories) {
      line += (option.by_place ? std::string() : " -x") + " -a '(__fish_complete_directories)'";
    } else if (values.kind == Values::Kind::anything) {
      line += " -x";
    }
    if (!option.by_place) line += " -d " + fish_word(option.about);
    text += line + '\n';
  }
  return text;
}

/// Values after an option: the same action once, for all commands and options that have it.
std::string bash_value_cases(const CommandTree& tree, const CompletionNames& names) {
  std::map<std::string, std::vector<std::string>> patterns;
  for (const CommandInfo& command : tree.commands) {
    for (const OptionInfo& option : command.options) {
      const Values values = values_of(option, tree, names);
      if (option.by_place || values.kind == Values::Kind::nothing) continue;
      for (const std::string& name : option.names) {
        patterns[bash_action(values)].push_back(shell_word(command.name + ' ' + name));
      }
    }
  }
  std::string text;
  for (const auto& [action, those] : patterns) {
    text += fmt::format("    {})\n      {}; return ;;\n", fmt::join(those, "|"), action);
  }
  return text;
}

}  // namespace

std::string bash_completion(const CommandTree& tree, const CompletionNames& names) {
  std::string commands;
  for (const CommandInfo& command : tree.commands) {
    std::string options, by_place = ":";
    for (const OptionInfo& option : command.options) {
      if (option.by_place) {
        by_place = bash_action(values_of(option, tree, names));
      } else {
        for (const std::string& name : option.names) options += (options.empty() ? "" : " ") + name;
      }
    }
    commands +=
        fmt::format("    {}) options={}; words={} ;;\n", command.name, shell_word(options), shell_word(by_place));
  }
  std::string options;
  for (const OptionInfo& option : tree.root.options) {
    for (const std::string& name : option.names) options += ' ' + name;
  }
  return fmt::format(R"(# bash completion of mapquake, written by `mapquake completion bash`.
_mapquake_words() {{ mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }}
_mapquake_directories() {{ compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$current"); }}
_mapquake_files() {{
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -d -- "$current"; compgen -f -X "!*${{1:+.$1}}" -- "$current" | while IFS= read -r file
    do [[ -d $file ]] || printf '%s\n' "$file"; done)
}}
_mapquake() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command='' options words i
  COMPREPLY=()
  # "--map=x" is three words.
  if [[ $current == '=' ]]; then current=''
  elif [[ $previous == '=' ]]; then previous=${{COMP_WORDS[COMP_CWORD-2]}}; fi
  for ((i = 1; i < COMP_CWORD; ++i)); do
    if [[ ${{COMP_WORDS[i]}} == '--' ]]; then _mapquake_files; return; fi
    if [[ -z $command && ${{COMP_WORDS[i]}} != -* ]]; then command=${{COMP_WORDS[i]}}; fi
  done
  case "$command $previous" in
{}  esac
  case $command in
    '') _mapquake_words {}; return ;;
{}    *) return ;;
  esac
  if [[ $current == -* ]]; then _mapquake_words "$options"; else eval "$words"; fi
}}
complete -F _mapquake mapquake
)",
                     bash_value_cases(tree, names),
                     shell_word(fmt::format("{}{}", fmt::join(command_names(tree), " "), options)), commands);
}

std::string zsh_completion(const CommandTree& tree, const CompletionNames& names) {
  std::string described, cases;
  for (const CommandInfo& command : tree.commands) {
    described += "    " + shell_word(command.name + ':' + with_backslashes(command.about, ":\\")) + '\n';
    cases += fmt::format("      {}) _arguments -S :{} ;;\n", command.name, zsh_specifications(command, tree, names));
  }
  return fmt::format(R"(#compdef mapquake
# zsh completion of mapquake, written by `mapquake completion zsh`.
_mapquake_commands() {{
  local -a commands=(
{}  )
  _describe -t commands command commands
}}
_mapquake() {{
  local context state state_descr line
  typeset -A opt_args
  _arguments -C :{} \
        '1: :_mapquake_commands' '*:: :->arguments'
  if [[ $state == arguments ]]; then
    case $words[1] in
{}    esac
  fi
}}
if [[ $funcstack[1] == _mapquake ]]; then _mapquake "$@"; else compdef _mapquake mapquake; fi
)",
                     described, zsh_specifications(tree.root, tree, names), cases);
}

std::string fish_completion(const CommandTree& tree, const CompletionNames& names) {
  std::string text =
      "# fish completion of mapquake, written by `mapquake completion fish`.\n"
      "complete -c mapquake -f\n";
  text += fish_lines(tree.root, "__fish_use_subcommand", tree, names);
  for (const CommandInfo& command : tree.commands) {
    text += fmt::format("complete -c mapquake -n __fish_use_subcommand -a {} -d {}\n", command.name,
                        fish_word(command.about));
  }
  for (const CommandInfo& command : tree.commands) {
    text += fish_lines(command, fmt::format("'__fish_seen_subcommand_from {}'", command.name), tree, names);
  }
  return text;
}

}  // namespace mapquake::cli
