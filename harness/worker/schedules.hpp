// How many schedules a program gets.
#pragma once

#include "harness/base/assert.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace mapquake {

/// Of programs with one thread. The map may draw numbers of its own, so one is not enough.
inline constexpr std::uint32_t schedules_of_one_thread = 2;
inline constexpr std::uint32_t schedules_min = 4;

/// Of the program with this number: 4, 8, 4, 16, 4, 8, 4, 32, … up to `most`. Some failures need one program in
/// thousands and hardly any luck with the schedule, for others it is the reverse, and nobody knows beforehand: so about
/// the same work goes into every length (Luby, Sinclair, Zuckerman, "Optimal speedup of Las Vegas algorithms", 1993).
/// 14 on average where `most` is 64.
constexpr std::uint32_t schedules_of(std::uint64_t number, std::uint32_t most) {
  MQ_ASSERT(most > 0);
  const auto doublings = std::min(std::countr_zero(number + 1), 16);
  return std::min(most, schedules_min << doublings);
}

}  // namespace mapquake
