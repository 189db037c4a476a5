// A loop that goes round hundreds of times is told once.
#pragma once

#include "reports/steps.hpp"

#include <vector>

namespace mapquake::reports {

/// Rows of up to 24 steps that follow each other three times or more stay once, with a StepKind::repeated behind them.
/// Cost: O(steps).
std::vector<Step> folded(const std::vector<Step>& steps);

}  // namespace mapquake::reports
