#include "harness/cli/command_tree.hpp"
#include "harness/cli/parse_parts.hpp"

namespace mapquake::cli {
namespace {

std::vector<std::string> names_of(const CLI::Option& option) {
  if (option.get_positional()) return {option.get_name(true, false)};
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

/// CLI11 tells of validators only to who may change them.
std::vector<std::string> words_of(CLI::Option& option) {
  try {
    return CLI::detail::split_up(option.get_validator(0)->get_name());
  } catch (const CLI::OptionNotFound&) {
    return {};
  }
}

CommandInfo info_of(CLI::App& app) {
  CommandInfo info{app.get_name(), app.get_description(), {}, app.get_footer()};
  for (CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
    const bool takes_values = option->get_type_size_max() > 0;
    info.options.push_back({.names = names_of(*option),
                            .by_place = option->get_positional(),
                            .required = option->get_required(),
                            .repeatable = option->get_items_expected_max() > 1,
                            .value = option->get_positional() ? option->get_name(true, false)
                                     : takes_values           ? option->get_type_name()
                                                              : "",
                            .words = words_of(*option),
                            .about = option->get_description(),
                            .default_value = option->get_default_str()});
  }
  return info;
}

}  // namespace

CommandTree command_tree() {
  Arguments ignored;
  const auto root = make_parser(ignored);
  CommandTree tree{info_of(*root), {}};
  for (CLI::App* app : root->get_subcommands([](const CLI::App*) { return true; })) {
    tree.commands.push_back(info_of(*app));
    // What has no footer of its own shows that of the root.
    if (tree.commands.back().footer == tree.root.footer) tree.commands.back().footer.clear();
  }
  return tree;
}

std::vector<std::string> command_names(const CommandTree& tree) {
  std::vector<std::string> names;
  for (const CommandInfo& command : tree.commands) names.push_back(command.name);
  return names;
}

}  // namespace mapquake::cli
