#include "harness/parent/process_executor.hpp"

#include "harness/base/assert.hpp"
#include "harness/history/symptom.hpp"

#include <sys/wait.h>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>

namespace mapquake {

namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned tick_ms = TemplateProcess::tick_ms;
constexpr unsigned sleeping_ticks_min = 4;
constexpr unsigned lost_workers_max = 3;

Violation violation_of(Outcome outcome, std::string_view label, const EndReason& reason) {
  return {.outcome = outcome, .label = std::string(label), .reasons = {Reason(reason)}, .calls = {}};
}

/// `status`: as waitpid gives it.
Violation blame_for_death(int status) {
  if (WIFSIGNALED(status)) {
    const char* const name = ::strsignal(WTERMSIG(status));
    return violation_of(Outcome::crash, label_of(Symptom::killed, name),
                        reason::KilledBySignal{WTERMSIG(status), reason::Name::cut(name)});
  }
  if (WEXITSTATUS(status) == static_cast<int>(ExitCode::harness_bug)) {
    return violation_of(Outcome::nondeterministic, name_of(Symptom::internal_error), reason::HarnessAsserted{});
  }
  return violation_of(Outcome::exit, name_of(Symptom::exit), reason::ExitedWith{WEXITSTATUS(status)});
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

void ProcessExecutor::heed(std::function<bool()> stop) {
  cut_off_ = CutOff(std::move(stop));
  was_cut_off_ = false;
}

ProcessExecutor::Served ProcessExecutor::serve(Task task, CutOff& cut_off, ExploreProgress* progress) {
  using End = Served::End;
  const std::uint32_t hang_cpu_ms = patience_.limit_ms();
  slot_.ask({std::move(task), {.limits = {.hang_cpu_ms = hang_cpu_ms}, .shows_output = shows_output_}});
  if (cut_off.is_due(Clock::now())) return {End::cut_off};
  Live& live = slot_.live();
  std::uint64_t told_executions = live.executions.load();
  std::uint64_t told_steps = live.steps.load();
  std::uint64_t told_switches = live.switches.load();
  const auto tell = [&] {
    if (progress == nullptr) return;
    const std::uint64_t executions = live.executions.load();
    const std::uint64_t steps = live.steps.load();
    const std::uint64_t switches = live.switches.load();
    progress->executions += executions - std::exchange(told_executions, executions);
    progress->steps += steps - std::exchange(told_steps, steps);
    progress->switches += switches - std::exchange(told_switches, switches);
  };
  live.stop.store(0);
  const unsigned sleeping_ticks_max = std::max(sleeping_ticks_min, hang_cpu_ms / tick_ms);
  for (unsigned lost = 0;; ++lost) {
    Silence silence(live.heartbeat.load(), sleeping_ticks_max);
    live.judging.store(0);
    bool silenced = false;
    bool overdue = false;
    const auto tick = [&] {
      tell();
      if (cut_off.is_asked()) live.stop.store(1);
      const auto advice =
          silence.look(live.heartbeat.load(), live.judging.load() != 0, [&] { return process_.activity(); });
      if (advice == Silence::Advice::wake) process_.interrupt_worker();
      silenced = advice == Silence::Advice::give_up;
      overdue = cut_off.is_due(Clock::now());
      return !silenced && !overdue;
    };
    int status = 0;
    const TemplateProcess::Ended ended = process_.serve(live, tick, status);
    tell();
    if (ended == TemplateProcess::Ended::done) return {End::done};
    const bool had_begun = live.busy.exchange(0) != 0;
    if (ended == TemplateProcess::Ended::template_died) restart();
    if (overdue) return {End::cut_off};
    if (ended == TemplateProcess::Ended::template_died) {
      // Not the map's doing.
    } else if (silenced) {
      return {End::crashed, violation_of(Outcome::hang, name_of(Symptom::no_progress), reason::NoStepAnyMore{})};
    } else if (had_begun && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)) {
      return {End::crashed, blame_for_death(status)};
    }
    // Killed from outside, or before it began: the map is not to blame.
    if (lost == lost_workers_max || (had_begun && progress != nullptr)) return {End::lost};
  }
}

Execution ProcessExecutor::left_of(Violation violation) const {
  Execution execution;
  execution.fingerprint = defect_fingerprint(violation.outcome, violation.label, 0);
  execution.violation = std::move(violation);
  slot_.add_recorded(execution);
  return execution;
}

Execution ProcessExecutor::run(const Case& input, bool trace, bool attempt, CutOff& cut_off) {
  const Served served = serve(ExecuteTask{input, trace, attempt}, cut_off, nullptr);
  Execution execution;
  switch (served.end) {
    case Served::End::done:
      if (auto answer = slot_.answer_as<Execution>()) {
        execution = std::move(*answer);
        slot_.add_recorded(execution);
      } else {
        execution = left_of(
            violation_of(Outcome::nondeterministic, name_of(Symptom::internal_error), reason::HarnessAsserted{}));
      }
      break;
    case Served::End::crashed:
      execution = left_of(served.blamed);
      break;
    case Served::End::lost:
      execution =
          left_of(violation_of(Outcome::nondeterministic, name_of(Symptom::worker_lost), reason::KilledFromOutside{}));
      break;
    case Served::End::cut_off:
      was_cut_off_ = true;
      execution = left_of(violation_of(Outcome::nondeterministic, name_of(Symptom::cut_off), reason::OutOfTime{}));
      break;
  }
  patience_.learn_from(execution.violation);
  return execution;
}

Execution ProcessExecutor::execute(const Case& input, bool trace) {
  Execution execution = run(input, trace, false, cut_off_);
  if (!patience_.doubts(execution.violation)) return execution;
  patience_.give_utmost();
  return run(input, trace, false, cut_off_);
}

Execution ProcessExecutor::attempt(const Case& input) {
  return run(input, false, true, cut_off_);
}

SearchResult ProcessExecutor::search(const SearchRequest& request) {
  const std::uint64_t before = slot_.live().executions.load();
  const Served served = serve(request, cut_off_, nullptr);
  was_cut_off_ |= served.end == Served::End::cut_off;
  SearchResult result;
  if (served.end == Served::End::done) {
    if (auto answer = slot_.answer_as<SearchResult>()) result = std::move(*answer);
    if (result.found) slot_.add_recorded(result.execution);
  }
  result.executions = slot_.live().executions.load() - before;
  if (served.end == Served::End::crashed) {
    const bool any = request.outcome == Outcome::clean;
    const Violation& blamed = served.blamed;
    result.found = any || (blamed.outcome == request.outcome && stands_for(blamed.label, request.label));
    if (result.found) result.execution = left_of(blamed);
    ++result.executions;
  }
  return result;
}

}  // namespace mapquake
