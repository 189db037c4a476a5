// At which sizes does a map grow, and at which is it full? Answers and allocations of inserts tell: one that allocates
// much more than its neighbours moves into a larger table.
#pragma once

#include "harness/history/history.hpp"
#include "harness/history/map_phases.hpp"
#include "scenarios/scenario.hpp"

#include <cstdint>
#include <span>

namespace mapquake {

/// The first sizes, ascending, at which an insert allocated at least half as much again as the median one and as those
/// before and after it, and 32 bytes more. `bytes[n]` is what the insert into a map of n entries allocated. Size 0 does
/// not count.
GrowthSizes growth_sizes_of(std::span<const std::uint64_t> bytes);

/// One thread that adds keys 1, 2, 3, … to an empty map. Requires: it can add.
Program filling_program(OpMask operations);
/// Of an execution of that: the sizes at which the map grew and, where it took no further entry, the one at which it
/// was full. All 0 where inserts do not differ.
GrowthSizes growth_sizes_of(const History& history);
/// Of the same: the blocks of the tables that it grew into. Not known where it grew nowhere, or where such an insert
/// asked for no larger block than the median one.
TableBlocks table_blocks_of(const History& history);

}  // namespace mapquake
