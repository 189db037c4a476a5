#include "harness/oracle/exception_guarantee.hpp"

#include "harness/base/assert.hpp"
#include "harness/history/symptom.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace mapquake {
namespace {

bool threw_injected(const Call& call) {
  return call.status == CallStatus::threw_bad_alloc || call.status == CallStatus::threw_injected;
}

/// Do the calls name a key in common, or does one of them name none?
bool share_key(const Operation& one, const Operation& other) {
  if (!names_key(one.kind) || !names_key(other.kind)) return true;
  const auto names = [](const Operation& operation, std::int64_t key) {
    return operation.key == key || (names_other_key(operation.kind) && operation.extra == key);
  };
  return names(other, one.key) || (names_other_key(one.kind) && names(other, one.extra));
}

/// Is the violation about a key that a call that threw was about?
bool concerns_thrown_key(const Violation& found, const History& history) {
  for (const std::uint32_t i : found.calls) {
    const Call& named = history.calls[i];
    if (threw_injected(named)) return true;
    if (!names_key(named.operation.kind)) continue;
    const bool same = std::ranges::any_of(history.calls, [&](const Call& call) {
      return threw_injected(call) && share_key(call.operation, named.operation);
    });
    if (same) return true;
  }
  return false;
}

/// Of a deadlock.
bool is_about_lock(const Violation& found) {
  constexpr std::array woken{Symptom::lost_wake_up, Symptom::never_woken, Symptom::waits_with_lock};
  return std::ranges::none_of(woken, [&](Symptom symptom) { return found.label == name_of(symptom); });
}

std::string label_for(const Violation& found, const History& history) {
  switch (found.outcome) {
    case Outcome::deadlock:
      return label_of(is_about_lock(found) ? Symptom::lock_left_held : Symptom::lost_wake_up_after_throw);
    case Outcome::abort:
      return found.label;
    case Outcome::not_linearizable:
      return label_of(concerns_thrown_key(found, history) ? Symptom::effect_after_throw
                                                          : Symptom::untouched_key_harmed);
    default:
      break;
  }
  return label_of(Symptom::after_throw, found.label);
}

/// Behind which call it came; that is not known where the call that threw did not return.
std::vector<Reason> told_after_throw(const Violation& found, const History& history) {
  std::vector<Reason> reasons;
  const auto threw = std::ranges::find_if(history.calls, threw_injected);
  if (threw != history.calls.end()) {
    reasons.emplace_back(reason::AfterThrow{CallRef{static_cast<std::uint32_t>(threw - history.calls.begin())}});
  }
  reasons.insert(reasons.end(), found.reasons.begin(), found.reasons.end());
  return reasons;
}

}  // namespace

bool may_follow_from_exception(Outcome outcome) {
  switch (outcome) {
    case Outcome::unexpected_exception:
    case Outcome::not_linearizable:
    case Outcome::iteration_broken:
    case Outcome::invariant_broken:
    case Outcome::deadlock:
    case Outcome::livelock:
    case Outcome::lock_misuse:
    case Outcome::abort:
      return true;
    default:
      return false;
  }
}

Violation as_broken_guarantee(const Violation& found, const History& history, const Claims& claims) {
  const bool only_reads_threw = std::ranges::none_of(history.calls, [](const Call& call) {
    return (threw_injected(call) || call.status == CallStatus::pending) && is_write(call.operation.kind);
  });
  // What a look-up or a traversal throws changes no entry; without it the schedule was another.
  if (is_of_answers(found.outcome) && only_reads_threw) return found;
  // What a map throws instead of what came out of its callee breaks no guarantee, and is one it did not announce.
  const bool is_translated =
      found.outcome == Outcome::unexpected_exception && std::ranges::none_of(history.calls, threw_injected);
  if (is_translated) return found;
  const bool other_abort = found.outcome == Outcome::abort && found.label != name_of(Symptom::terminate);
  if (claims.on_bad_alloc == ExceptionGuarantee::none || !may_follow_from_exception(found.outcome) || other_abort) {
    return found;
  }
  return {Outcome::exception_guarantee_broken, label_for(found, history), told_after_throw(found, history),
          found.calls};
}

Violation leak_after_exception(const Violation& found, const History& history) {
  MQ_ASSERT(found.outcome == Outcome::leak);
  std::vector<std::uint32_t> calls;
  for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
    if (threw_injected(history.calls[i])) calls.push_back(i);
  }
  return {Outcome::exception_guarantee_broken, label_of(Symptom::leak_after_throw), told_after_throw(found, history),
          std::move(calls)};
}

}  // namespace mapquake
