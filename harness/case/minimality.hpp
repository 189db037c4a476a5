// How small a failing case is known to be.
#pragma once

#include <cstdint>

namespace mapquake {

enum class Minimality : std::uint8_t {
  best_so_far,  ///< the budget for shrinking was used up first, or nobody has shrunk it
  irreducible,  ///< nothing can be left out: every single removal was tried, under some of its schedules
  /// Moreover, all schedules with fewer preemptions were run for the case itself, and for each removal of an operation,
  /// prefill entry or fault all those with as few preemptions as the case has; none fails. Its faults stay where they
  /// are: those of a case with faults were not moved to every other place.
  proven,
};

}  // namespace mapquake
