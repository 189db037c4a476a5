#include "harness/cli/commands.hpp"
#include "harness/cli/examples.hpp"
#include "harness/cli/suggest.hpp"
#include "harness/cli/usage_error.hpp"

#include <fmt/format.h>

#include <ostream>

namespace mapquake::cli {
namespace {

int print_help_of(const std::string& command, const Environment& environment) {
  std::vector<const char*> argv{"mapquake"};
  if (!command.empty()) argv.push_back(command.c_str());
  argv.push_back("--help");
  return run_command_line(static_cast<int>(argv.size()), argv.data(), environment);
}

}  // namespace

int help(const HelpArguments& arguments, const Environment& environment) {
  static const std::vector<std::string> commands{"list",    "run",    "fuzz",  "status", "merge", "replay", "shrink",
                                                 "explain", "report", "check", "import", "build", "bench",  "stress"};
  const std::string text = help_text(arguments.topic, environment);
  if (!text.empty()) {
    environment.out << text;
    return static_cast<int>(ExitCode::clean);
  }
  const bool is_command = std::find(commands.begin(), commands.end(), arguments.topic) != commands.end();
  if (arguments.topic.empty() || is_command) return print_help_of(arguments.topic, environment);
  std::vector<std::string> names = help_topics();
  names.insert(names.end(), commands.begin(), commands.end());
  const std::string near = did_you_mean(arguments.topic, names);
  return report_error(environment, {ExitCode::usage, fmt::format("no help on \"{}\"", arguments.topic),
                                    near + (near.empty() ? "" : " ") + "Topics: " + listed(help_topics()) + "."});
}

}  // namespace mapquake::cli
