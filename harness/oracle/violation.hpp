// What an oracle answers.
#pragma once

#include "harness/history/symptom.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mapquake {

/// A contradiction between what was seen and what was claimed.
struct Violation {
  Outcome outcome = Outcome::clean;
  /// Tells apart failures of one outcome. Stable under shrinking: it never depends on keys, values or counts.
  Symptom symptom = Symptom::none;
  /// The contradiction in one or two plain sentences, naming threads, operations and answers. The history oracles' own;
  /// of the runtime's findings it is made of their facts (words/why.hpp). Nothing is recognised by it.
  std::string why = {};
  /// Indexes into History::calls that the contradiction rests on.
  std::vector<std::uint32_t> calls = {};
  std::string detail = {};  ///< see FailureKind
  /// A broken exception guarantee: what it is called where no exception is to blame.
  Outcome otherwise = Outcome::clean;

  FailureKind kind() const { return {outcome, symptom, detail}; }
};

inline std::string label_of(const Violation& violation) {
  return label_of(violation.kind());
}

}  // namespace mapquake
