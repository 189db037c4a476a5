// What a deterministic campaign found, for real threads: where the stored failures of a map switch or delay threads.
#pragma once

#include "harness/nightly/directory.hpp"
#include "harness/parent/code_places.hpp"

#include <set>
#include <string>

namespace mapquake::cli {

/// Of every failure of the map in a store; files that cannot be read are left out.
std::set<SourceLine> interesting_places(const nightly::Index& store, const std::string& map);

}  // namespace mapquake::cli
