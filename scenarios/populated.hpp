// Small programs amid many entries. Which leaf is split or merged, which bucket overflows, how high a tower is and how
// full a table depends on entries that no operation names; a map of eight entries has one leaf and no such thing.
#pragma once

#include "scenarios/scenario.hpp"

#include <cstdint>

namespace mapquake {

/// Of so many programs one is populated, in scenarios that bear it.
inline constexpr std::uint64_t programs_per_populated = 12;

/// Whether the program of this seed is: where nobody has said how many keys or entries there are to be.
bool is_populated(std::uint64_t seed, const ScenarioOptions& options);

/// Gives the keys that the program names places side by side, or at equal distances, among 12 to 80 keys, and adds
/// nearly all others to the prefill, in any order. They meet as often as before. Nothing happens to a program that
/// names no keys, or keys above 16. Values are still to be drawn. REQUIRES: the map can add keys.
void populate(std::uint64_t seed, Program& program);

}  // namespace mapquake
