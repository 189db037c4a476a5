// What is broken where an injected exception is to blame: violations of other oracles, told as what they are.
#pragma once

#include "harness/history/history.hpp"
#include "harness/oracle/violation.hpp"

#include <mapquake/claims.hpp>

namespace mapquake {

/// Could a violation of this outcome be the aftermath of an exception? Crashes, and misuse of memory, are told as such
/// whatever led to them.
bool may_follow_from_exception(Outcome outcome);

/// `found`, which does not happen without the injected exceptions, as a broken exception guarantee:
///   effect after a throw   the key of a call that threw does not hold what the guarantee says
///   untouched key harmed   a key that no call that threw was about does not hold what it held
///   lock left held         a deadlock: the exception passed by an unlock
///   terminate              the exception met a noexcept or nobody to catch it
///   … after a throw        anything else, under its own label
/// Unchanged where the map guarantees nothing (ExceptionGuarantee::none), or the outcome is none of the above.
/// Pure. Cost: O(calls).
Violation as_broken_guarantee(const Violation& found, const History& history, const Claims& claims);

/// `found`, a leak that does not happen without the injected exceptions, as a broken guarantee. What is lost is decided
/// by reachability (runtime/leaks.cpp): what a cache or a list of retired nodes keeps on purpose is no leak, however
/// much more of it there is after an exception. Requires: found.outcome is leak.
Violation leak_after_exception(const Violation& found, const History& history);

}  // namespace mapquake
