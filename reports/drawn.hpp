// What the map drew by mapquake::choose(), where a failure takes it.
#pragma once

#include "harness/case/executor.hpp"

#include <cstddef>
#include <string>

namespace mapquake::reports {

/// "Drawn: The prefill insert(1, 10): choose() answered 1, 1, 1; everywhere else 0." in lines of at most `width`. Empty
/// where all answers were 0.
std::string drawn_text(const Execution& execution, std::size_t width);

/// "the prefill insert(1, 10)", of a thread's operation; "A" where no call is known.
std::string who_drew(const History& history, ThreadId thread, OpIndex op);

}  // namespace mapquake::reports
