// What the operations of one execution used, as a table and as JSON.
#pragma once

#include "harness/history/history.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>

namespace mapquake::reports {

/// One line for each kind of operation: number of calls, and the greatest value of each figure that is not 0 for all of
/// them; p50 beside it where it differs. Then the live bytes. Empty where no call returned.
std::string figures_text(const History& history, std::size_t width);

/// {"find": {"calls": 3, "steps": {"max": 12, "p50": 9, …}, …}, …, "live_bytes": 480}
nlohmann::ordered_json figures_json(const History& history);

}  // namespace mapquake::reports
