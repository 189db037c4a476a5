#include "harness/cli/usage_error.hpp"

#include "harness/cli/suggest.hpp"

#include <algorithm>

namespace mapquake::cli {
namespace {

std::string joined(const std::string& hint, const std::string& help) {
  return hint + (hint.empty() ? "" : " ") + "See `" + help + "`.";
}

}  // namespace

Error no_command(std::span<const std::string> words, std::span<const std::string> commands,
                 std::span<const std::string> options) {
  const std::string help = "mapquake --help";
  const std::string word = words.empty() ? "" : words.front();
  if (word.empty()) return {ExitCode::usage, "no command", joined("Try `mapquake run --all --time 10s`.", help)};
  const bool option = word.front() == '-';
  return {ExitCode::usage, (option ? "unknown option \"" : "unknown command \"") + word + "\"",
          joined(did_you_mean(word, option ? options : commands), help)};
}

Error wrong_use(const std::string& command, std::string_view what, std::span<const std::string> words,
                std::span<const std::string> options) {
  const std::string help = "mapquake " + command + " --help";
  for (const std::string& text : words) {
    const std::string word = text.substr(0, text.find('='));
    const bool known = std::ranges::find(options, word) != options.end();
    if (!word.starts_with("--") || known) continue;
    return {ExitCode::usage, command + ": unknown option \"" + word + "\"", joined(did_you_mean(word, options), help)};
  }
  return {ExitCode::usage, command + ": " + std::string(what), joined("", help)};
}

std::string listed(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace mapquake::cli
