// Changes to a case that keep it one, for engines that know only bytes.
#pragma once

#include "harness/base/rng.hpp"
#include "harness/case/executor.hpp"

namespace mapquake::map_fuzzer {

/// One small change: of an operation, a key, a thread, a choice. Deterministic. Cost: O(size of the case).
Case changed(Case one, Rng& rng);

/// The program of the one with the choices of the other, or half of the threads of each.
Case crossed(Case one, const Case& other, Rng& rng);

}  // namespace mapquake::map_fuzzer
