#include "harness/campaign/finding.hpp"

#include "harness/store/signature.hpp"

#include <fmt/format.h>

#include <chrono>

namespace mapquake {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Finding nondeterministic(Executor& executor, const RawFailure& failure, unsigned differing, unsigned times,
                         const MapInfo& map, const std::string& scenario, const SiteFunction& site) {
  Finding finding;
  finding.executions_differing = differing;
  finding.execution = executor.execute(failure.failing, true);
  finding.file = replay_file_of(failure.failing.program, finding.execution, map, scenario, site);
  finding.file.set_kind({Outcome::nondeterministic, Symptom::saw, std::string(name_of(failure.violation.outcome))});
  const std::string label = label_of(failure.violation);
  finding.file.why = fmt::format(
      "The same case was executed {} times in fresh processes and {} of them did not end in the failure that was seen "
      "({}{}{}). Something that mapquake does not control reaches the map, so this is no statement about the map.",
      times, differing, name_of(failure.violation.outcome), label.empty() ? "" : ": ", label);
  return finding;
}

}  // namespace

WantedFailure wanted_of(const FailureKind& kind) {
  return {kind, kind.outcome == Outcome::not_linearizable || kind.outcome == Outcome::iteration_broken};
}

unsigned disagreements(Executor& executor, const Case& failing, const FailureKind& kind, unsigned times) {
  unsigned differing = 0;
  std::optional<std::uint64_t> hash;
  for (unsigned i = 0; i < times; ++i) {
    executor.fresh_process();
    const Execution execution = executor.execute(failing, false);
    if (!hash) hash = execution.trace_hash;
    differing += execution.violation.kind() != kind || execution.trace_hash != *hash;
  }
  return differing;
}

std::string signature_before_shrinking(Executor& executor, const RawFailure& failure, const MapInfo& map,
                                       const SiteFunction& site) {
  const Execution traced = executor.execute(failure.failing, true);
  const std::vector<std::string> places = telling_places_of(traced, site);
  if (places.empty()) return {};
  ReplayFile file;
  file.map = map.name;
  file.set_kind(traced.violation.kind());
  return signature_of(file, places);
}

ReplayFile replay_file_of(const Program& program, const Execution& traced, const MapInfo& map,
                          const std::string& scenario, const SiteFunction& site) {
  ReplayFile file;
  file.map = map.name;
  if (!map.bundled) file.plugin = map.plugin.string();
  file.scenario = scenario;
  file.set_kind(traced.violation.kind());
  file.why = traced.violation.why;
  file.trace_hash = traced.trace_hash;
  file.build = map.build;
  file.program = program;
  file.choices = stored_choices(traced, site);
  if (traced.stale_reads() > 0) file.memory_model = MemoryModel::c11;
  return file;
}

Finding pursue(Executor& executor, const RawFailure& failure, const MapInfo& map, const std::string& scenario,
               const SiteFunction& site, const ShrinkFunction& shrink_case, const PursuitOptions& options) {
  const FailureKind kind = failure.violation.kind();
  Finding finding;
  if (const unsigned differing = disagreements(executor, failure.failing, kind, options.confirmations)) {
    finding = nondeterministic(executor, failure, differing, options.confirmations, map, scenario, site);
  } else {
    ShrinkOptions shrink_options;
    shrink_options.seconds_max = options.shrink_seconds;
    shrink_options.seed = options.shrink_seed;
    shrink_options.stop = options.stop;
    const auto start = std::chrono::steady_clock::now();
    const ShrinkResult shrunk = shrink_case(executor, failure.failing, wanted_of(kind), shrink_options);
    const double shrink_seconds = seconds_since(start);
    // A smaller case that does not hold is worth nothing: the larger one that does is kept.
    const FailureKind found = shrunk.execution.violation.kind();
    const bool holds = disagreements(executor, shrunk.best, found, options.confirmations) == 0;
    const Case& kept = holds ? shrunk.best : failure.failing;
    finding.execution = executor.execute(kept, true);
    finding.file = replay_file_of(kept.program, finding.execution, map, scenario, site);
    finding.file.shrink_seconds = shrink_seconds;
    finding.file.shrink_runs = shrunk.runs;
    finding.file.minimality = holds ? shrunk.minimality : Minimality::best_so_far;
    finding.file.removals_checked = holds ? shrunk.removals_checked : 0;
  }
  finding.file.seed = failure.seed;
  finding.file.executions_to_failure = failure.executions_to_failure;
  finding.file.signature = signature_of(finding.file, telling_places_of(finding.execution, site));
  return finding;
}

}  // namespace mapquake
