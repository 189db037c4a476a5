// What was cut out of a log as a file that a person can read and a scheduler can search.
#pragma once

#include "harness/recorded/cut_out.hpp"

#include <string>
#include <string_view>

namespace mapquake::recorded {

/// The incident file (docs/incidents.md) that asks `map` for this failure; without `found`, for any failure. `source`
/// is the log's name.
std::string incident_text(const Log& log, const Contradiction* found, const CutOut& cut, std::string_view map,
                          std::string_view source);

}  // namespace mapquake::recorded
