// Accesses within callbacks of the adapter API's own (a visitor, what update() is given): no line of theirs tells
// anything, and which line of the map called them is no part of what an access knows.
#pragma once

#include "harness/history/trace.hpp"
#include "reports/frames.hpp"

namespace mapquake::reports {

/// The event by which the author's code called the callback that `access` happens in; null where it happens in none, or
/// at a line that tells. Requires: `access` is one of the trace's events. Cost: O(events of its operation).
const TraceEvent* callback_round(const Trace& trace, const TraceEvent& access, const SiteFunction& site);

/// Where the event happened; of an access in a callback, where the author's code called it.
Place place_for_author(const Trace& trace, const TraceEvent& event, const SiteFunction& site);

}  // namespace mapquake::reports
