// An edit above a function moves all lines of it together, and a renamed file renames all its places.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/store/replay_file.hpp"

#include <vector>

namespace mapquake {

/// Copies of `file`, each with the places of one source file so many lines further down or up, in that file or in
/// another: so that its first choice of them is at a place where `trace` has an event of the same thread, operation and
/// kind. By how far the lines have moved, the fewest first; at most 32 for each source file.
std::vector<ReplayFile> with_places_moved(const ReplayFile& file, const Trace& trace, const SiteFunction& site);

}  // namespace mapquake
