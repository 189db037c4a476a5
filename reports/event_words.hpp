// What the steps of a report need to know of the kinds of events and outcomes.
#pragma once

#include "harness/history/outcome.hpp"
#include "harness/history/trace.hpp"

#include <cstddef>
#include <string>

namespace mapquake::reports {

/// "this allocation fails", "wakes up without a reason": of the fault at `position`.
std::string fault_text(const Trace& trace, std::size_t position);

/// Changes memory, plain or atomic.
bool writes(EventKind kind);
/// Reads or changes memory.
bool accesses(EventKind kind);
/// Both access a common byte, and one of them changes it.
bool conflict(const TraceEvent& a, const TraceEvent& b);

bool is_locking(EventKind kind);
/// A notification of a condition variable, or the futex below one.
bool is_notifying(EventKind kind);
/// The harness's own record, not something that the map does.
bool is_of_harness(EventKind kind);

/// The last event is where the execution was given up.
bool ends_at_an_access(Outcome outcome);
/// The thread was in a call that ends the execution (abort(), a failed check), not at an access.
bool calls_itself(Outcome outcome);

}  // namespace mapquake::reports
