// What weak memory did in an execution, in words.
#pragma once

#include "harness/history/trace.hpp"

#include <cstddef>
#include <string>

namespace mapquake::reports {

/// "✗ reads an older value (2 stores old)". Requires a stale_read or stale_write.
std::string stale_text(const TraceEvent& event);

/// "A reads the value stored at seqlock.cpp:28 by thread B (2 stores old)" for the event at `position`, which is a
/// stale_read or stale_write.
std::string stale_sentence(const Trace& trace, std::size_t position, const SiteFunction& site);

}  // namespace mapquake::reports
