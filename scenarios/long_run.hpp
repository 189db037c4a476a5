// Long runs: what fills a retirement list, wraps a small counter or grows a table for the third time comes after tens
// or hundreds of operations, which no usual program has.
#pragma once

#include "scenarios/drawn_scenario.hpp"

#include <cstdint>

namespace mapquake {

/// Of so many programs one gets a long run, in scenarios that bear them: about a tenth of a campaign's time.
inline constexpr std::uint64_t programs_per_long_run = 32;

/// Whether the program of this seed gets one: where nobody has said how long programs are to be.
bool gets_long_run(std::uint64_t seed, const ScenarioOptions& options);

/// Puts 12 to 260 operations somewhere into one thread: one again and again on one key or on ever new ones, adding and
/// erasing by turns, filling and draining, or the same look-up or clear(). Or, of a program of several threads, nothing
/// is left but a look-up and a row of writes to its key. Uses what `from` allows to run together.
/// Values are still to be numbered. Nothing happens where the map has no such operations. Requires a thread.
void add_long_run(Draw& draw, const Ingredients& from, Program& program);

}  // namespace mapquake
