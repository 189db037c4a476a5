// What every event that takes the slow path is for: limits, the heartbeat, deadlines, and loops that never end.
#include "harness/history/outcome.hpp"
#include "harness/memory/layout.hpp"
#include "harness/runtime/code_origin.hpp"
#include "harness/runtime/state.hpp"

#include <algorithm>
#include <utility>

namespace mapquake::runtime {

std::uint64_t end_of_patience() {
  return std::max(rt.last_progress, rt.last_time_jump) + turn_steps_max;
}

namespace {

/// The step at which some deadline comes, or time jumps to it.
std::uint64_t step_of_deadline() {
  if (rt.earliest_deadline_ns == never) return UINT64_MAX;
  if (rt.earliest_deadline_ns <= rt.now_ns) return 0;
  return std::min(rt.clock_steps + (rt.earliest_deadline_ns - rt.now_ns), end_of_patience());
}

/// What a constructor does is not what is explored, and the only way to it: it may take so many times as long as the
/// threads together.
constexpr std::uint64_t patience_with_constructor = 64;

[[noreturn]] void abandon_loop(Outcome outcome, Symptom symptom, LoopKind kind, reason::LoopShape shape) {
  rt.loops.ends_with(rt.steps, kind);
  abandon(outcome, symptom, reason::EndlessLoop{shape, rt.steps - rt.last_progress, LoopWatch::loop_steps});
}

/// Main left out, where it waits for the others.
unsigned runnable() {
  const bool main_waits = rt.phase == Phase::threads_run;
  const auto can_run = [&](const Thread& thread) {
    return (!main_waits || thread.id != main_thread) && thread.state == State::ready;
  };
  return static_cast<unsigned>(std::count_if(rt.threads.begin(), rt.threads.begin() + rt.count, can_run));
}

[[noreturn]] void abandon_hang() {
  abandon_loop(Outcome::hang, hang_symptom, LoopKind::hang, reason::LoopShape::nothing_new);
}

/// Without the end of an operation, before cycles are watched for. What main does alone may be the filling of a large
/// table, or a walk over it.
constexpr std::uint64_t cycle_patience_steps(Phase phase) {
  switch (phase) {
    case Phase::setting_up:
      return 50'000;
    case Phase::filling:
    case Phase::looking_back:
      return 5'000;
    case Phase::threads_run:
      break;
  }
  return 1'000;
}

/// The step from which on cycles are watched for, which makes events slower: after so many without the end of an
/// operation, for a while, and now and then after that. Who has gone on for so long computes or counts.
std::uint64_t cycles_from() {
  constexpr std::uint64_t first_watch_steps = 2 * turn_steps_max;
  constexpr std::uint64_t period_steps = 1 << 16, watch_steps = 1 << 12;
  // Uninstrumented code may change what is not seen here, and end the cycle.
  if (has_unseen_libraries) return UINT64_MAX;
  const std::uint64_t from = rt.last_progress + cycle_patience_steps(rt.phase);
  if (rt.steps < from + first_watch_steps) return from;
  const std::uint64_t in_period = (rt.steps - from) % period_steps;
  return in_period < watch_steps ? rt.steps : rt.steps - in_period + period_steps;
}

/// Notes that the current thread's turn was in vain. Whether nobody can change what its cycle depends on: nobody else
/// can run, now or after some time, or all who can had two such turns since anything else was done, in the second of
/// which nobody had changed anything.
bool all_in_vain(const Thread& thread) {
  constexpr std::uint8_t turns = 2;
  auto& proven = rt.cycles.proven;
  if (rt.turn_began != rt.cycles.turn_ended) proven.fill(0);
  rt.cycles.turn_ended = rt.steps;
  proven[thread.id] = std::min<std::uint8_t>(proven[thread.id] + 1, turns);
  if (rt.earliest_deadline_ns != never) return false;
  bool alone = true;
  for (std::uint32_t id = 0; id < rt.count; ++id) {
    const Thread& other = rt.threads[id];
    if (id == thread.id || (other.state != State::ready && !other.stalled)) continue;
    if (other.stalled || proven[id] < turns) return false;
    alone = false;
  }
  return alone || proven[thread.id] == turns;
}

/// Tells the watch of an event. A thread that repeats one state loses its turn at once, and ends the execution where
/// there is nobody who could change that state.
void watch_for_cycles(const Thread& thread, const TraceEvent& event) {
  const bool goes_on = std::exchange(rt.cycles.watched, rt.steps) + 1 == rt.steps;
  if (std::exchange(rt.cycles.turn_began, rt.turn_began) != rt.turn_began || !goes_on) rt.cycles.proof.disturb();
  if (!rt.cycles.proof.passes(event, rt.steps, memory::stack_top(thread.id))) return;
  if (all_in_vain(thread)) {
    abandon_loop(Outcome::hang, hang_symptom, LoopKind::hang, reason::LoopShape::unchanging);
  }
  rt.turn_began = rt.steps - turn_steps_max;
}

/// By the current thread.
std::uint64_t stack_used_bytes() {
  return memory::stack_top(rt.current->id) - reinterpret_cast<std::uint64_t>(__builtin_frame_address(0));
}

/// Tells the watch of an event. Ends the execution where all who can run go round in loops that give others their
/// turns. A loop without scheduling points may be a long computation, and gets all the steps there are (out_of_steps).
void watch_for_loops(const Thread& thread, const TraceEvent& event) {
  rt.loops.pass(thread.id, event, stack_used_bytes(), rt.steps, rt.last_progress);
  // The last one lasts as long as there are steps.
  const bool is_last = rt.last_watch_of_phase == rt.phase_began;
  if (!is_last && rt.loops.lasts_long(rt.steps)) rt.loops.end_in_vain(rt.steps, runnable());
  const bool loops = rt.loops.loops(rt.steps);
  const bool livelock = rt.loops.is_believed(rt.steps, LoopKind::livelock) || loops;
  const bool hang = rt.loops.is_believed(rt.steps, LoopKind::hang) || loops;
  if (!livelock && !hang) return;
  const bool main_waits = rt.phase == Phase::threads_run;
  const auto goes_round = [&](const Thread& other) {
    return (main_waits && other.id == main_thread) || other.state != State::ready || rt.loops.passes_points(other.id);
  };
  if (livelock && std::all_of(rt.threads.begin(), rt.threads.begin() + rt.count, goes_round)) {
    abandon_loop(Outcome::livelock, livelock_symptom, LoopKind::livelock, reason::LoopShape::all_nothing_new);
  }
  if (hang && rt.setup->known_loops.hang) abandon_hang();
}

/// Whether the stack in use has grown by much since the steps were up the last time. A recursion that never ends is a
/// stack overflow, however many steps that takes; and it is one after some dozen times.
bool goes_deeper() {
  constexpr std::uint64_t grown_bytes = std::uint64_t{1} << 17;
  const std::uint64_t used = stack_used_bytes();
  if (used < rt.stack_at_limit_bytes + grown_bytes) return false;
  rt.stack_at_limit_bytes = used;
  return true;
}

/// Ends the execution, or grants a constructor, or who calls deeper and deeper, more steps.
void out_of_steps() {
  if (goes_deeper()) {
    rt.steps_max = rt.steps + rt.setup->steps_max;
    return;
  }
  // There may be any number of entries to add and to look up, each an operation.
  const bool by_entries = rt.phase == Phase::filling || rt.phase == Phase::looking_back;
  if (by_entries && rt.steps - rt.last_progress < rt.setup->steps_max) {
    rt.steps_max = rt.last_progress + rt.setup->steps_max;
    return;
  }
  // What a constructor does may take long although it does the same again and again: fill a table.
  if (rt.phase != Phase::setting_up) {
    // Whether a watch is on by chance must not matter.
    if (rt.last_watch_of_phase != rt.phase_began) {
      rt.last_watch_of_phase = rt.phase_began;
      rt.loops.watch_from(rt.steps + 1);
      rt.steps_max = rt.steps + LoopWatch::watch_steps_max(runnable());
      return;
    }
    if (rt.loops.loops(rt.steps)) abandon_hang();
  }
  const bool stuck = rt.steps - rt.last_progress > rt.setup->steps_max / 2;
  if (stuck && rt.yields > 1000) {
    abandon(Outcome::livelock, livelock_symptom, reason::NoEndInTurns{});
  }
  if (rt.phase != Phase::setting_up) {
    const std::uint64_t since_progress = rt.steps - rt.last_progress;
    reason::OutOfSteps reason;
    if (since_progress >= rt.setup->steps_max / 2) reason.without_end_steps = since_progress;
    abandon(Outcome::budget_exceeded, Symptom::steps, reason);
  }
  if (rt.steps - rt.phase_began < patience_with_constructor * rt.setup->steps_max) {
    rt.last_watch_of_phase = UINT64_MAX;
    rt.steps_max = rt.steps + rt.setup->steps_max;
    return;
  }
  abandon(Outcome::budget_exceeded, Symptom::steps_of_construction,
          reason::OutOfConstructionSteps{patience_with_constructor * rt.setup->steps_max});
}

}  // namespace

void set_next_check() {
  if (rt.tracing) {
    rt.check_at = 0;
    return;
  }
  const std::uint64_t watch_at = rt.phase == Phase::setting_up ? UINT64_MAX : rt.loops.watches_from(rt.last_progress);
  rt.check_at =
      std::min({rt.steps + check_interval, rt.steps_max, rt.turn_began + turn_steps_max, watch_at, cycles_from()});
  // Every event is looked at, as a trace does: a loop is watched for, or the turn is over, and ends at the next event
  // at which a thread can lose its turn. An allocation is none.
  if (rt.check_at <= rt.steps) return;
  if (rt.quiet.points > 0) rt.check_at = std::min({rt.check_at, step_of_deadline(), rt.fairness_at});
}

void begin_phase(Phase phase) {
  rt.phase = phase;
  rt.phase_began = rt.last_progress = rt.steps;
  rt.steps_max = rt.steps + rt.setup->steps_max;
  set_next_check();
}

void count_slowly(Thread& thread, const TraceEvent& event) {
  if (!rt.running) return;
  if (rt.tracing) record_trace(thread, event);
  beat();
  if (rt.phase != Phase::setting_up && rt.steps >= rt.loops.watches_from(rt.last_progress))
    watch_for_loops(thread, event);
  if (rt.steps >= cycles_from()) watch_for_cycles(thread, event);
  if (rt.steps >= rt.steps_max) out_of_steps();
  if (rt.steps >= std::min(step_of_deadline(), rt.fairness_at)) rt.quiet.end_points();
  set_next_check();
}

}  // namespace mapquake::runtime
