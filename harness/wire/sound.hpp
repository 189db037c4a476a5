// Whether a value that came out of shared memory is one at all: each enumerator in it exists. A map may have written
// there, and what switches over an enumeration relies on it.
#pragma once

#include "harness/case/map_state.hpp"
#include "harness/case/stepped_over.hpp"
#include "harness/history/history.hpp"
#include "harness/history/reason_values.hpp"
#include "harness/history/uncontrolled.hpp"

#include <cstdint>

namespace mapquake {

template <class T>
constexpr bool is_sound(const T&) {
  return true;
}
template <class Enum>
constexpr bool is_one_of(Enum value, unsigned count) {
  return static_cast<unsigned>(value) < count;
}

inline bool is_sound(OpKind kind) {
  return reason::is_value(kind);
}
inline bool is_sound(abi::HashMode mode) {
  return is_one_of(mode, static_cast<unsigned>(abi::HashMode::identity) + 1);
}
inline bool is_sound(Outcome outcome) {
  return reason::is_value(outcome);
}
inline bool is_sound(Sight sight) {
  return is_one_of(sight, static_cast<unsigned>(Sight::broke) + 1);
}
inline bool is_sound(const Operation& operation) {
  return is_sound(operation.kind);
}
inline bool is_sound(const Budget& budget) {
  return (!budget.operation || is_sound(*budget.operation)) && reason::is_value(budget.statistic) &&
         reason::is_value(budget.figure);
}
inline bool is_sound(const Choice& choice) {
  return is_one_of(choice.kind, choice_kind_count);
}
inline bool is_sound(const Call& call) {
  return is_sound(call.operation) && is_one_of(call.status, static_cast<unsigned>(CallStatus::refused) + 1) &&
         is_one_of(call.told, static_cast<unsigned>(abi::Told::old_value) + 1);
}
inline bool is_sound(const Standing& standing) {
  return is_one_of(standing.role, role_count) && reason::is_value(standing.awaited) &&
         reason::is_value(standing.access);
}
inline bool is_sound(const SteppedOver& over) {
  return over.is_sound();
}
inline bool is_sound(const Uncontrolled& asked) {
  return is_one_of(asked.source, static_cast<unsigned>(Source::system_call) + 1) &&
         asked.name[sizeof asked.name - 1] == 0;
}

}  // namespace mapquake
