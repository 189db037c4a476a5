// From names on the command line to maps and scenarios.
#pragma once

#include "harness/cli/arguments.hpp"
#include "harness/cli/environment.hpp"

#include <string>
#include <vector>

namespace mapquake::cli {

/// The maps that the arguments name, in the order of their names. Plugins hide bundled maps of the same name;
/// with plugins, a glob is for theirs alone.
/// Plugins of the bundled directory that cannot be read are told on `environment.err`, and are an error only if nothing
/// else is left. Errors: usage for an unknown name, what read_plugin answers for a plugin.
Result<std::vector<MapInfo>> select_maps(const MapArguments& arguments, const Environment& environment);

/// Errors: usage for an unknown name.
Result<Done> check_scenarios(const std::vector<std::string>& names, const Environment& environment);

/// The map of a replay file: out of `plugin` if given, else out of the file's plugin, else bundled.
Result<MapInfo> find_map(const std::string& name, const std::filesystem::path& plugin, const Environment& environment);

}  // namespace mapquake::cli
