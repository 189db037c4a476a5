// Where the threads stood when an execution ended early: the stack of a crash, the waits of a deadlock.
#pragma once

#include "harness/case/executor.hpp"
#include "reports/steps.hpp"

#include <cstddef>
#include <string>

namespace mapquake::reports {

/// One paragraph for each thread that had not finished, innermost frame first; that of the last event comes first.
/// Empty where execution.threads is.
std::string stacks_text(const Execution& execution, const SiteFunction& site, std::size_t width);

}  // namespace mapquake::reports
