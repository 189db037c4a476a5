// Load that rises and falls: what `--faults spike` adds to the programs of every scenario.
#pragma once

#include "scenarios/drawn_scenario.hpp"

namespace mapquake {

/// More threads (or, where the program has but one, more operations for it), each with a warm-up of look-ups, a burst
/// of writes on hot keys that move on as it goes, and a drain that erases what the burst wrote. Uses what `from` allows
/// to run together. Values are still to be numbered. Nothing happens where the map has neither look-ups nor writes.
void add_burst(Draw& draw, const Ingredients& from, Program& program);

}  // namespace mapquake
