// Delays within the map's code: the compiler calls a hook in every basic block (-fsanitize-coverage=trace-pc), and in
// each round a few blocks, drawn anew, hold threads up where they stand. Long enough for others to do whole calls
// meanwhile.
#pragma once

#include <cstdint>

namespace mapquake::driver {

/// For one round, drawn from `seed`: `share` of all blocks are delay sites. 0: none. Requires: no thread uses the map.
void set_delay_sites(std::uint64_t seed, double share);
/// Only threads that take part are held up, at most 32 times from here on.
void take_part_in_delays(bool takes_part, std::uint64_t seed);
/// A place between calls, or one that the map names.
void maybe_delay(const void* place);

}  // namespace mapquake::driver
