// What the map held between the steps of a report (case/map_state.hpp), and when to look.
#pragma once

#include "reports/steps.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mapquake::reports {

/// The moments at which looks tell what the map held before the first step and behind each, ascending, at most
/// looks_max: where there are more steps, those of calls and switches come first, and of these some are left out behind
/// the first quarter. Empty without steps. Requires: `execution` was traced.
std::vector<std::uint64_t> moments_to_look_at(const Execution& execution, const SiteFunction& site);

/// Somebody has looked at the map, or tried to. A map that has neither traversal nor find(), and an object or a program
/// without dump(), cannot be asked.
bool is_looked_at(const Execution& execution);

struct StatesOfSteps {
  const MapState* before = nullptr;     ///< the first step; null where nobody looked
  std::vector<const MapState*> behind;  ///< each step, until the next; null where nobody looked
};

/// Those of execution.states. Requires: steps_of() this execution, folded or not, or the first of them; both outlive
/// the answer.
StatesOfSteps states_of(std::span<const Step> steps, const Execution& execution);

}  // namespace mapquake::reports
