// What one thread alone shows is no question of threads: the map, its adapter or a claim is wrong. Which claim would be
// right is found by asking again with weaker ones.
#pragma once

#include "harness/history/history.hpp"
#include "harness/oracle/oracles.hpp"

#include <mapquake/claims.hpp>

#include <string>

namespace mapquake {

/// One or two sentences to follow the `why` of a violation that `oracles` found in the history of a program with one
/// thread: that the adapter or a claim is wrong, and the least change of claims under which the history is right, as an
/// adapter would state it (".retention = Retention::evicts"); or that there is none.
/// Requires: oracles.check(program, history, claims) found something. Cost: a handful of checks.
std::string conformance_advice(const Program& program, const History& history, const Claims& claims,
                               HistoryOracles& oracles);

}  // namespace mapquake
