// What an oracle answers.
#pragma once

#include "harness/history/outcome.hpp"
#include "harness/history/reason.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mapquake {

/// A contradiction between what was seen and what was claimed.
struct Violation {
  Outcome outcome = Outcome::clean;
  /// Tells apart failures of one outcome, made by label_of() (history/symptom.hpp) alone: identity, as the outcome is,
  /// and no wording. Stable under shrinking: it never contains keys, values or counts.
  std::string label;
  /// What there is to say about it, in this order, at most reasons_max: for people, nothing decides by it. Their calls
  /// are those of the history that was judged.
  std::vector<Reason> reasons;
  /// Indexes into History::calls that the contradiction rests on.
  std::vector<std::uint32_t> calls;
};

}  // namespace mapquake
