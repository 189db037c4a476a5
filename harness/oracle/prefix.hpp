// The part of a history that had happened at some instant.
#pragma once

#include "harness/history/specification.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace mapquake {

/// The call as it stood at `now`: not yet returned, it has no answer and may or may not have taken effect.
/// False if it had not been invoked, or could not have had an effect yet.
inline bool as_of(KeyOp& op, std::uint32_t now) {
  if (op.invoked > now) return false;
  if (op.returned <= now) return true;
  if (op.action == Action::find || op.action == Action::contains) return false;
  if (op.answer == Answer::unknown) {
    op.returned = never;
    return true;
  }
  if (op.may_vanish) op.alternatives = static_cast<std::uint8_t>(2 * op.alternatives);
  if (op.action == Action::take) op.action = Action::erase;
  if (op.action == Action::exchange) op.action = Action::assign;
  op.answer = Answer::unknown;
  op.returned = never;
  return true;
}

/// The earliest of `times` (sorted, non-empty) at which `illegal(time)` holds, by bisection.
/// Requires: `illegal` is monotone; where it is not (an undecided search in between), the answer is the last one found.
template <class Illegal>
std::uint32_t first_illegal(std::span<const std::uint32_t> times, Illegal illegal) {
  std::size_t low = 0;
  std::size_t high = times.size() - 1;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (illegal(times[middle])) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return times[low];
}

}  // namespace mapquake
