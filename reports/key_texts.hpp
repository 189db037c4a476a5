// The keys that the map was given, where they are strings: which one begins another, and how long each is, decides much
// and does not show in their numbers.
#pragma once

#include "harness/case/map_info.hpp"
#include "harness/history/program.hpp"

#include <cstddef>
#include <string>

namespace mapquake::reports {

/// "     keys    4 is "#00000000000004", …": of each number that names a key of the program, the few first ones. Empty
/// where keys are not std::string.
std::string key_texts(const Program& program, const MapInfo& map, std::size_t width);

}  // namespace mapquake::reports
