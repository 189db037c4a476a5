// Values that several entries have, or an entry twice: what maps save themselves where a value is the same (a write, a
// copy, an entry of its own) shows with such alone.
#pragma once

#include "harness/history/program.hpp"

#include <mapquake/convert.hpp>

#include <cstdint>

namespace mapquake {

inline constexpr std::uint32_t programs_per_equal_values = 16;

/// One program in programs_per_equal_values, determined by the seed, has two values alone, but for what updates add. A
/// value read does not tell its writer then, but whether it may be there it still does. Not where the type cannot hold
/// 1 and
/// 2. Requires numbered values.
void give_equal_values(std::uint64_t seed, Numbers can_hold, Program& program);

/// Whether it is one of those.
bool gets_equal_values(std::uint64_t seed);

}  // namespace mapquake
