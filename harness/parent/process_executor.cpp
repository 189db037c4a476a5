#include "harness/parent/process_executor.hpp"

#include "harness/base/assert.hpp"
#include "harness/history/symptom.hpp"

#include <sys/wait.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstring>

namespace mapquake {

namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned tick_ms = TemplateProcess::tick_ms;
constexpr unsigned sleeping_ticks_min = 4;
constexpr unsigned lost_workers_max = 3;

void set_outcome(SlotHeader& header, Outcome outcome, std::string_view label, const EndReason& reason) {
  header.outcome = outcome;
  copy_text(header.label, sizeof header.label, label);
  write_reasons(header, std::array<Reason, 1>{reason});
  header.involved_count = header.call_count = header.visit_count = header.quiescent_from = 0;
  header.thread_state_count = 0;
  header.trace_hash = header.execution_steps = header.live_bytes = 0;
  header.fingerprint = defect_fingerprint(outcome, label, 0);
  header.execution_switches = header.preemptions = header.faults = header.races_met = 0;
  header.touched = {};
  header.uncontrolled_count = 0;
  header.dump[0] = 0;
}

}  // namespace

ProcessExecutor::ProcessExecutor(MapInfo map, const Limits& limits, Slot slot, TemplateProcess process)
    : map_(std::move(map)), patience_(limits.hang_cpu_ms), slot_(std::move(slot)), process_(std::move(process)) {}

void ProcessExecutor::restart() {
  Result<TemplateProcess> started = TemplateProcess::start(map_.plugin, map_.index, &slot_);
  MQ_ASSERT(static_cast<bool>(started));  // it did start with the same file before
  process_ = std::move(*started);
}

void ProcessExecutor::fresh_process() {
  patience_.be_sure();
  process_.end_worker();
}

void ProcessExecutor::blame_death(int status) {
  SlotHeader& header = slot_.header();
  if (WIFSIGNALED(status)) {
    const char* const name = ::strsignal(WTERMSIG(status));
    set_outcome(header, Outcome::crash, label_of(Symptom::killed, name),
                reason::KilledBySignal{WTERMSIG(status), reason::Name::cut(name)});
  } else if (WEXITSTATUS(status) == static_cast<int>(ExitCode::harness_bug)) {
    set_outcome(header, Outcome::nondeterministic, name_of(Symptom::internal_error), reason::HarnessAsserted{});
  } else {
    set_outcome(header, Outcome::exit, name_of(Symptom::exit), reason::ExitedWith{WEXITSTATUS(status)});
  }
}

void ProcessExecutor::heed(std::function<bool()> stop) {
  cut_off_ = CutOff(std::move(stop));
  was_cut_off_ = false;
}

ProcessExecutor::Answer ProcessExecutor::serve(CutOff& cut_off, ExploreProgress* progress) {
  if (cut_off.is_due(Clock::now())) return Answer::cut_off;
  SlotHeader& header = slot_.header();
  std::uint64_t told_executions = header.executions.load();
  std::uint64_t told_steps = header.steps.load();
  std::uint64_t told_switches = header.switches.load();
  const auto tell = [&] {
    if (progress == nullptr) return;
    const std::uint64_t executions = header.executions.load();
    const std::uint64_t steps = header.steps.load();
    const std::uint64_t switches = header.switches.load();
    progress->executions += executions - std::exchange(told_executions, executions);
    progress->steps += steps - std::exchange(told_steps, steps);
    progress->switches += switches - std::exchange(told_switches, switches);
  };
  header.stop.store(0);
  header.limits = {.hang_cpu_ms = patience_.limit_ms()};
  const unsigned sleeping_ticks_max = std::max(sleeping_ticks_min, header.limits.hang_cpu_ms / tick_ms);
  header.shows_output = shows_output_;
  for (unsigned lost = 0;; ++lost) {
    Silence silence(header.heartbeat.load(), sleeping_ticks_max);
    header.judging.store(0);
    bool silenced = false;
    bool overdue = false;
    const auto tick = [&] {
      tell();
      if (cut_off.is_asked()) header.stop.store(1);
      const auto advice =
          silence.look(header.heartbeat.load(), header.judging.load() != 0, [&] { return process_.activity(); });
      if (advice == Silence::Advice::wake) process_.interrupt_worker();
      silenced = advice == Silence::Advice::give_up;
      overdue = cut_off.is_due(Clock::now());
      return !silenced && !overdue;
    };
    int status = 0;
    const TemplateProcess::Ended ended = process_.serve(header, tick, status);
    tell();
    if (ended == TemplateProcess::Ended::done) return Answer::done;
    const bool had_begun = header.busy.exchange(0) != 0;
    if (ended == TemplateProcess::Ended::template_died) restart();
    if (overdue) return Answer::cut_off;
    if (ended == TemplateProcess::Ended::template_died) {
      // Not the map's doing.
    } else if (silenced) {
      set_outcome(header, Outcome::hang, name_of(Symptom::no_progress), reason::NoStepAnyMore{});
      return Answer::crashed;
    } else if (had_begun && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)) {
      blame_death(status);
      return Answer::crashed;
    }
    // Killed from outside, or before it began: the map is not to blame.
    if (lost == lost_workers_max) return Answer::lost;
    if (had_begun && header.command == Command::explore) return Answer::lost;
  }
}

Execution ProcessExecutor::execute_once(const Case& input, bool trace, CutOff& cut_off) {
  slot_.header().trace = trace;
  slot_.header().may_end_loops_soon = false;
  return answer_of_execute(input, cut_off);
}

Execution ProcessExecutor::answer_of_execute(const Case& input, CutOff& cut_off) {
  SlotHeader& header = slot_.header();
  header.command = Command::execute;
  slot_.write_program(input.program);
  slot_.write_input_choices(input.choices);
  header.trace_count.store(0);
  const Answer answer = serve(cut_off, nullptr);
  if (answer == Answer::lost) {
    set_outcome(header, Outcome::nondeterministic, name_of(Symptom::worker_lost), reason::KilledFromOutside{});
  }
  if (answer == Answer::cut_off) {
    was_cut_off_ = true;
    set_outcome(header, Outcome::nondeterministic, name_of(Symptom::cut_off), reason::OutOfTime{});
  }
  Execution execution = slot_.read_execution();
  patience_.learn_from(execution.violation);
  return execution;
}

Execution ProcessExecutor::execute(const Case& input, bool trace) {
  Execution execution = execute_once(input, trace, cut_off_);
  if (!patience_.doubts(execution.violation)) return execution;
  patience_.give_utmost();
  return execute_once(input, trace, cut_off_);
}

Execution ProcessExecutor::attempt(const Case& input) {
  slot_.header().trace = false;
  slot_.header().may_end_loops_soon = true;
  return answer_of_execute(input, cut_off_);
}

SearchResult ProcessExecutor::search(const SearchRequest& request) {
  SlotHeader& header = slot_.header();
  header.command = Command::search;
  header.trace = false;
  header.may_end_loops_soon = request.of_attempts;
  header.search_kind = request.kind;
  header.wanted_outcome = request.outcome;
  copy_text(header.wanted_label, sizeof header.wanted_label, request.label);
  header.wanted_race = request.race;
  header.seed = request.seed;
  header.depth = request.depth;
  header.executions_max = request.executions_max;
  header.seconds_max = request.seconds_max;
  header.loops_wait = false;
  header.gaps = 0;
  header.redundant = 0;
  header.fault_mask = request.fault_mask;
  header.moved = request.moved;
  header.trace_count.store(0);
  slot_.write_program(request.program);
  slot_.write_input_choices(request.pinned);
  const std::uint64_t before = header.executions.load();
  const Answer answer = serve(cut_off_, nullptr);
  was_cut_off_ |= answer == Answer::cut_off;
  SearchResult result;
  result.executions = header.executions.load() - before;
  if (answer == Answer::done) {
    result.found = header.found;
    result.exhausted = header.exhausted;
    result.redundant = header.redundant;
    result.gaps = header.gaps;
    result.loops_wait = header.loops_wait;
  } else if (answer == Answer::crashed) {
    const bool any = request.outcome == Outcome::clean;
    result.found = any || (header.outcome == request.outcome && stands_for(header.label, request.label));
    ++result.executions;
  }
  if (result.found) result.execution = slot_.read_execution();
  return result;
}

ExploreResult ProcessExecutor::explore(const ExploreRequest& request, ExploreProgress& progress) {
  SlotHeader& header = slot_.header();
  header.command = Command::explore;
  header.trace = false;
  copy_text(header.scenario, sizeof header.scenario, request.scenario);
  header.plan = request.plan;
  header.program_given = request.program.has_value();
  if (request.program) slot_.write_program(*request.program);
  header.seed = request.seed;
  header.executions_max = request.executions_max;
  header.seconds_max = request.seconds_max;
  if (request.plan.usage) slot_.usage().clear();
  MQ_ASSERT(request.known.size() <= known_defects_max);
  header.known_count = static_cast<std::uint32_t>(request.known.size());
  std::copy(request.known.begin(), request.known.end(), header.known);
  std::fill_n(header.known_hits, request.known.size(), 0);
  header.sweep_points = 0;
  header.repeated = 0;
  header.tables = request.tables;
  header.phases = {};
  header.asked = 0;
  header.found = false;
  header.trace_count.store(0);
  std::memset(header.coverage, 0, sizeof header.coverage);
  MQ_ASSERT(request.covered.size() <= coverage_words);
  std::ranges::copy(request.covered, header.coverage);
  slot_.give_kept_programs(request.kept, request.inherited);
  header.breeds = request.breeds;
  const std::uint64_t executions = header.executions.load();
  const std::uint64_t steps = header.steps.load();
  const std::uint64_t switches = header.switches.load();
  ExploreResult result;
  const Answer answer = explore_past_known_deaths(request, progress, result);
  result.executions = header.executions.load() - executions;
  result.steps = header.steps.load() - steps;
  result.switches = header.switches.load() - switches;
  result.sweep_points = header.sweep_points;
  result.repeated = header.repeated;
  result.phases = header.phases;
  result.asked = header.asked;
  result.declared_points = header.declared_points;
  result.coverage.assign(std::begin(header.coverage), std::end(header.coverage));
  result.kept = slot_.kept_since();
  result.known_hits.assign(header.known_hits, header.known_hits + request.known.size());
  if (request.plan.usage) result.usage = std::make_shared<UsageRecord>(slot_.usage());
  result.process_died = answer == Answer::crashed;
  result.found = result.process_died || (answer == Answer::done && header.found);
  if (answer == Answer::lost) {
    ++result.programs;  // the one that was running is not run again
    ++result.unknown;
  }
  if (result.found) {
    result.program_number = header.program_number;
    result.beyond_claims = answer == Answer::done && header.beyond_claims;
    result.schedule_number = header.schedule_number;
    result.executions_in_program = header.executions_in_program + result.process_died;
    result.execution = slot_.read_execution();
    result.fingerprint = result.execution.fingerprint;
    result.failing = {slot_.read_program(), result.execution.choices};
    // Of a process that has died nobody knows which races it had passed.
    const bool may_have_passed = result.process_died && !request.known.empty() && request.plan.races == Races::report;
    if (may_have_passed) result.failing.program.races_passed = all_races;
    const Violation& seen = result.execution.violation;
    const bool doubtful = patience_.doubts_news(seen);
    patience_.learn_from(seen);
    if (doubtful) look_again(request, progress, result);
  }
  if (result.process_died || result.next_schedule != 0) result.stepped_over = header.stepped_over;
  return result;
}

/// With all the time there is: whether the failure of `result` is one.
void ProcessExecutor::look_again(const ExploreRequest& request, ExploreProgress& progress, ExploreResult& result) {
  CutOff cut_off([&progress] { return progress.stop.load(); });
  patience_.give_utmost();
  Execution again = execute_once(result.failing, false, cut_off);
  ++result.executions;
  if (again.violation.outcome == Outcome::hang) return;
  const Violation& seen = again.violation;
  const bool unanswered = seen.outcome == Outcome::nondeterministic &&
                          (seen.label == name_of(Symptom::cut_off) || seen.label == name_of(Symptom::worker_lost));
  if (seen.outcome == Outcome::clean || unanswered) {
    result.found = false;
    result.programs = result.program_number - request.first_program;
    result.next_schedule = result.schedule_number + !unanswered;
    return;
  }
  result.failing.choices = again.choices;
  result.fingerprint = again.fingerprint;
  result.execution = std::move(again);
}

/// A first schedule that ends its process has no worker left to take out the call that it ended in.
void ProcessExecutor::step_over_death() {
  SlotHeader& header = slot_.header();
  if (header.schedule_number != header.stepped_over.count()) return;
  Program program = slot_.read_program();
  header.stepped_over.step_over(slot_.read_execution().history, program);
}

/// The worker's death is an execution like any other: where it is a known way to die, the next worker goes on behind
/// it.
ProcessExecutor::Answer ProcessExecutor::explore_past_known_deaths(const ExploreRequest& request,
                                                                   ExploreProgress& progress, ExploreResult& result) {
  SlotHeader& header = slot_.header();
  CutOff cut_off([&progress] { return progress.stop.load(); });
  const auto start = Clock::now();
  const std::uint64_t executions_before = header.executions.load();
  header.first_program = request.first_program;
  header.first_schedule = request.first_schedule;
  header.stepped_over = request.stepped_over;
  for (;;) {
    header.programs = header.unknown = 0;
    header.executions_in_program = 0;
    header.program_number = header.first_program;
    header.schedule_number = header.first_schedule;
    const Answer answer = serve(cut_off, &progress);
    result.programs += header.programs;
    result.unknown += header.unknown;
    if (answer == Answer::done || answer == Answer::cut_off) return answer;
    header.executions.fetch_add(1);
    if (answer != Answer::crashed) return answer;
    step_over_death();
    const auto known = std::ranges::find(request.known, header.fingerprint);
    if (known == request.known.end()) return answer;
    ++header.known_hits[known - request.known.begin()];
    header.first_program = header.program_number;
    header.first_schedule = header.schedule_number + 1;
    const std::uint64_t executed = header.executions.load() - executions_before;
    const std::chrono::duration<double> spent = Clock::now() - start;
    header.executions_max = request.executions_max - std::min(request.executions_max, executed);
    header.seconds_max = request.seconds_max - spent.count();
    if (++result.deaths == explore_deaths_max || header.executions_max == 0 || header.seconds_max <= 0 ||
        progress.stop) {
      result.next_schedule = header.first_schedule;
      return Answer::done;
    }
  }
}

}  // namespace mapquake
