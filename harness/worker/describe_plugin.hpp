// What a loaded plugin says of its maps, as the template's first packet.
#pragma once

#include "harness/worker/plugin.hpp"

#include <filesystem>
#include <string>

namespace mapquake {

/// Text for parse_description (wire/protocol.hpp). Called in the process that loaded the plugin.
std::string describe_plugin(const std::filesystem::path& file, const LoadedPlugin& loaded);

}  // namespace mapquake
