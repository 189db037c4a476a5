// The words for witnesses: where a thread stood, and what a place has to do with the finding.
#pragma once

#include "harness/history/witness.hpp"

#include <string>

namespace mapquake {

/// "read", "write", "atomic read", "atomic write", "free".
const char* name_of(AccessKind kind);

/// "running", "waits for the mutex held by B", "first: write", "freed the block of 48 bytes", ….
std::string to_string(const WitnessFacts& witness);

}  // namespace mapquake
