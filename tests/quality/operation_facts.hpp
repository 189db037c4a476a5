// What is so of an operation: which scenarios draw it, which oracles judge it, what the shrinker makes smaller, how it
// is told. Found by asking them, so that docs/operations.md says what is.
#pragma once

#include <mapquake/claims.hpp>

#include <string>

namespace mapquake::quality {

/// In the words of docs/operations.md.
struct OperationFacts {
  std::string scenarios;  ///< names, as they are listed; "all of maps but …"
  std::string oracles;    ///< names of files in harness/oracle
  std::string shrinker;
  std::string told;
};

/// Scenarios draw some thousand programs for a map that has and claims everything, and whose entries expire.
OperationFacts facts_of(OpKind kind);

}  // namespace mapquake::quality
