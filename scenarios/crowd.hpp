// More threads than tables with one place for each usually have room for: eight, sixteen.
#pragma once

#include "scenarios/drawn_scenario.hpp"

#include <cstdint>

namespace mapquake {

/// Of so many programs one gets a crowd, in scenarios that bear long runs, too.
inline constexpr std::uint64_t programs_per_crowd = 256;

/// Whether the program of this seed gets one: where nobody has said how many threads there are to be.
bool gets_crowd(std::uint64_t seed, const ScenarioOptions& options);

/// Adds threads of one operation on a few keys each, until there are 9 to 18. Uses what `from` allows to run together.
/// Values are still to be numbered. Nothing happens where the program has but one thread, or the map neither look-ups
/// nor writes of single keys.
void add_crowd(Draw& draw, const Ingredients& from, Program& program);

}  // namespace mapquake
