// What the seeded defects have in common that no interleaving shows: only `--memory-model c11` finds them, and only it
// tells that their twins are right.
#pragma once

#include <mapquake/adapter.hpp>

namespace mapquake::buggy {

/// Two threads with one operation each and one preemption, unless the map is the fixed twin. `rare`: see Expectation.
constexpr Expectation weak_memory(bool fixed, const char* outcomes, bool rare = false) {
  if (fixed) return {.memory_model = MemoryModel::c11};
  return {.outcomes = outcomes,
          .threads = 2,
          .operations = 2,
          .preemptions = 1,
          .rare = rare,
          .memory_model = MemoryModel::c11};
}

}  // namespace mapquake::buggy
