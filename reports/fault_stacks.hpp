// Where injected failures came from: the open calls at each, and what the map promises for that case.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/case/map_info.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace mapquake::reports {

/// An allocation, a call of user code or a declared point that was made to fail.
struct FailurePoint {
  ThreadId thread = 0;
  OpIndex op = 0;
  std::string text;          ///< "allocation 2 of the operation fails (16 bytes)"
  std::vector<Site> frames;  ///< innermost first; the standard library's left out where there are others
};
/// In the order of time. Requires: execution.trace was recorded.
std::vector<FailurePoint> failure_points(const Execution& execution, const SiteFunction& site);

/// The first few as text, each with its stack, and what the map's claim on exceptions promises. Empty where nothing
/// was made to fail.
std::string failure_points_text(const Execution& execution, const SiteFunction& site, const MapInfo& map,
                                std::size_t width);

/// "the copying of a key throws": of the fault at `position`. Requires: it is ChoiceKind::user_throw.
std::string thrown_text(const Trace& trace, std::size_t position);

/// "allocation 2 of the operation fails (16 bytes), and all after it": of the fault at `position` in the trace.
/// Requires: it is ChoiceKind::alloc_fail.
std::string failed_allocation_text(const Trace& trace, std::size_t position);

}  // namespace mapquake::reports
