#include "harness/cli/command_tree.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/completion.hpp"
#include "harness/cli/examples.hpp"
#include "harness/cli/incidents.hpp"
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
  const CommandTree tree = command_tree();
  const std::vector<std::string> commands = command_names(tree);
  const std::string text = arguments.man ? "" : help_text(arguments.topic, environment);
  if (!text.empty()) {
    environment.out << text;
    return static_cast<int>(ExitCode::clean);
  }
  const bool is_command = std::find(commands.begin(), commands.end(), arguments.topic) != commands.end();
  if (arguments.man && (arguments.topic.empty() || is_command)) {
    environment.out << manual_page(tree, arguments.topic, help_text("exit-codes", environment));
    return static_cast<int>(ExitCode::clean);
  }
  if (arguments.topic.empty() || is_command) return print_help_of(arguments.topic, environment);
  std::vector<std::string> names = help_topics();
  names.insert(names.end(), commands.begin(), commands.end());
  const std::string near = did_you_mean(arguments.topic, names);
  return report_error(environment, {ExitCode::usage, fmt::format("no help on \"{}\"", arguments.topic),
                                    near + (near.empty() ? "" : " ") + "Topics: " + listed(help_topics()) + "."});
}

/// Bundled maps that cannot be read are left out: a completion is no place for complaints.
int completion(const CompletionArguments& arguments, const Environment& environment) {
  CompletionNames names;
  std::vector<Error> ignored;
  for (const MapInfo& map : environment.bundled_maps(ignored)) {
    (map.is_program() ? names.programs : names.maps).push_back(map.name);
  }
  for (const Scenario* scenario : environment.scenarios) names.scenarios.emplace_back(scenario->name());
  names.incidents.emplace_back("all");
  if (const auto incidents = select_incidents({"all"}, environment)) {
    for (const Incident& incident : *incidents) names.incidents.push_back(incident.id);
  }
  const CommandTree tree = command_tree();
  switch (arguments.shell) {
    case Shell::bash:
      environment.out << bash_completion(tree, names);
      break;
    case Shell::zsh:
      environment.out << zsh_completion(tree, names);
      break;
    case Shell::fish:
      environment.out << fish_completion(tree, names);
      break;
  }
  return static_cast<int>(ExitCode::clean);
}

}  // namespace mapquake::cli
