// Programs in which one thread makes a map grow, shrink and stay as it is by turns. Rotations, borrowed and merged
// nodes, shifted slots, tombstones and tables that are left half full come of dozens of entries and of orders that a
// few operations on a few keys do not have.
#pragma once

#include "scenarios/drawn_scenario.hpp"

#include <cstdint>

namespace mapquake {

/// Of so many programs one is made of phases, in scenarios that bear them: about a third of their time.
inline constexpr std::uint64_t programs_per_phased = 16;

/// Whether the program of this seed is: where nobody has said how large programs are to be.
bool is_phased(std::uint64_t seed, const ScenarioOptions& options);

/// One thread with 64 to 384 operations on 8 to 256 keys. Each phase adds mostly, erases mostly or does both alike, and
/// goes over the keys at random, upwards, downwards or within a few neighbours. How the map is constructed, other keys
/// and values are still to be drawn. Empty where the map cannot add and erase keys.
Program draw_phases(std::uint64_t seed, const Ingredients& from);

}  // namespace mapquake
