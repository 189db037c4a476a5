// Delays within the map's code: the compiler calls a hook in every basic block (-fsanitize-coverage=trace-pc), and in
// each round a few blocks, drawn anew, hold threads up where they stand. Long enough for others to do whole calls
// meanwhile.
#pragma once

#include "harness/base/code_range.hpp"

#include <cstdint>
#include <vector>

namespace mapquake::driver {

/// For one round, drawn from `seed`: `share` of all blocks are delay sites. 0: none. Requires: no thread uses the map.
void set_delay_sites(std::uint64_t seed, double share);
/// For one round: the blocks at or just before these places, which lie from `base` on, are the delay sites instead.
/// Requires: sorted, none overlaps another; no thread uses the map.
void set_delay_places(std::uint64_t seed, std::uintptr_t base, const std::vector<CodeRange>& places);
/// Only threads that take part are held up, at most 32 times from here on.
void take_part_in_delays(bool takes_part, std::uint64_t seed);
/// A place between calls, or one that the map names.
void maybe_delay(const void* place);

}  // namespace mapquake::driver
