// What a platform leaves open, once per execution: how many processors there are, which random numbers come, how thread
// identities are numbered. Decided where map code first asks; 0 is what every execution had before.
#pragma once

#include <cstdint>

namespace mapquake::runtime {

/// Processors of the machine, 1 … 64. Requires: called for map code, as harness code.
unsigned cpu_count(std::uint64_t pc);
/// Which sequence random numbers are, from 0. Requires: as cpu_count().
std::uint32_t random_sequence(std::uint64_t pc);
/// Thread identities are far apart and equal in their low bits, as those of glibc are. Requires: as cpu_count().
bool spaced_identities(std::uint64_t pc);
/// What spaced_identities() has answered; false where it was not asked.
bool identities_are_spaced();

}  // namespace mapquake::runtime
