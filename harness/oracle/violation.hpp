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
  /// A few words that tell apart failures of one outcome: "lost key", "stale value", "key visited twice".
  /// Stable under shrinking: it never contains keys, values or counts.
  std::string label;
  /// The contradiction in one or two plain sentences, naming threads, operations and answers.
  std::string why;
  /// Indexes into History::calls that the contradiction rests on.
  std::vector<std::uint32_t> calls;
};

}  // namespace mapquake
