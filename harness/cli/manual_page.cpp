#include "harness/base/assert.hpp"
#include "harness/cli/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace mapquake::cli {
namespace {

/// Text that roff shows as it stands. A hyphen that is part of a command must stay one that can be copied.
std::string roff(const std::string& text) {
  std::string answer;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) answer += "\\&";
    line_begins = c == '\n';
    if (c == '\\') {
      answer += "\\e";
    } else if (c == '-') {
      answer += "\\-";
    } else {
      answer += c;
    }
  }
  return answer;
}

std::string page_of(const std::string& command) {
  return command.empty() ? "mapquake" : "mapquake-" + command;
}

/// ".B --map \fIMAP\fR": all its names, then what it takes.
std::string heading(const OptionInfo& option) {
  std::string text;
  for (const std::string& name : option.names) text += (text.empty() ? "\\fB" : ", \\fB") + roff(name) + "\\fR";
  if (option.by_place) return text + (option.repeatable ? " …" : "");
  return option.value.empty() ? text : text + " \\fI" + roff(option.value) + "\\fR";
}

std::string options_text(const CommandInfo& command) {
  std::string text;
  for (const bool by_place : {true, false}) {
    for (const OptionInfo& option : command.options) {
      if (option.by_place != by_place) continue;
      text += ".TP\n" + heading(option) + '\n' + roff(option.about);
      if (!option.words.empty()) text += roff(fmt::format(" [{}]", fmt::join(option.words, ", ")));
      if (!option.default_value.empty()) text += roff(fmt::format(" (default: {})", option.default_value));
      text += '\n';
    }
  }
  return text;
}

std::string synopsis(const CommandInfo& command) {
  std::string text = ".B mapquake";
  if (!command.name.empty()) text += ' ' + command.name;
  text += "\n[\\fIOPTION\\fR …]";
  for (const OptionInfo& option : command.options) {
    const std::string words = "\\fI" + roff(option.by_place ? option.names.front() : option.value) + "\\fR" +
                              (option.by_place && option.repeatable ? " …" : "");
    if (option.by_place) {
      text += option.required ? ' ' + words : " [" + words + ']';
    } else if (option.required) {
      text += " \\fB" + roff(option.names.front()) + "\\fR " + words;
    }
  }
  return text + '\n';
}

std::string as_it_stands(const std::string& text) {
  return ".nf\n" + roff(text) + (text.ends_with('\n') ? "" : "\n") + ".fi\n";
}

}  // namespace

std::string manual_page(const CommandTree& tree, const std::string& command, const std::string& exit_codes) {
  const auto found = std::ranges::find(tree.commands, command, &CommandInfo::name);
  MQ_ASSERT(command.empty() || found != tree.commands.end());
  const CommandInfo& info = command.empty() ? tree.root : *found;
  const std::string page = page_of(command);
  std::string text = fmt::format(".TH {} 1 \"\" \"mapquake {}\" \"mapquake\"\n.SH NAME\n{} \\- {}\n", page,
                                 MAPQUAKE_VERSION, roff(page), roff(info.about));
  if (command.empty()) {
    text += ".SH SYNOPSIS\n.B mapquake\n\\fICOMMAND\\fR [\\fIOPTION\\fR …]\n.SH COMMANDS\n";
    for (const CommandInfo& each : tree.commands) {
      text += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(page_of(each.name)) + "\\fR(1)", roff(each.about));
    }
  } else {
    text += ".SH SYNOPSIS\n" + synopsis(info);
  }
  text += ".SH OPTIONS\n" + options_text(info);
  if (!info.footer.empty()) text += ".SH EXAMPLES\n" + as_it_stands(info.footer);
  text += ".SH EXIT STATUS\n" + as_it_stands(exit_codes);
  text += ".SH SEE ALSO\n";
  std::string others = command.empty() ? "" : "\\fBmapquake\\fR(1)";
  for (const CommandInfo& each : tree.commands) {
    if (each.name == command) continue;
    others += (others.empty() ? "" : ",\n") + fmt::format("\\fB{}\\fR(1)", roff(page_of(each.name)));
  }
  return text + others + '\n';
}

}  // namespace mapquake::cli
