#include "harness/worker/judged_run.hpp"

#include "harness/base/rng.hpp"
#include "harness/oracle/exception_guarantee.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/defect_fingerprint.hpp"
#include "harness/worker/libfiu.hpp"

#include <algorithm>

namespace mapquake {

namespace {

/// A failure that looks like one before it is judged in full so many times, and later once in so many.
constexpr std::uint32_t judged_at_first = 8, judged_later = 64;
constexpr std::size_t unused_choices_max = std::size_t{1} << 20;

bool is_exception(const Choice& choice) {
  return (fault_bit(choice.kind) & exception_kinds) != 0;
}

/// The calls that an injected exception ended.
std::vector<CallId> thrown_by_threads(const History& history) {
  std::vector<CallId> calls;
  for (const Call& call : history.calls) {
    if (is_injected(call.status) && call.thread != main_thread) calls.push_back({call.thread, call.op});
  }
  return calls;
}

/// Recordings of a run that nobody asks for.
struct UnusedCounts {
  std::atomic<std::uint32_t> choices{0}, trace{0};
};

}  // namespace

runtime::FaultPlan plan_for(std::span<const Choice> choices) {
  runtime::FaultPlan plan;
  for (const Choice& choice : choices) {
    plan.enabled |= fault_bit(choice.kind);
    plan.threads_end |= choice.kind == ChoiceKind::crash && choice.take == 2;
  }
  plan.ask_allocation = fault::ask_allocation;
  return plan;
}

runtime::FaultPlan plan_for(const Plan& plan) {
  runtime::FaultPlan faults;
  faults.enabled = plan.fault_mask;
  faults.count_max = plan.faults_max;
  faults.pressure_bytes = plan.pressure_bytes;
  faults.threads_end = plan.threads_end;
  faults.ask_allocation = fault::ask_allocation;
  return faults;
}

std::uint64_t trace_hash(Outcome outcome) {
  return mix64(runtime::totals().hash ^ static_cast<std::uint64_t>(outcome));
}

const Violation& JudgedRuns::run(const Program& program, Strategy& strategy, std::uint64_t seed,
                                 const runtime::Recording& recording, const runtime::FaultPlan& faults) {
  const Violation& first = runner_.run(program, strategy, seed, recording, faults);
  if (first.outcome == Outcome::clean || !recognises_) {
    const Violation& violation = judge(program, recording);
    if (violation.outcome != Outcome::clean) fingerprint_ = fingerprint_of(runner_, violation);
    return violation;
  }
  Judged& known = judged_[fingerprint_of(runner_, first)];
  const std::uint32_t times = known.times++;
  fingerprint_ = known.as;
  if (times >= judged_at_first && times % judged_later != 0) return first;
  const Violation& violation = judge(program, recording);
  fingerprint_ = violation.outcome == Outcome::clean ? 0 : fingerprint_of(runner_, violation);
  if (fingerprint_ != known.as) known = {fingerprint_, 1};
  return violation;
}

const Violation& JudgedRuns::judge(const Program& program, const runtime::Recording& recording) {
  const Violation& first = runner_.violation();
  if (fresh_memory_.decides(program, recording)) return runner_.violation();
  if (runtime::totals().exceptions == 0 || runner_.map().claims.on_bad_alloc == ExceptionGuarantee::none) return first;
  const bool leaks = first.outcome == Outcome::leak;
  if (!leaks && !may_follow_from_exception(first.outcome)) return first;

  const Violation found = first;
  const std::vector<CallId> thrown = thrown_by_threads(runner_.history());
  const auto made = choices_made(recording);
  const std::vector<Choice> choices(made.begin(), made.end());
  std::vector<Choice> harmless = choices;
  std::erase_if(harmless, is_exception);
  UnusedCounts unused;
  unused_choices_.resize(unused_choices_max);
  runtime::Recording unheard = recording;
  unheard.choices = unused_choices_;
  unheard.choice_count = &unused.choices;
  unheard.trace = {};
  unheard.trace_count = &unused.trace;
  Replay without(harmless, Recorded::in_part);
  const Violation& plain = runner_.run(program, without, 0, unheard, plan_for(harmless));
  const bool same = plain.outcome == found.outcome;
  const bool harmless_without = plain.outcome == Outcome::clean;
  bool needs_exceptions = !same;
  if (needs_exceptions && !leaks && !thrown.empty()) {
    // A call that has no effect, and that main makes at the end, may be all that it takes.
    runner_.leave_out(thrown);
    Replay without_calls(harmless, Recorded::in_part);
    needs_exceptions = runner_.run(program, without_calls, 0, unheard, plan_for(harmless)).outcome != found.outcome;
    runner_.leave_out({});
  }

  // Once more, so that history, trace and totals are those of the failure.
  Replay again(choices);
  runner_.run(program, again, 0, recording, plan_for(choices));
  if (leaks) {
    if (harmless_without) runner_.set_verdict(leak_after_exception(found, runner_.history()));
  } else if (needs_exceptions) {
    runner_.set_verdict(as_broken_guarantee(found, runner_.history(), runner_.map().claims));
  }
  return runner_.violation();
}

}  // namespace mapquake
