// What the environment was while the main thread constructed, filled and examined the map. Threads' own faults are
// steps; those of the main thread, which has none, stand before them.
#pragma once

#include "harness/case/executor.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace mapquake::reports {

/// "hardware_concurrency() says 1, asked by the construction at my_map.hpp:11": one for each fault of the main thread,
/// in their order. Requires: execution.trace was recorded.
std::vector<std::string> given_facts(const Execution& execution, const SiteFunction& site);

/// The same as lines of a report, each with "given" in front. Empty where there are none.
std::string given_text(const Execution& execution, const SiteFunction& site, std::size_t width);

}  // namespace mapquake::reports
