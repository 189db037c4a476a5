// The sentences about an execution. For people alone, as those that they are made of (history/reason_words.hpp).
#pragma once

#include "harness/case/executor.hpp"
#include "harness/history/phrases.hpp"
#include "harness/history/reason_words.hpp"

#include <string>

namespace mapquake {

/// What contradicts what, or how it ended; empty where it is clean, and where nothing is known.
inline std::string why_of(const Execution& execution) {
  return in_words(execution.violation.reasons, execution.history);
}

/// "not linearizable (lost key)", as phrases.hpp says.
inline std::string headline_of(const Execution& execution) {
  return headline_of(execution.violation.outcome, execution.violation.label, why_of(execution));
}

}  // namespace mapquake
