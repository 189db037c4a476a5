// When each row of a report comes, for a debugger that is to stop there.
#pragma once

#include "reports/steps.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mapquake::reports {

struct Moment {
  /// As in runtime/debugger.hpp: 2p + 1 at the event at position p of the trace, 2p where its thread goes on before it.
  std::uint64_t at = 0;
  /// Where an operation or a call on an object begins, and its thread goes on: the map's code is entered before this
  /// moment, if at all. Else 0.
  std::uint64_t enters_by = 0;

  friend bool operator==(const Moment&, const Moment&) = default;
};

/// Of each step, in their order; never decreasing. A step that stands for many has that of the step before. Requires:
/// steps_of() this execution, folded or not. Cost: O(steps + events).
std::vector<Moment> moments_of(std::span<const Step> steps, const Execution& execution);

/// The number of the step, from 1, with which the operation, or call on an object, begins that begins last; 1 where
/// none does.
std::size_t last_operation(std::span<const Step> steps, const Execution& execution);

}  // namespace mapquake::reports
