#include "harness/worker/exploration.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/rng.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/runtime/map_place.hpp"
#include "harness/strategy/bounded.hpp"
#include "harness/strategy/pct.hpp"
#include "harness/strategy/pinned.hpp"
#include "harness/strategy/random_walk.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/growth.hpp"
#include "harness/worker/judged_run.hpp"
#include "harness/worker/libfiu.hpp"
#include "harness/worker/moved_fault.hpp"
#include "harness/worker/schedules.hpp"
#include "harness/worker/sweep.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

namespace mapquake {

namespace {

using Clock = std::chrono::steady_clock;

Clock::time_point deadline_of(const SlotHeader& header) {
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(header.seconds_max));
}

/// The strategies of one slice. "mixed" takes turns, so that each kind of bug meets the one that finds it.
class Strategies {
 public:
  Strategies(std::string_view name, std::uint32_t fault_mask)
      : name_(name), serial_({}), walk_(fault_mask), pct2_(2, fault_mask), pct3_(3, fault_mask), pct5_(5, fault_mask) {}

  void begin_program(std::uint64_t number) {
    first_turn_ = number % 8;
    for (Pct* const pct : {&pct2_, &pct3_, &pct5_}) pct->note_length(0);
  }

  /// For the `n`-th schedule of a program. The first is the serial one.
  Strategy& pick(std::uint64_t n) {
    last_ = nullptr;
    if (n == 0) return serial_;
    // Programs with few schedules begin elsewhere in the round.
    n += first_turn_;
    if (name_ == "random" || (name_ == "mixed" && n % 2 == 1)) return walk_;
    const std::uint64_t turn = name_ == "mixed" ? n / 2 : n;
    Pct* const depths[] = {&pct2_, &pct3_, &pct2_, &pct5_};
    last_ = depths[turn % 4];
    return *last_;
  }
  void end_execution() {
    if (last_ == nullptr) return;
    const std::uint64_t length = last_->points();
    for (Pct* const pct : {&pct2_, &pct3_, &pct5_}) pct->note_length(length);
  }

 private:
  std::string_view name_;
  std::uint64_t first_turn_ = 0;
  Replay serial_;
  RandomWalk walk_;
  Pct pct2_;
  Pct pct3_;
  Pct pct5_;
  Pct* last_ = nullptr;
};

/// A race that was noted: reported at the end of the slice, if nothing stronger turned up.
struct NotedRace {
  std::uint64_t program_number = 0;
  Program program;
  std::vector<Choice> choices;
};

NotedRace note_race(const Slot& slot, const Program& program) {
  const SlotHeader& header = slot.header();
  const auto made = slot.choices().first(header.choice_count.load());
  NotedRace race{header.program_number, program, {made.begin(), made.end()}};
  std::sort(race.choices.begin(), race.choices.end());
  return race;
}

/// Runs it once more, so that everything stands in the slot as after a failure.
void report_race(const Slot& slot, MapRunner& runner, const NotedRace& race) {
  SlotHeader& header = slot.header();
  slot.write_program(race.program);
  header.program_number = race.program_number;
  memory::sharing.forget();
  Replay replay(race.choices);
  const Violation& violation =
      runner.run(race.program, replay, 0, recording_into(slot, false), header.limits.steps_max);
  if (violation.outcome != Outcome::data_race) return;
  header.found = true;
  publish(slot, runner, violation);
}

bool wanted(const SlotHeader& header, const Violation& violation) {
  if (violation.outcome == Outcome::clean) return false;
  if (header.wanted_outcome == Outcome::clean) return true;
  if (violation.outcome != header.wanted_outcome) return false;
  return header.wanted_label[0] == 0 || violation.label == header.wanted_label;
}

/// What every program of a slice must stay within: what the map claims, and what was asked for.
std::vector<Budget> budgets_of_all(const SlotHeader& header, const Claims& claims) {
  const Result<std::vector<Budget>> claimed = parse_budgets(claims.budgets);
  MQ_ASSERT(static_cast<bool>(claimed));  // a plugin that states others is refused (parse_description)
  std::vector<Budget> budgets = *claimed;
  add_budgets(budgets, {header.asked_budgets, header.asked_budgets + header.asked_budget_count});
  return budgets;
}

/// rapidcheck's size grows over a campaign and starts again, so that small programs never stop coming.
int size_of_program(std::uint64_t number) {
  return static_cast<int>(4 + number * 3 % 97);
}

/// Only the map's own code: the frames through which the harness called it are no news.
void write_stack(const runtime::Thread& thread, SlotThread& state) {
  state.stack_count = 0;
  const auto push = [&state](std::uint64_t pc) {
    if (state.stack_count < std::size(state.stack) && runtime::is_map_code(pc)) state.stack[state.stack_count++] = pc;
  };
  if (thread.state == runtime::State::blocked) push(thread.wait.pc);
  const runtime::LastStack last = runtime::last_stack();
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
}

runtime::Recording recording_into(const Slot& slot, bool trace) {
  SlotHeader& header = slot.header();
  return {.choices = slot.choices(),
          .choice_count = &header.choice_count,
          .trace = trace ? slot.trace() : std::span<TraceEvent>(),
          .trace_count = &header.trace_count,
          .coverage = header.coverage,
          .heartbeat = &header.heartbeat};
}

void publish(const Slot& slot, const MapRunner& runner, const Violation& violation) {
  SlotHeader& header = slot.header();
  const runtime::Totals totals = runtime::totals();
  header.outcome = violation.outcome;
  copy_text(header.label, sizeof header.label, violation.label);
  copy_text(header.why, sizeof header.why, violation.why);
  header.involved_count = 0;
  for (const std::uint32_t call : violation.calls) {
    if (header.involved_count < std::size(header.involved)) header.involved[header.involved_count++] = call;
  }
  // An answer that differs is another execution, whatever the events were.
  header.trace_hash = mix64(totals.hash ^ static_cast<std::uint64_t>(violation.outcome));
  header.execution_steps = totals.steps;
  header.execution_switches = totals.switches;
  header.preemptions = totals.preemptions;
  header.faults = totals.faults;
  slot.write_history(runner.history());
  copy_text(header.dump, sizeof header.dump, runner.dump());
  header.thread_state_count = 0;
  header.touched = {};
  if (!violation.calls.empty() || violation.outcome == Outcome::clean) return;  // an oracle's: every thread has ended
  for (const runtime::Thread* const thread : runtime::threads()) {
    SlotThread& state = header.thread_states[header.thread_state_count++];
    state.thread = thread->id;
    state.op = thread->op;
    state.event = thread->event;
    runtime::describe(*thread, state.state, sizeof state.state);
    write_stack(*thread, state);
  }
  header.touched = runtime::touched_memory();
  for (const runtime::Witness& witness : runtime::witnesses()) {
    if (header.thread_state_count == std::size(header.thread_states)) break;
    SlotThread& state = header.thread_states[header.thread_state_count++];
    state.thread = witness.thread;
    state.op = witness.op;
    state.event = witness.event;
    copy_text(state.state, sizeof state.state, witness.what);
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
  Replay replay(slot.input_choices());
  memory::sharing.forget();
  fault::allow_points("");
  const Violation& violation = JudgedRuns(runner).run(program, replay, 0, recording_into(slot, header.trace),
                                                      header.limits.steps_max, plan_for(slot.input_choices()));
  tally(header);
  publish(slot, runner, violation);
}

void serve_search(const Slot& slot, MapRunner& runner) {
  SlotHeader& header = slot.header();
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
    const auto is_wanted = [&](const Violation& violation) { return wanted(header, violation); };
    header.found = search_places(runs, program, pinned, recording, header, is_wanted);
    if (header.found) publish(slot, runner, runner.violation());
    return;
  }
  const bool bounded = header.search_kind == SearchKind::bounded;
  std::optional<BoundedSearch> every(header.depth);
  std::uint32_t points_known = 0;
  Strategies strategies(header.search_kind == SearchKind::pct ? "pct" : "random", header.fault_mask);
  strategies.begin_program(0);
  for (std::uint64_t n = 0; n < header.executions_max && header.stop.load(std::memory_order_relaxed) == 0; ++n) {
    if (bounded && !every->next()) {
      // Points that were learned on the way are missing from the schedules before: once more, with all of them.
      if (memory::sharing.learned_count() == points_known) break;
      points_known = memory::sharing.learned_count();
      every.emplace(header.depth);
      if (!every->next()) break;
    }
    Strategy& base = bounded ? static_cast<Strategy&>(*every) : strategies.pick(n + 1);
    PinnedStrategy with_faults(base, pinned);
    Strategy& strategy = pinned.empty() ? base : static_cast<Strategy&>(with_faults);
    const Violation& violation =
        runs.run(program, strategy, mix64(header.seed + n), recording, header.limits.steps_max, faults);
    strategies.end_execution();
    tally(header);
    if (!wanted(header, violation)) continue;
    header.found = true;
    publish(slot, runner, violation);
    return;
  }
  header.exhausted = bounded && every->exhausted();
}

void serve_explore(const Slot& slot, MapRunner& runner) {
  SlotHeader& header = slot.header();
  const Scenario* const scenario = find_scenario(header.scenario);
  MQ_ASSERT(scenario != nullptr || header.program_given);
  const bool sweeps = scenario != nullptr && scenario->sweeps_failures();
  const std::optional<Program> given = header.program_given ? std::optional(slot.read_program()) : std::nullopt;
  // Nothing to choose from but schedules.
  const bool one_only = given || is_program(runner.map().operations);
  const auto deadline = deadline_of(header);
  const runtime::Recording recording = recording_into(slot, false);
  Strategies strategies(header.strategy, header.fault_mask);
  runtime::FaultPlan faults = plan_for(header.fault_mask, header.faults_max, header.pressure_bytes);
  faults.threads_end = header.threads_end;
  fault::allow_points(header.declared_only);
  if (header.options.spike) header.options.growth_sizes = learn_growth_sizes(runner, slot);
  const std::vector<Budget> budgets = budgets_of_all(header, runner.map().claims);
  JudgedRuns runs(runner);
  runs.sample_fresh_memory();
  header.found = false;
  header.programs = 0;
  const std::uint64_t unknown_before = runner.undecided();
  std::uint64_t executed = 0;
  std::optional<NotedRace> noted;
  while (executed < header.executions_max && header.stop.load(std::memory_order_relaxed) == 0 &&
         (header.programs == 0 || Clock::now() < deadline)) {
    const std::uint64_t number = header.first_program + header.programs;
    const std::uint64_t seed = mix64(header.seed ^ mix64(number));
    Program program = given ? *given
                            : scenario->generate(seed, size_of_program(number), runner.map().claims,
                                                 runner.map().operations, header.options);
    add_budgets(program.budgets, budgets);
    slot.write_program(program);
    header.program_number = number;
    memory::sharing.forget();
    if (sweeps) {
      const SweepResult swept = sweep(runs, program, seed, recording, header);
      executed += swept.executions;
      header.sweep_points += swept.points;
      ++header.programs;
      if (!swept.found) continue;
      header.found = true;
      publish(slot, runner, runner.violation());
      break;
    }
    strategies.begin_program(number);
    // One thread has one schedule, but the map may draw numbers of its own; and a program starts further threads.
    const bool schedulable = program.threads.size() > 1 || one_only;
    const std::uint32_t schedules = !schedulable ? schedules_of_one_thread
                                    : one_only   ? header.schedules_max
                                                 : schedules_of(number, header.schedules_max);
    for (std::uint64_t n = 0; n < schedules && executed < header.executions_max; ++n) {
      const Violation& violation =
          runs.run(program, strategies.pick(n), mix64(seed + n), recording, header.limits.steps_max, faults);
      strategies.end_execution();
      tally(header);
      if (header.usage_wanted) slot.usage().add(runner.history());
      ++executed;
      if (violation.outcome == Outcome::data_race && runner.only_notes_races(program)) {
        if (!noted) noted = note_race(slot, program);
      } else if (violation.outcome != Outcome::clean) {
        header.found = true;
        header.unknown = runner.undecided() - unknown_before;
        ++header.programs;
        publish(slot, runner, violation);
        copy_text(header.declared_points, sizeof header.declared_points, fault::discovered_points());
        return;
      }
    }
    ++header.programs;
  }
  header.unknown = runner.undecided() - unknown_before;
  if (noted) report_race(slot, runner, *noted);
  copy_text(header.declared_points, sizeof header.declared_points, fault::discovered_points());
}

}  // namespace mapquake
