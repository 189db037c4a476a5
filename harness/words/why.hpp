// The sentences for what was found. Facts come from below; this is the one place where they become words.
#pragma once

#include "harness/case/executor.hpp"

#include <string>

namespace mapquake {

/// One or a few plain sentences that name threads, operations and places in memory. The history oracles have written
/// theirs (Violation::why); of a finding of the runtime it is made from facts, witnesses and message. Empty where the
/// execution is clean. Where races were met on the way to another failure, a last sentence says so. Pure.
std::string why_of(const Execution& execution);

/// "The write by A's insert(1, 10) and the read by B's find(1) touch the same memory, …"
std::string sentence_of(const Race& race, const History& history);

}  // namespace mapquake
