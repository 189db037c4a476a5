#include "harness/worker/answers.hpp"

#include "harness/runtime/map_place.hpp"
#include "harness/runtime/uncontrolled.hpp"
#include "harness/worker/defect_fingerprint.hpp"
#include "harness/worker/judged_run.hpp"

#include <algorithm>

namespace mapquake {
namespace {

/// Only the map's own code: the frames through which the harness called it are no news.
std::vector<std::uint64_t> stack_of(const runtime::Thread& thread) {
  std::vector<std::uint64_t> stack;
  const auto push = [&stack](std::uint64_t pc) {
    if (stack.size() == 1 && stack[0] == pc) return;  // known from the wait and from the stack
    if (stack.size() < frames_crossing_max && runtime::is_map_code(pc)) stack.push_back(pc);
  };
  if (thread.state == runtime::State::blocked) push(thread.wait.pc);
  const runtime::LastStack last = runtime::last_stack();
  if (thread.state == runtime::State::ready && last.thread != thread.id) push(thread.next.code);
  if (last.thread == thread.id) std::ranges::for_each(last.frames, push);
  if (last.thread == thread.id && last.whole) return stack;
  for (unsigned n = 0; thread.calls.caller(n) != 0; ++n) push(thread.calls.caller(n));
  return stack;
}

/// How the threads stood, then the places that the finding rests on.
std::vector<Witness> witnesses() {
  std::vector<Witness> all;
  for (const runtime::Thread* const thread : runtime::threads()) {
    all.push_back({thread->id, thread->op, thread->event, runtime::standing_of(*thread), stack_of(*thread)});
  }
  for (const runtime::Witness& place : runtime::witnesses()) {
    const auto frames_end = std::ranges::find(place.stack, std::uint64_t{0});
    all.push_back({place.thread, place.op, place.event, place.standing, {place.stack.begin(), frames_end}});
  }
  return all;
}

}  // namespace

runtime::Recording recording_into(const Slot& slot, bool trace) {
  Live& live = slot.live();
  return {.choices = slot.choices(),
          .choice_count = &live.choice_count,
          .trace = trace ? slot.trace() : std::span<TraceEvent>(),
          .trace_count = &live.trace_count,
          .coverage = live.exploration.coverage,
          .heartbeat = &live.heartbeat,
          .judging = &live.judging};
}

void tally(Live& live) {
  const runtime::Totals totals = runtime::totals();
  live.executions.fetch_add(1, std::memory_order_relaxed);
  live.steps.fetch_add(totals.steps, std::memory_order_relaxed);
  live.switches.fetch_add(totals.switches, std::memory_order_relaxed);
  live.exploration.asked |= totals.asked;
}

Execution execution_of(const MapRunner& runner, const Violation& violation) {
  const runtime::Totals totals = runtime::totals();
  Execution execution;
  execution.violation = violation;
  execution.history = runner.history();
  // An answer that differs is another execution, whatever the events were.
  execution.trace_hash = trace_hash(violation.outcome);
  execution.fingerprint = violation.outcome == Outcome::clean ? 0 : fingerprint_of(runner, violation);
  execution.steps = totals.steps;
  execution.switches = totals.switches;
  execution.preemptions = totals.preemptions;
  execution.faults = totals.faults;
  execution.races_met = totals.races_passed;
  execution.dump = runner.dump();
  const auto asked = runtime::uncontrolled();
  execution.uncontrolled.assign(asked.begin(), asked.end());
  if (!violation.calls.empty() || violation.outcome == Outcome::clean) return execution;  // every thread has ended
  execution.threads = witnesses();
  execution.touched = runtime::touched_memory();
  return execution;
}

}  // namespace mapquake
