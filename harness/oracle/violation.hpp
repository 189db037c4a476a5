// What an oracle answers.
#pragma once

#include "harness/history/outcome.hpp"

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
  /// The contradiction in one or two plain sentences, naming threads, operations and answers: for people, nothing
  /// decides by it.
  std::string why;
  /// Indexes into History::calls that the contradiction rests on.
  std::vector<std::uint32_t> calls;
};

}  // namespace mapquake
