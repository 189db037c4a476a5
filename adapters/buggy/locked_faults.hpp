// What the defects that need a fault have in common.
#pragma once

#include "buggy/locked_entries.hpp"

namespace mapquake::buggy {

/// A map behind a lock that promises to be as it was when an operation throws.
inline constexpr Claims strong_claims{
    .concurrent_use = ConcurrentUse::all_operations,
    .iteration = Iteration::snapshot,
    .size = SizeClaim::quiescent,
    .whole_map = WholeMap::linearizable,
    .on_bad_alloc = ExceptionGuarantee::strong,
    .citation = "adapters/buggy: a seeded defect and its fixed twin",
};

/// One operation and one fault, unless the map is the fixed twin.
constexpr Expectation one_fault(bool fixed, const char* outcomes) {
  return fixed ? Expectation{} : Expectation{.outcomes = outcomes, .threads = 1, .operations = 1, .faults = 1};
}
/// Two threads with one operation each and one fault, unless the map is the fixed twin.
constexpr Expectation one_fault_between_two(bool fixed, const char* outcomes, unsigned preemptions) {
  if (fixed) return {};
  return {.outcomes = outcomes, .threads = 2, .operations = 2, .preemptions = preemptions, .faults = 1};
}

}  // namespace mapquake::buggy
