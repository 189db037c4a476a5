// Choices are stored by address, thread by thread. To leave out switches sensibly one must know which came after which.
#pragma once

#include "harness/case/executor.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace mapquake {

/// Indexes of the switches among `input.choices` in the order in which they are made, as far as the choices tell: each
/// thread runs to its next recorded switch, and when it has none left, to its end. Blocking is not known here, so the
/// order can be wrong; it is a heuristic, and whatever is built on it is checked by replay. Switches that are never
/// reached come last.
std::vector<std::size_t> in_time_order(const Case& input);

/// The same, as an execution of the case has made them. Those that the trace does not hold come last.
std::vector<std::size_t> in_time_order(const Case& input, const Trace& trace);

/// The two ways to undo one switch away from a thread while all others keep their order as far as they can (Jalbert &
/// Sen: "A trace simplification technique for effective debugging of concurrent programs", FSE 2010, section 4).
enum class Merge {
  run_on,       ///< the thread goes on now with what it would do when it is next scheduled
  start_later,  ///< it does what it did before the switch only when it is next scheduled
};
/// `order` is in_time_order(input), `at` a position in it. Nothing where there is no such way.
std::optional<Case> without_switch(const Case& input, const std::vector<std::size_t>& order, std::size_t at,
                                   Merge merge);

}  // namespace mapquake
