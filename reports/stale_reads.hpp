// What weak memory did in an execution, in words.
#pragma once

#include "harness/history/trace.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace mapquake::reports {

/// "✗ reads an older value (2 stores old)". Requires a stale_read or stale_write.
std::string stale_text(const TraceEvent& event);

/// "A reads the value stored at seqlock.cpp:28 by thread B (2 stores old)" for the event at `position`, which is a
/// stale_read or stale_write.
std::string stale_sentence(const Trace& trace, std::size_t position, const SiteFunction& site);

/// What tells of the stale_read at `position`, as positions in the trace: the newest stores that it did not see and, if
/// it saw one, that; and why one would have expected it to see the newest: something that its thread wrote later, and
/// the access that found that before this one.
std::vector<std::size_t> around_stale_read(const Trace& trace, std::size_t position);

}  // namespace mapquake::reports
