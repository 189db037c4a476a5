// The many calls by which an object was worn in before what failed: told by their number.
#pragma once

#include "reports/steps.hpp"

#include <vector>

namespace mapquake::reports {

/// Of calls on an object that follow each other, each a step by itself, all but the last two become one
/// StepKind::repeated, "… before: push 171 times, pop 85 times …", where there are more than a few; the last one says
/// how many there were of its kind. Requires: steps of this execution, not folded. Cost: O(steps).
std::vector<Step> many_calls_summed(std::vector<Step> steps, const Execution& execution);

}  // namespace mapquake::reports
