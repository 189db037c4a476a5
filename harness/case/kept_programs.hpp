// Programs of one cell that covered what none before them had, oldest first: what others are bred from
// (Scenario::breed). The newest stand at the border of what is known; what the oldest cover, new programs cover, too.
#pragma once

#include "harness/history/program.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace mapquake {

inline constexpr std::size_t kept_programs_max = 64;

using KeptPrograms = std::vector<Program>;

/// Puts it last; the first one makes room.
inline void keep(KeptPrograms& kept, Program program) {
  if (kept.size() == kept_programs_max) kept.erase(kept.begin());
  kept.push_back(std::move(program));
}

}  // namespace mapquake
