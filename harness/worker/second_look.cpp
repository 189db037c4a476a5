#include "harness/worker/second_look.hpp"

#include "harness/history/symptom.hpp"
#include "harness/strategy/replay.hpp"

#include <algorithm>
#include <vector>

namespace mapquake {
namespace {

bool took_too_many_steps(const Violation& failure) {
  return failure.outcome == Outcome::budget_exceeded && failure.label == name_of(Symptom::steps);
}

/// How many steps the program allows where it is long by itself; 0 where it is not.
std::uint64_t steps_needed(JudgedRuns& runs, const Program& program, const runtime::Recording& recording) {
  Program patient = program;
  patient.steps_max = serial_steps_max;
  Replay serial({}, Recorded::in_part);
  const Violation& violation = runs.run(patient, serial, 0, recording, {});
  if (violation.outcome != Outcome::clean) return 0;
  const std::uint64_t needed = steps_over_serial * runtime::totals().steps;
  return needed > program.steps_max ? needed : 0;
}

}  // namespace

bool was_weak_in_vain(const runtime::Recording& recording, const runtime::FaultPlan& faults) {
  if ((faults.enabled & fault_bit(ChoiceKind::stale_read)) == 0) return false;
  const auto made = choices_made(recording);
  return std::ranges::find(made, ChoiceKind::stale_read, &Choice::kind) == made.end();
}

bool may_look_otherwise(const Violation& failure, const runtime::Recording& recording,
                        const runtime::FaultPlan& faults) {
  return was_weak_in_vain(recording, faults) || took_too_many_steps(failure);
}

const Violation& settled(JudgedRuns& runs, Program& program, const runtime::Recording& recording, bool limit_is_asked) {
  const auto made = choices_made(recording);
  const std::vector<Choice> choices(made.begin(), made.end());
  Replay again(choices);
  const Violation& as_case = runs.run(program, again, 0, recording, plan_for(choices));
  if (limit_is_asked || !took_too_many_steps(as_case)) return as_case;
  if (const std::uint64_t needed = steps_needed(runs, program, recording)) {
    program.steps_max = needed;
    return runs.violation();
  }
  Replay once_more(choices);
  return runs.run(program, once_more, 0, recording, plan_for(choices));
}

}  // namespace mapquake
