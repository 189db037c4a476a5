// At which sizes does a map grow? Allocations tell: an insert that allocates much more than its neighbours moves into a
// larger table.
#pragma once

#include "harness/wire/slot.hpp"
#include "harness/worker/map_runner.hpp"

namespace mapquake {

/// The first sizes, ascending, at which an insert allocated at least half as much again as the median one, and 32 bytes
/// more. `bytes[n]` is what the insert into a map of n entries allocated. Size 0 does not count.
std::array<std::uint16_t, 8> growth_sizes_of(std::span<const std::uint64_t> bytes);

/// Fills an empty map with keys 1, 2, 3, … and answers the first sizes (numbers of entries before the insert) at which
/// it grew, as ScenarioOptions::growth_sizes. All 0 where it cannot add, where that fails, or where inserts do not
/// differ. Depends on the map's build alone. The program goes into the slot, as it may end the process.
std::array<std::uint16_t, 8> learn_growth_sizes(MapRunner& runner, const Slot& slot);

}  // namespace mapquake
