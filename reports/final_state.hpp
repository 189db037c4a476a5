// What was in the map when all threads had ended.
#pragma once

#include "harness/case/executor.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mapquake::reports {

/// By the final traversal where there was one, else by the final look-ups; keys ascending, a key seen twice stays
/// twice. Empty where the execution never came to that, or to the end of it.
std::optional<std::vector<std::pair<std::int64_t, std::int64_t>>> final_state(const History& history);

/// What main did again between the end of the threads and the look at the map: failed calls, each behind a look-up of
/// its key (MapRunner::retry_failed). "find(1) says absent, assign(1, 11) returned true"; empty where nothing failed.
std::string repeated_text(const History& history);

/// What main repeated, "     at the end: {1: 10, 2: 20}" and a line for each call that never returned; empty where
/// there is nothing to say.
std::string final_state_text(const Execution& execution, std::size_t width);

}  // namespace mapquake::reports
