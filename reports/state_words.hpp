// Sentences about what a map held on the way.
#pragma once

#include "harness/case/executor.hpp"
#include "reports/steps.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::reports {

/// "waits", "broke", …: in documents, never reworded.
std::string_view word_for(Sight sight);

/// Somebody has seen what there was.
bool is_known(const MapState& state);

/// size() said another number than there are entries.
bool size_disagrees(const MapState& state);

/// "{1: 10}, size() says 0"; of many entries the first. What an object says of itself, on one line. Requires:
/// Sight::seen or Sight::shown.
std::string contents_text(const MapState& state);

/// Why nobody can say what it held: "a look waits for the mutex held by A, locked at my_map.hpp:22". Requires: none
/// of these; the execution was traced.
std::string unseen_text(const MapState& state, const Execution& execution, const SiteFunction& site);

/// Of each step what a reader should know of the map behind it: "now: {1: 10}, size() says 0", what has changed of a
/// map of many entries, or that it cannot be walked through any more. Empty where it holds what it held before, where
/// an answer says that it changed so, and behind the last step where that is final_state(). Requires: steps_of() this
/// execution, folded or not.
std::vector<std::string> state_notes(std::span<const Step> steps, const Execution& execution, const SiteFunction& site);

}  // namespace mapquake::reports
