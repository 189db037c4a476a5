// ProcessExecutor's explorations: of a worker that has died, the next one goes on where it came to.
#include "harness/base/assert.hpp"
#include "harness/base/stopwatch.hpp"
#include "harness/history/symptom.hpp"
#include "harness/parent/process_executor.hpp"

#include <algorithm>
#include <chrono>

namespace mapquake {

ExploreResult ProcessExecutor::explore(const ExploreRequest& request, ExploreProgress& progress) {
  Live& live = slot_.live();
  const std::uint64_t executions = live.executions.load();
  const std::uint64_t steps = live.steps.load();
  const std::uint64_t switches = live.switches.load();
  slot_.begin_exploration(request);
  ExploreResult result;
  const Served served = explore_past_known_deaths(request, progress, result);
  const Exploration& came_to = live.exploration;
  result.executions = live.executions.load() - executions;
  result.steps = live.steps.load() - steps;
  result.switches = live.switches.load() - switches;
  result.sweep_points = came_to.sweep_points;
  result.repeated = came_to.repeated;
  result.phases = came_to.phases;
  result.asked = came_to.asked;
  result.declared_points = came_to.declared_points;
  result.coverage.assign(std::begin(came_to.coverage), std::end(came_to.coverage));
  result.kept = slot_.kept_since();
  result.known_hits.assign(came_to.known_hits, came_to.known_hits + request.known.size());
  if (request.plan.usage) result.usage = std::make_shared<UsageRecord>(slot_.usage());
  if (served.end == Served::End::lost) {
    ++result.programs;  // the one that was running is not run again
    ++result.unknown;
  }
  take_failure(served, request, result);
  if (result.found) {
    const Violation& seen = result.execution.violation;
    const bool doubtful = patience_.doubts_news(seen);
    patience_.learn_from(seen);
    if (doubtful) look_again(request, progress, result);
  }
  if (result.process_died || result.next_schedule != 0) result.stepped_over = came_to.stepped_over;
  result.dead_ends = came_to.dead_ends;
  return result;
}

/// The failure that ended the exploration, if one did.
void ProcessExecutor::take_failure(const Served& served, const ExploreRequest& request, ExploreResult& result) {
  result.process_died = served.end == Served::End::crashed;
  if (result.process_died) {
    result.execution = left_of(served.blamed);
  } else if (auto answer = served.end == Served::End::done ? slot_.answer_as<ExploreAnswer>() : std::nullopt;
             answer && answer->found) {
    result.beyond_claims = answer->beyond_claims;
    result.execution = std::move(answer->execution);
    slot_.add_recorded(result.execution);
  } else {
    return;
  }
  std::optional<Program> program = slot_.running_program();
  if (!program) return;
  const Exploration& came_to = slot_.live().exploration;
  result.found = true;
  result.program_number = came_to.program_number;
  result.schedule_number = came_to.schedule_number;
  result.executions_in_program = came_to.executions_in_program + result.process_died;
  result.fingerprint = result.execution.fingerprint;
  result.failing = {std::move(*program), result.execution.choices};
  // Of a process that has died nobody knows which races it had passed.
  const bool may_have_passed = result.process_died && !request.known.empty() && request.plan.races == Races::report;
  if (may_have_passed) result.failing.program.races_passed = all_races;
}

/// With all the time there is: whether the failure of `result` is one.
void ProcessExecutor::look_again(const ExploreRequest& request, ExploreProgress& progress, ExploreResult& result) {
  CutOff cut_off([&progress] { return progress.stop.load(); });
  patience_.give_utmost();
  Execution again = run(result.failing, false, false, cut_off);
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

/// The worker's death is an execution like any other: where it is a known way to die, the next worker goes on behind
/// it.
ProcessExecutor::Served ProcessExecutor::explore_past_known_deaths(const ExploreRequest& request,
                                                                   ExploreProgress& progress, ExploreResult& result) {
  using Clock = std::chrono::steady_clock;
  Live& live = slot_.live();
  Exploration& at = live.exploration;
  CutOff cut_off([&progress] { return progress.stop.load(); });
  const Clock::time_point start = Clock::now();
  const std::uint64_t executions_before = live.executions.load();
  ExploreRequest rest = request;
  for (;;) {
    at.programs = at.unknown = 0;
    at.executions_in_program = 0;
    at.program_number = rest.first_program;
    at.schedule_number = rest.first_schedule;
    at.stepped_over = rest.stepped_over;
    at.dead_ends = rest.dead_ends;
    Served served = serve(rest, cut_off, &progress);
    result.programs += at.programs;
    result.unknown += at.unknown;
    if (served.end == Served::End::done || served.end == Served::End::cut_off) return served;
    live.executions.fetch_add(1);
    if (served.end != Served::End::crashed) return served;
    const std::uint64_t fingerprint = defect_fingerprint(served.blamed.outcome, served.blamed.label, 0);
    const auto known = std::ranges::find(request.known, fingerprint);
    if (known == request.known.end()) return served;
    ++at.known_hits[known - request.known.begin()];
    rest.first_program = at.program_number;
    rest.first_schedule = at.schedule_number + 1;
    rest.stepped_over = at.stepped_over;
    rest.dead_ends = at.dead_ends;
    const std::uint64_t executed = live.executions.load() - executions_before;
    rest.executions_max = request.executions_max - std::min(request.executions_max, executed);
    rest.seconds_max = request.seconds_max - seconds_since(start);
    if (++result.deaths == explore_deaths_max || rest.executions_max == 0 || rest.seconds_max <= 0 || progress.stop) {
      result.next_schedule = rest.first_schedule;
      return {};
    }
  }
}

}  // namespace mapquake
