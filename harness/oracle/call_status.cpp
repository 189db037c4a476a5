#include "harness/oracle/call_status.hpp"

#include "harness/history/symptom.hpp"

#include <algorithm>

namespace mapquake {
namespace {

/// May one of two overlapping calls be refused because of the other?
bool claims_exclude(OpKind refused, OpKind other, const Claims& claims) {
  if (claims.concurrent_use == ConcurrentUse::readers) return is_write(refused) || is_write(other);
  if (((op_bit(refused) | op_bit(other)) & claims.exclusive_operations) != 0) return true;
  if (claims.iteration != Iteration::fail_fast) return false;
  return (is_traversal(refused) && is_write(other)) || (is_write(refused) && is_traversal(other));
}

bool may_refuse(const History& history, std::uint32_t refused, const Claims& claims) {
  if (claims.concurrent_use == ConcurrentUse::none) return true;
  // Of a write since the cursor was opened.
  const bool is_late = claims.iteration == Iteration::fail_fast;
  if (is_late && history.calls[refused].operation.kind == OpKind::cursor_step) return true;
  const Call& call = history.calls[refused];
  if ((claims.may_refuse & op_bit(call.operation.kind)) != 0) return true;
  if (claims.concurrent_use == ConcurrentUse::readers && is_write(call.operation.kind)) return true;
  for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
    const Call& other = history.calls[i];
    if (i != refused && overlap(call, other) && claims_exclude(call.operation.kind, other.operation.kind, claims)) {
      return true;
    }
  }
  return false;
}

/// Short, and the same whatever the exception says.
std::string label_of_type(const std::string& thrown) {
  constexpr std::size_t bytes_max = 60;
  if (thrown.empty()) return label_of(Symptom::unexpected_exception);
  return label_of(Symptom::own, thrown.substr(0, std::min({thrown.find(": "), thrown.find('<'), bytes_max})));
}

}  // namespace

std::optional<Violation> check_call_status(const History& history, const Claims& claims) {
  std::optional<Violation> found;
  for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
    const Call& call = history.calls[i];
    if (call.status == CallStatus::returned || call.status == CallStatus::pending) continue;
    if (call.status == CallStatus::torn_value) {
      return Violation{Outcome::invariant_broken, label_of(Symptom::torn_value), {reason::TornValue{CallRef{i}}}, {i}};
    }
    if (found) continue;
    if (call.status == CallStatus::threw) {
      found = Violation{Outcome::unexpected_exception,
                        label_of_type(history.thrown),
                        {reason::CallThrew{CallRef{i}, reason::Text::cut(history.thrown)}},
                        {i}};
    }
    if (call.status == CallStatus::refused && !may_refuse(history, i, claims)) {
      found = Violation{
          Outcome::invariant_broken, label_of(Symptom::refused_claimed), {reason::RefusedClaimed{CallRef{i}}}, {i}};
    }
  }
  return found;
}

}  // namespace mapquake
