#include "harness/worker/defect_fingerprint.hpp"

#include "harness/base/rng.hpp"
#include "harness/case/executor.hpp"
#include "harness/runtime/execution.hpp"

#include <algorithm>
#include <span>

namespace mapquake {

namespace {

/// Deep enough to tell apart callers of one allocator, flat enough to unite the paths that lead to one place.
constexpr std::size_t frames_told_apart = 3;

std::uint64_t place(std::span<const std::uint64_t> stack, std::size_t frames) {
  std::uint64_t hash = 0;
  for (const std::uint64_t pc : stack.first(std::min(stack.size(), frames))) hash = mix64(hash ^ pc);
  return hash;
}

/// Where the thread stood that gave the execution up.
std::uint64_t last_place() {
  const runtime::CallStack& calls = runtime::threads()[runtime::last_stack().thread]->calls;
  std::uint64_t hash = 0;
  for (unsigned n = 0; n < frames_told_apart; ++n) hash = mix64(hash ^ calls.caller(n));
  return hash;
}

std::uint64_t facts_of(const runtime::RacePlaces& places) {
  return mix64(places.one ^ mix64(places.other));
}

/// The places of a finding in any order: which thread came first must not matter.
std::uint64_t places_of(Outcome outcome) {
  std::uint64_t sum = 0;
  if (outcome == Outcome::deadlock) {
    for (const runtime::Thread* const thread : runtime::threads()) {
      if (thread->id != main_thread && thread->state == runtime::State::blocked) sum += mix64(thread->wait.pc);
    }
    return sum;
  }
  if (outcome == Outcome::data_race) return facts_of(runtime::race_found());
  // Where such an execution stood when it was given up is chance.
  if (outcome == Outcome::livelock || outcome == Outcome::hang || outcome == Outcome::budget_exceeded ||
      outcome == Outcome::nondeterministic) {
    return 0;
  }
  for (const runtime::Witness& witness : runtime::witnesses()) sum += place(witness.stack, frames_told_apart);
  if (outcome != Outcome::leak) sum += last_place();
  return sum;
}

std::uint64_t kinds_of(const History& history, const Violation& violation) {
  OpMask kinds = 0;
  for (const std::uint32_t call : violation.calls) kinds |= op_bit(history.calls[call].operation.kind);
  return kinds;
}

}  // namespace

std::uint64_t fingerprint_of_race(std::string_view label, const runtime::RacePlaces& places) {
  return defect_fingerprint(Outcome::data_race, label, facts_of(places));
}

std::uint64_t fingerprint_of_loop(Outcome outcome) {
  return defect_fingerprint(outcome,
                            name_of(outcome == Outcome::hang ? runtime::hang_symptom : runtime::livelock_symptom), 0);
}

std::uint64_t fingerprint_of(const MapRunner& runner, const Violation& violation) {
  const bool by_history = !violation.calls.empty();
  const std::uint64_t facts = by_history ? kinds_of(runner.history(), violation) : places_of(violation.outcome);
  return defect_fingerprint(violation.outcome, violation.label, facts);
}

}  // namespace mapquake
