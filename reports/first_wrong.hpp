// Which operation broke the map, where one thread alone did: behind the first one the map holds something else than a
// map that is right would.
#pragma once

#include "harness/case/map_info.hpp"
#include "reports/steps.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace mapquake::reports {

struct FirstWrong {
  std::optional<std::size_t> step;  ///< behind it; none: before the first one, so that filling the map broke it
  std::string text;                 ///< "from here on 4 is missing"
};

/// Found by what the map held between the steps (Execution::states), against what its calls say that it holds. Where
/// that is right up to a call of the program whose answer contradicts it, the answer is what is wrong. None where
/// nobody could look, threads other than one ran, or the claims let entries come late or go by themselves.
/// Requires: steps_of() this execution, folded or not.
std::optional<FirstWrong> first_wrong(std::span<const Step> steps, const Execution& execution, const Program& program,
                                      const Claims& claims);

}  // namespace mapquake::reports
