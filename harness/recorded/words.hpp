// What `check` found, in sentences. Lines are named as the log counts them.
#pragma once

#include "harness/recorded/check.hpp"

#include <string>

namespace mapquake::recorded {

/// "line 17", "span 3"
std::string place_of(const Log& log, std::uint32_t row);
/// "line 17: worker-2's find(5) says absent"
std::string statement(const Log& log, std::uint32_t row);
/// The contradiction in one sentence.
std::string sentence(const Log& log, const Contradiction& contradiction);
/// Why nothing is said, and what would help.
std::string sentence(const Log& log, const Undecided& undecided);

}  // namespace mapquake::recorded
