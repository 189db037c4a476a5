// What a campaign finds out of a map by a few executions of one thread before it explores it: which of the keys that
// maps often reserve it keeps, and at which sizes it grows. A key that it does not keep (it cannot be added, or is not
// found then, or an ordered map has another place for it) may be reserved, which its documentation says, or a defect,
// which then is one for every caller: so the user is told, and programs leave those keys out. What it keeps must be
// right in every other way, too; and a map that keeps most of these keys must not be damaged (crash, access out of
// bounds, …) by another of them: that is no way to reserve it.
#pragma once

#include "harness/campaign/growth_sizes.hpp"
#include "harness/case/executor.hpp"
#include "harness/case/map_info.hpp"

#include <cstdint>

namespace mapquake {

struct MapTraits {
  /// Bits of scenarios/special_keys.hpp.
  std::uint16_t keys_kept = 0;     ///< right with every hash that scenarios use, or wrong as a defect is
  std::uint16_t keys_refused = 0;  ///< looked at, and not right
  GrowthSizes growth_sizes{};
  TableBlocks tables;
};

/// Nothing where the map can add nothing, is not right with ordinary keys, or needs so many steps for a few operations
/// that this would take long. Depends on the map's build alone, unless the executor was cut off. Cost: some twenty
/// short executions; a key that ends the process costs a new one.
MapTraits probe_map(Executor& executor, const MapInfo& map);

}  // namespace mapquake
