// Where this user's caches lie. What stands there can be had again, by work.
#pragma once

#include <filesystem>

namespace mapquake {

/// $MAPQUAKE_CACHE, else $XDG_CACHE_HOME/mapquake, else ~/.cache/mapquake, else a directory of the user in the
/// temporary one. It need not exist.
std::filesystem::path cache_directory();

}  // namespace mapquake
