// The failure that is kept for a map which is expected to fail (adapters/cases/MAP.toml): one execution confirms it,
// where finding it anew may take minutes.
#pragma once

#include "harness/campaign/campaign.hpp"
#include "harness/campaign/report.hpp"

#include <cstdint>
#include <filesystem>

namespace mapquake {

/// Replays the file on its map. Cost: one execution where the numbers of its events fit this build; else about one per
/// choice, and symbols. Errors: those of load_replay and resolve_choices; bad_input where it is another map's, or where
/// the replay ends in another outcome than the file or the map's adapter lists.
Result<StoredFailure> replay_stored(const std::filesystem::path& path, const MapInfo& map, Executor& executor,
                                    const SymbolizerFactory& make_symbolizer);

}  // namespace mapquake
