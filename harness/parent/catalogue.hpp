// Which maps there are. Plugins are read by a child process: the calling process never runs their code.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/case/map_info.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace mapquake {

/// The maps of one plugin file. Errors (bad_input): not a shared object, no mapquake_plugin symbol, another version,
/// undefined symbols, a crash or hang while loading; each with what to do.
Result<std::vector<MapInfo>> read_plugin(const std::filesystem::path& file);

/// The maps of every *.so in the bundled directory ($MAPQUAKE_PLUGINS, else next to the executable: adapters/, else
/// ../lib/mapquake/), sorted by name. A plugin that cannot be read is an error in `problems`, not the end.
std::vector<MapInfo> bundled_maps(std::vector<Error>& problems);

/// An executor for the map: starts a template process that has loaded the plugin and forks workers from it.
Result<std::unique_ptr<Executor>> make_executor(const MapInfo& map, const Limits& limits);

}  // namespace mapquake
