// What a deterministic campaign found, for real threads: where the stored failures of a map switch or delay threads.
#pragma once

#include "harness/parent/code_places.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace mapquake::cli {

/// Of every failure of the map in the store. A store that is not there has none; files that cannot be read are left
/// out.
std::set<SourceLine> interesting_places(const std::filesystem::path& store, const std::string& map);

}  // namespace mapquake::cli
