#include "harness/worker/exploration.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/rng.hpp"
#include "harness/history/symptom.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/runtime/map_place.hpp"
#include "harness/runtime/uncontrolled.hpp"
#include "harness/strategy/bounded.hpp"
#include "harness/strategy/forwarding.hpp"
#include "harness/strategy/pinned.hpp"
#include "harness/strategy/portfolio.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/defect_fingerprint.hpp"
#include "harness/worker/judged_run.hpp"
#include "harness/worker/known_hits.hpp"
#include "harness/worker/libfiu.hpp"
#include "harness/worker/loops_met.hpp"
#include "harness/worker/moved_fault.hpp"
#include "harness/worker/program_source.hpp"
#include "harness/worker/schedules.hpp"
#include "harness/worker/second_look.hpp"
#include "harness/worker/self_check.hpp"
#include "harness/worker/sweep.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace mapquake {
namespace {

using Clock = std::chrono::steady_clock;

Clock::time_point deadline_of(const SlotHeader& header) {
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(header.seconds_max));
}

/// Bounded search of a program whose shared memory is still being learned.
class LearningSearch final : public ForwardingStrategy {
 public:
  explicit LearningSearch(unsigned depth) : ForwardingStrategy(every_), depth_(depth), every_(depth) {}

  /// Points that were learned on the way are missing from the schedules before: once more, with all of them.
  bool next() override {
    if (every_.next()) return true;
    if (memory::sharing.learned_count() == points_known_) return false;
    points_known_ = memory::sharing.learned_count();
    every_ = BoundedSearch(depth_);
    return every_.next();
  }

 private:
  unsigned depth_;
  std::uint32_t points_known_ = 0;
  BoundedSearch every_;
};

bool wanted(const SlotHeader& header, const MapRunner& runner, const Violation& violation) {
  if (violation.outcome == Outcome::clean) return false;
  if (header.wanted_outcome == Outcome::clean) return true;
  if (violation.outcome != header.wanted_outcome) return false;
  if (!stands_for(violation.label, header.wanted_label)) return false;
  return header.wanted_race == 0 || fingerprint_of(runner, violation) == header.wanted_race;
}

/// Only the map's own code: the frames through which the harness called it are no news.
void write_stack(const runtime::Thread& thread, SlotThread& state) {
  state.stack_count = 0;
  const auto push = [&state](std::uint64_t pc) {
    if (state.stack_count == 1 && state.stack[0] == pc) return;  // known from the wait and from the stack
    if (state.stack_count < std::size(state.stack) && runtime::is_map_code(pc)) state.stack[state.stack_count++] = pc;
  };
  if (thread.state == runtime::State::blocked) push(thread.wait.pc);
  const runtime::LastStack last = runtime::last_stack();
  if (thread.state == runtime::State::ready && last.thread != thread.id) push(thread.next.code);
  if (last.thread == thread.id) std::ranges::for_each(last.frames, push);
  if (last.thread == thread.id && last.whole) return;
  for (unsigned n = 0; thread.calls.caller(n) != 0; ++n) push(thread.calls.caller(n));
}

}  // namespace

void tally(SlotHeader& header) {
  const runtime::Totals totals = runtime::totals();
  header.executions.fetch_add(1, std::memory_order_relaxed);
  header.steps.fetch_add(totals.steps, std::memory_order_relaxed);
  header.switches.fetch_add(totals.switches, std::memory_order_relaxed);
  header.asked |= totals.asked;
}

void note_phases(SlotHeader& header, const History& history) {
  if (header.tables.known()) header.phases.add(history, header.tables);
}

runtime::Recording recording_into(const Slot& slot, bool trace) {
  SlotHeader& header = slot.header();
  return {.choices = slot.choices(),
          .choice_count = &header.choice_count,
          .trace = trace ? slot.trace() : std::span<TraceEvent>(),
          .trace_count = &header.trace_count,
          .coverage = header.coverage,
          .heartbeat = &header.heartbeat,
          .judging = &header.judging};
}

void publish(const Slot& slot, const MapRunner& runner, const Violation& violation) {
  SlotHeader& header = slot.header();
  const runtime::Totals totals = runtime::totals();
  header.outcome = violation.outcome;
  copy_text(header.label, sizeof header.label, violation.label);
  write_reasons(header, violation.reasons);
  header.involved_count = 0;
  for (const std::uint32_t call : violation.calls) {
    if (header.involved_count < std::size(header.involved)) header.involved[header.involved_count++] = call;
  }
  // An answer that differs is another execution, whatever the events were.
  header.trace_hash = trace_hash(violation.outcome);
  header.fingerprint = violation.outcome == Outcome::clean ? 0 : fingerprint_of(runner, violation);
  header.execution_steps = totals.steps;
  header.execution_switches = totals.switches;
  header.preemptions = totals.preemptions;
  header.faults = totals.faults;
  header.races_met = totals.races_passed;
  slot.write_history(runner.history());
  copy_text(header.dump, sizeof header.dump, runner.dump());
  const auto asked = runtime::uncontrolled();
  header.uncontrolled_count = static_cast<std::uint32_t>(asked.size());
  std::ranges::copy(asked, header.uncontrolled);
  header.thread_state_count = 0;
  header.touched = {};
  if (!violation.calls.empty() || violation.outcome == Outcome::clean) return;  // an oracle's: every thread has ended
  for (const runtime::Thread* const thread : runtime::threads()) {
    SlotThread& state = header.thread_states[header.thread_state_count++];
    state.thread = thread->id;
    state.op = thread->op;
    state.event = thread->event;
    state.standing = runtime::standing_of(*thread);
    write_stack(*thread, state);
  }
  header.touched = runtime::touched_memory();
  for (const runtime::Witness& witness : runtime::witnesses()) {
    if (header.thread_state_count == std::size(header.thread_states)) break;
    SlotThread& state = header.thread_states[header.thread_state_count++];
    state.thread = witness.thread;
    state.op = witness.op;
    state.event = witness.event;
    state.standing = witness.standing;
    state.stack_count = 0;
    for (const std::uint64_t pc : witness.stack) {
      if (pc == 0) break;
      state.stack[state.stack_count++] = pc;
    }
  }
}

void serve_execute(const Slot& slot, MapRunner& runner) {
  SlotHeader& header = slot.header();
  const Program program = slot.read_program();
  Replay replay(slot.input_choices(), header.may_end_loops_soon ? Recorded::in_part : Recorded::whole);
  memory::sharing.forget();
  fault::allow_points("");
  if (header.may_end_loops_soon) {
    const std::uint64_t believing = header.sequence.load() * runtime::LoopWatch::probe_every + 1;
    runner.expect_loops({.livelock = true, .hang = true, .execution = believing});
  }
  const Violation& violation =
      JudgedRuns(runner).run(program, replay, 0, recording_into(slot, header.trace), plan_for(slot.input_choices()));
  tally(header);
  publish(slot, runner, violation);
  runner.expect_loops({});
}

void serve_search(const Slot& slot, MapRunner& runner) {
  SlotHeader& header = slot.header();
  if (header.search_kind == SearchKind::all_orders) return serve_proof(slot, runner);
  const Program program = slot.read_program();
  const std::vector<Choice> pinned(slot.input_choices().begin(), slot.input_choices().end());
  const runtime::Recording recording = recording_into(slot, false);
  memory::sharing.forget();
  fault::allow_points("");
  header.found = header.exhausted = false;
  runtime::FaultPlan faults = plan_for(pinned);
  faults.enabled |= header.fault_mask;
  JudgedRuns runs(runner);
  const bool wants_others =
      header.wanted_outcome != Outcome::clean && header.wanted_outcome != Outcome::uninitialised_read;
  if (wants_others) runs.sample_fresh_memory();
  if (header.search_kind == SearchKind::places) {
    const auto is_wanted = [&](const Violation& violation) { return wanted(header, runner, violation); };
    header.found = search_places(runs, program, pinned, recording, header, is_wanted);
    if (header.found) publish(slot, runner, runner.violation());
    return;
  }
  const bool bounded = header.search_kind == SearchKind::bounded;
  std::optional<LearningSearch> every;
  if (bounded) every.emplace(header.depth);
  const SearchKind kind = header.search_kind;
  const char* const drawn_by = kind == SearchKind::pct ? "pct" : kind == SearchKind::pos ? "pos" : "random";
  Portfolio strategies(drawn_by, header.fault_mask);
  strategies.begin_program(0, 0);
  LoopsMet loops(runner, header.wanted_outcome, header.may_end_loops_soon, bounded);
  for (std::uint64_t n = 0; n < header.executions_max && header.stop.load(std::memory_order_relaxed) == 0; ++n) {
    Strategy& base = bounded ? static_cast<Strategy&>(*every) : strategies.pick(n + 1);
    if (!base.next()) {
      header.exhausted = base.exhausted();
      break;
    }
    PinnedStrategy with_faults(base, pinned);
    Strategy& strategy = pinned.empty() ? base : static_cast<Strategy&>(with_faults);
    const Violation& violation = runs.run(program, strategy, mix64(header.seed + n), recording, faults);
    strategies.end_execution();
    tally(header);
    if (!wanted(header, runner, violation)) {
      loops.note(violation.outcome);
      continue;
    }
    header.found = true;
    publish(slot, runner, violation);
    return;
  }
}

void serve_explore(const Slot& slot, MapRunner& runner) {
  SlotHeader& header = slot.header();
  ProgramSource programs(slot, runner);
  const bool sweeps = programs.sweeps();
  // Nothing to choose from but schedules.
  const bool one_only = programs.is_given() || is_program(runner.map().operations);
  const auto deadline = deadline_of(header);
  const runtime::Recording recording = recording_into(slot, false);
  const Plan& plan = header.plan;
  Portfolio strategies(plan.strategy, plan.fault_mask);
  const runtime::FaultPlan faults = plan_for(plan);
  fault::allow_points(plan.declared_only);
  const bool limit_is_asked = plan.steps_max != 0 || runner.map().steps_max != 0;
  JudgedRuns runs(runner);
  runs.sample_fresh_memory();
  runs.recognise_failures();
  SelfCheck self_check(runner);
  runtime::KnownLoops loops{is_known(header, fingerprint_of_loop(Outcome::livelock)),
                            is_known(header, fingerprint_of_loop(Outcome::hang))};
  runner.expect_loops(loops);
  header.found = header.beyond_claims = false;
  header.programs = 0;
  const std::uint64_t unknown_before = runner.undecided();
  std::uint64_t executed = 0;
  const std::span<const std::uint64_t> known(header.known, header.known_count);
  if (plan.races == Races::report) runner.pass_races(known, {header.known_hits, known.size()});
  const auto leave = [&] {
    runner.expect_loops({});
    runner.pass_races({}, {});
    header.unknown = runner.undecided() - unknown_before;
    copy_text(header.declared_points, sizeof header.declared_points, fault::discovered_points());
  };
  Program program;
  // Nobody who replays it knows which races were known: how many were passed says it.
  const auto found = [&] {
    header.found = true;
    const std::uint32_t passed = runtime::totals().races_passed;
    if (passed != 0) {
      program.races_passed = runner.violation().outcome == Outcome::data_race ? passed : all_races;
      slot.write_program(program);
    }
    publish(slot, runner, runner.violation());
  };
  const auto is_the_same = [&] {
    ++header.repeated;
    runner.pass_races({}, {});
    const bool parts = self_check.parts(program, recording);
    if (plan.races == Races::report) runner.pass_races(known, {header.known_hits, known.size()});
    return !parts;
  };
  while (executed < header.executions_max && header.stop.load(std::memory_order_relaxed) == 0 &&
         (header.programs == 0 || Clock::now() < deadline)) {
    const std::uint64_t number = header.first_program + header.programs;
    const std::uint64_t seed = ProgramSource::seed_of(header, number);
    program = programs.draw(number);
    const std::uint32_t first_schedule = header.programs == 0 ? header.first_schedule : 0;
    if (first_schedule == 0) header.stepped_over = {};
    header.stepped_over.apply(program);
    slot.write_program(program);
    header.program_number = number;
    header.schedule_number = 0;
    header.executions_in_program = 0;
    memory::sharing.forget();
    if (sweeps && first_schedule == 0) {
      const SweepResult swept = sweep(runs, program, seed, recording, header);
      executed += swept.executions;
      if (swept.found) {
        found();
        return leave();
      }
      header.sweep_points += swept.points;
    }
    strategies.begin_program(number, program.operation_count());
    // One thread has one schedule, but the map may draw numbers of its own; and a program starts further threads.
    const bool schedulable = program.threads.size() > 1 || one_only;
    const std::uint32_t schedules = sweeps         ? 0
                                    : !schedulable ? schedules_of_one_thread
                                    : one_only     ? plan.schedules_max
                                                   : schedules_of(number, plan.schedules_max);
    const auto all_schedules = [&] { return schedules + header.stepped_over.count(); };
    for (std::uint32_t n = first_schedule; n < all_schedules() && executed < header.executions_max; ++n) {
      if (header.stop.load(std::memory_order_relaxed) != 0) return leave();
      header.schedule_number = n;
      loops.execution = mix64(seed + n);
      runner.expect_loops(loops);
      const std::uint32_t own_number = n - header.stepped_over.count();
      const Violation& violation = runs.run(program, strategies.pick(own_number), mix64(seed + n), recording, faults);
      strategies.end_execution();
      tally(header);
      if (plan.usage) slot.usage().add(runner.history());
      note_phases(header, runner.history());
      ++executed;
      ++header.executions_in_program;
      if (violation.outcome == Outcome::clean) {
        if (!SelfCheck::is_due(mix64(seed + n)) || was_weak_in_vain(recording, faults) || is_the_same()) continue;
        if (count_if_known(header, fingerprint_of(runner, runner.violation()))) continue;
      } else if (count_if_known(header, runs.fingerprint())) {
        const bool is_first = own_number == 0 && !one_only;
        if (is_first && header.stepped_over.step_over(runner.history(), program)) slot.write_program(program);
        continue;
      } else if (may_look_otherwise(violation, recording, faults)) {
        const bool clean = settled(runs, program, recording, limit_is_asked).outcome == Outcome::clean;
        slot.write_program(program);
        if (clean || count_if_known(header, runs.fingerprint())) continue;
      }
      header.beyond_claims = violation.outcome == Outcome::data_race && runner.only_notes_races(program);
      found();
      return leave();
    }
    ++header.programs;
    programs.has_run();
  }
  leave();
}

}  // namespace mapquake
