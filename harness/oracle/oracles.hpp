// All that is decided from a history alone. Pure functions; each oracle has its own file and its own tests with
// legal and illegal twin histories.
#pragma once

#include "harness/history/history.hpp"
#include "harness/oracle/violation.hpp"

#include <mapquake/claims.hpp>

#include <optional>

namespace mapquake {

/// Every oracle that the claims call for, most telling first: torn values and unexpected exceptions, iteration
/// contract, quiescent agreement, linearizability. Empty: nothing contradicts the claims.
/// Cost: a few microseconds for histories of a dozen calls; linearizability is exponential in the number of calls
/// that overlap on one key (whole map: on any key) and gives up silently, answering "no violation", after a bound.
/// Requires: `history` satisfies its invariants and starts with an empty map.
std::optional<Violation> check_history(const Program& program, const History& history, const Claims& claims);

}  // namespace mapquake
