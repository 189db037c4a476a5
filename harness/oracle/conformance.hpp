// What one thread alone shows is no question of threads: the map, its adapter or a claim is wrong. Which claim would be
// right is found by asking again with weaker ones.
#pragma once

#include "harness/history/history.hpp"
#include "harness/oracle/oracles.hpp"
#include "harness/oracle/violation.hpp"

#include <mapquake/claims.hpp>

namespace mapquake {

/// What to add to the reasons of `found`, which `oracles` found in the history of a program with one thread: that the
/// adapter or a claim is wrong, and the least change of claims under which the history is right, as an adapter would
/// state it (".retention = Retention::evicts"); or that there is none. That the map may forget is looked at only of an
/// entry that others came after, and that does not come back of itself.
/// `own_threads`: the map has started some, which may have had a part in it.
/// Requires: oracles.check(program, history, claims) found `found`. Cost: a handful of checks.
reason::ClaimInDoubt claim_in_doubt(const Violation& found, const Program& program, const History& history,
                                    const Claims& claims, bool own_threads, HistoryOracles& oracles);

}  // namespace mapquake
