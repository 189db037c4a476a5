// The sentences about threads and places of a finding. For people alone: nothing may be recognised by them, and what
// decides must not include this file (a quality test holds that: tests/quality/facts_test.cpp).
#pragma once

#include "harness/history/witness.hpp"

#include <string>

namespace mapquake {

/// "running", "waits for the mutex held by B", "then: write of 8 bytes", "allocated the block of 48 bytes", … `who`
/// stands there.
std::string in_words(const Standing& standing, ThreadId who);
inline std::string in_words(const Witness& witness) {
  return in_words(witness.standing, witness.thread);
}
/// "the mutex", "the threads to end", "shared ownership of the lock": behind "waits for".
std::string_view in_words(Awaited awaited);
/// "1 byte", "8 bytes".
std::string counted_bytes(std::uint64_t bytes);

}  // namespace mapquake
