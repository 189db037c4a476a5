// From "not linearizable" to what went wrong: the label that names the class of the contradiction, and one or two
// sentences that a reader can check against the history.
//
// The first contradicting call is the one whose return makes the history impossible (linearizability is prefix-closed:
// Herlihy & Wing 1990, section 3.2), found by bisection. What its answer demands of the key gives the label:
//   lost key          it says absent; the key must have been there
//   duplicate insert  it says that it added the key; the key must have been there
//   double erase      it says that it removed the key; another call had removed it
//   resurrected key   it says present; the key must have been gone again
//   phantom key       it says present; nothing ever inserted the key
//   lost update       the value lacks a completed write, seen by an update or at the end
//   stale value       the value had been overwritten before the call began
//   unwritten value   nothing ever wrote that value to that key
//   wrong size, not a snapshot, wrong neighbour (of a bound), not atomic   every key by itself is right; the call on
//                     several is not
//   not linearizable  none of these
// What it says claims only what it has verified; where the evidence is not of one piece, it lists the calls.
#pragma once

#include "harness/oracle/linearizability.hpp"
#include "harness/oracle/violation.hpp"

namespace mapquake {

/// Requires: the calls on keys.key(key) are illegal. Cost: O(log calls) searches; only failing histories pay.
Violation diagnose_key(const History& history, const KeyHistories& keys, std::size_t key,
                       LinearizabilityChecker& checker);

/// Requires: the calls on each key are legal, `ops` are illegal.
Violation diagnose_map(const History& history, const KeyHistories& keys, std::span<const MapOp> ops,
                       LinearizabilityChecker& checker);

}  // namespace mapquake
