// The words for a race: both accesses, the locks held, and what would have had to order them.
#pragma once

#include "harness/history/history.hpp"
#include "harness/history/witness.hpp"

#include <string>

namespace mapquake {

/// "B's insert(1, 10)", "the prefill insert(1, 10)", "thread C" where map code started it, "the main thread".
std::string call_in_words(const WitnessFacts& witness, const History& history);

}  // namespace mapquake
