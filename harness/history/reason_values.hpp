// What values the enumerations have that stand in reasons: for whoever reads them from bytes, or draws them.
#pragma once

#include "harness/history/reason.hpp"

namespace mapquake::reason {

/// They are 0, 1, … below this. An enumeration that is new in a reason needs a line here.
template <class Enumeration>
inline constexpr unsigned value_count = 0;
template <>
inline constexpr unsigned value_count<LocksHeld> = locks_held_count;
template <>
inline constexpr unsigned value_count<LoopShape> = loop_shape_count;
template <>
inline constexpr unsigned value_count<Unsupported> = unsupported_count;
template <>
inline constexpr unsigned value_count<BesideCalls> = beside_calls_count;
template <>
inline constexpr unsigned value_count<LockMisuse> = lock_misuse_count;
template <>
inline constexpr unsigned value_count<LockKind> = lock_kind_count;
template <>
inline constexpr unsigned value_count<Awaited> = awaited_count;
/// But for `release`, which stands apart.
template <>
inline constexpr unsigned value_count<AccessKind> = static_cast<unsigned>(AccessKind::atomic_write) + 1;
template <>
inline constexpr unsigned value_count<Outcome> = outcome_count;
template <>
inline constexpr unsigned value_count<OpKind> = op_kind_count;
template <>
inline constexpr unsigned value_count<Statistic> = statistic_count;
template <>
inline constexpr unsigned value_count<Figure> = figure_count;

template <class Enumeration>
constexpr bool is_value(Enumeration value) {
  static_assert(value_count<Enumeration> > 0);
  return static_cast<unsigned>(value) < value_count<Enumeration>;
}
constexpr bool is_value(AccessKind value) {
  return value == AccessKind::release || static_cast<unsigned>(value) < value_count<AccessKind>;
}

}  // namespace mapquake::reason
