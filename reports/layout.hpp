// Steps as lines of text: one column per thread, or a single column where there are too many.
#pragma once

#include "reports/steps.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace mapquake::reports {

inline constexpr std::size_t columns_max = 3;  ///< more threads share one column
inline constexpr std::size_t lines_max = 200;  ///< more steps are left out in the middle, and the text says so

/// What number each step is told by: those that stand for others (StepKind::repeated) have none, and answer that of the
/// step before.
std::vector<std::size_t> numbers_of(std::span<const Step> steps);

/// Lines of at most `width` columns, each ended by a line feed. Threads in the order of their numbers. `notes`: of each
/// step, what stands in a line of its own behind it, if anything; empty: nothing stands there.
std::string layout(std::span<const Step> steps, std::size_t width, std::span<const std::string> notes = {});

}  // namespace mapquake::reports
