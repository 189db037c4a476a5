// How calls may end at all.
#pragma once

#include "harness/history/history.hpp"
#include "harness/oracle/violation.hpp"

#include <mapquake/claims.hpp>

#include <optional>

namespace mapquake {

/// - A torn value (one that nobody ever wrote) is never allowed: invariant broken, "torn value".
/// - An exception other than bad_alloc and the injected one is never allowed: unexpected exception. Whether a bad_alloc
///   had a cause is for the runtime to say, which knows what it injected; here it counts as allowed.
/// - A refusal (a defined error) is allowed where the map does not claim to serve the call:
///     concurrent use `none`: always;
///     concurrent use `readers`: for writes, and for reads that a write overlaps;
///     concurrent use `all_operations`: where one of two overlapping calls is in `exclusive_operations`; under
///     fail-fast iteration also for a traversal that a write overlaps and a write that a traversal overlaps.
///   Anything else is a refusal of what was claimed: invariant broken, "refused a claimed operation".
/// - Pending calls are not judged here: why they did not return is the outcome of the execution.
/// The earliest offence by invocation is reported, torn values first. Cost: O(calls).
std::optional<Violation> check_call_status(const History& history, const Claims& claims);

}  // namespace mapquake
