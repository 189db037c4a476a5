#include "harness/campaign/finding.hpp"

#include "harness/base/stopwatch.hpp"
#include "harness/campaign/divergence.hpp"
#include "harness/case/execution_words.hpp"
#include "harness/history/symptom.hpp"
#include "harness/store/signature.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>

namespace mapquake {
namespace {

bool fails_as(const Execution& execution, Outcome outcome, const std::string& label) {
  return execution.violation.outcome == outcome && execution.violation.label == label;
}

Finding nondeterministic(Executor& executor, const RawFailure& failure, unsigned differing, unsigned times,
                         const MapInfo& map, const std::string& scenario, const SiteFunction& site) {
  Finding finding;
  finding.executions_differing = differing;
  const auto divergence = find_divergence(executor, failure.failing);
  finding.execution = executor.execute(failure.failing, true);
  finding.file = replay_file_of(failure.failing.program, finding.execution, map, scenario, site);
  finding.file.outcome = Outcome::nondeterministic;
  const std::string parting = divergence ? " " + text_of(*divergence, failure.failing.program, site)
                                         : " Repeated again, in one process and in fresh ones, executions of this case "
                                           "were alike: so it happens rarely.";
  if (failure.violation.outcome == Outcome::nondeterministic) {
    finding.file.label = failure.violation.label;
    finding.file.why = fmt::format(
        "A clean execution was repeated with the same choices and went another way. Something that mapquake does not "
        "control reaches the map, so this is no statement about the map, and neither is anything else that was found "
        "or not found of it.{}",
        parting);
    return finding;
  }
  finding.file.label = label_of(Symptom::saw, name_of(failure.violation.outcome));
  finding.file.why = fmt::format(
      "The same case was executed {} times in fresh processes and {} of them did not end in the failure that was seen "
      "({}{}{}). Something that mapquake does not control reaches the map, so this is no statement about the map.{}",
      times, differing, name_of(failure.violation.outcome), failure.violation.label.empty() ? "" : ": ",
      failure.violation.label, parting);
  return finding;
}

}  // namespace

bool is_behind_race(Outcome outcome, const Execution& execution) {
  return outcome != Outcome::data_race && execution.races_met != 0;
}

std::string label_to_keep(Outcome outcome, const std::string& label) {
  const bool symptom = outcome == Outcome::not_linearizable || outcome == Outcome::iteration_broken;
  return symptom ? "" : label;
}

ShrinkOptions shrink_options_for(const MapInfo& map) {
  ShrinkOptions options;
  options.numbers = {map.key_numbers, map.value_numbers};
  options.all_run_together =
      map.claims.concurrent_use == ConcurrentUse::all_operations && map.claims.exclusive_operations == 0;
  return options;
}

unsigned disagreements(Executor& executor, const Case& failing, Outcome outcome, const std::string& label,
                       unsigned times) {
  unsigned differing = 0;
  std::optional<std::uint64_t> hash;
  for (unsigned i = 0; i < times; ++i) {
    executor.fresh_process();
    const Execution execution = executor.execute(failing, false);
    if (!hash) hash = execution.trace_hash;
    differing += !fails_as(execution, outcome, label) || execution.trace_hash != *hash;
  }
  return differing;
}

std::string signature_before_shrinking(const Execution& traced, const MapInfo& map, const SiteFunction& site) {
  const std::vector<std::string> places = telling_places_of(traced, site);
  if (places.empty()) return {};
  ReplayFile file;
  file.map = map.name;
  file.outcome = traced.violation.outcome;
  file.label = traced.violation.label;
  return signature_of(file, places);
}

ReplayFile replay_file_of(const Program& program, const Execution& traced, const MapInfo& map,
                          const std::string& scenario, const SiteFunction& site) {
  ReplayFile file;
  file.map = map.name;
  if (!map.bundled) file.plugin = map.plugin.string();
  file.scenario = scenario;
  file.outcome = traced.violation.outcome;
  file.label = traced.violation.label;
  file.why = why_of(traced);
  file.trace_hash = traced.trace_hash;
  file.build = map.build;
  file.program = program;
  file.choices = stored_choices(traced, site);
  if (traced.stale_reads() > 0) file.memory_model = MemoryModel::c11;
  return file;
}

namespace {

/// The smallest case that holds. Nothing where it behaves otherwise once each event is written down, as what reads
/// memory that nobody watches may do (the frame of a call that has ended).
std::optional<Finding> shrunk_finding(Executor& executor, const RawFailure& failure, const MapInfo& map,
                                      const std::string& scenario, const SiteFunction& site,
                                      const ShrinkFunction& shrink_case, const PursuitOptions& options) {
  const Outcome outcome = failure.violation.outcome;
  ShrinkOptions shrink_options = shrink_options_for(map);
  shrink_options.seconds_max = options.shrink_seconds;
  shrink_options.seed = options.shrink_seed;
  shrink_options.stop = options.stop;
  const auto start = std::chrono::steady_clock::now();
  const ShrinkResult shrunk =
      shrink_case(executor, failure.failing, outcome, label_to_keep(outcome, failure.violation.label), shrink_options);
  const double shrink_seconds = seconds_since(start);
  // A smaller case that does not hold is worth nothing: the larger one that does is kept.
  const Violation& found = shrunk.execution.violation;
  const bool holds = disagreements(executor, shrunk.best, found.outcome, found.label, options.confirmations) == 0;
  const Case& kept = holds ? shrunk.best : failure.failing;
  Finding finding;
  finding.execution = executor.execute(kept, true);
  if (finding.execution.violation.outcome != (holds ? found.outcome : outcome)) return std::nullopt;
  finding.file = replay_file_of(kept.program, finding.execution, map, scenario, site);
  finding.file.shrink_seconds = shrink_seconds;
  finding.file.shrink_runs = shrunk.runs;
  finding.file.minimality = holds ? shrunk.minimality : Minimality::best_so_far;
  finding.file.removals_checked = holds ? shrunk.removals_checked : 0;
  return finding;
}

}  // namespace

Finding pursue(Executor& executor, const RawFailure& failure, const MapInfo& map, const std::string& scenario,
               const SiteFunction& site, const ShrinkFunction& shrink_case, const PursuitOptions& options) {
  const Violation& seen = failure.violation;
  unsigned times = options.confirmations;
  // A worker has seen two executions part: there is nothing to confirm, and no case to make smaller.
  const bool parted = seen.outcome == Outcome::nondeterministic;
  unsigned differing = parted ? 1 : disagreements(executor, failure.failing, seen.outcome, seen.label, times);
  std::optional<Finding> finding;
  if (differing == 0) {
    finding = shrunk_finding(executor, failure, map, scenario, site, shrink_case, options);
    differing = 1;  // the traced one
    ++times;
  }
  if (!finding) finding = nondeterministic(executor, failure, differing, times, map, scenario, site);
  finding->file.seed = failure.seed;
  finding->file.executions_to_failure = failure.executions_to_failure;
  finding->file.signature = signature_of(finding->file, telling_places_of(finding->execution, site));
  return std::move(*finding);
}

void look_at_map(Finding& finding, Executor& executor, const SiteFunction& site, const MomentsFunction& moments) {
  if (!moments || !finding.reproducible()) return;
  Execution& execution = finding.execution;
  execution.states = executor.look({finding.file.program, execution.choices}, moments(execution, site));
}

}  // namespace mapquake
