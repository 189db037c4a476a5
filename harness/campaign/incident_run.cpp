#include "harness/campaign/incident_run.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake {
namespace {

constexpr double shrink_seconds_of_case = 10;

class Listener final : public CampaignListener {
 public:
  Listener(CaseResult& result, const CaseListener& told) : result_(result), told_(told) {}
  void tick(const CampaignReport& so_far) override {
    if (told_) told_(so_far);
  }
  void found(Finding& finding) override {
    const ReplayFile& file = finding.file;
    found_ = ToldFailure{file.outcome, file.label};
    result_.headline = headline_of(file);
    result_.why = file.why;
    result_.path = finding.path;
    result_.prefill = file.program.prefill.size();
    result_.threads = file.program.threads.size();
    result_.operations = file.program.operation_count();
    result_.preemptions = finding.execution.preemptions;
    result_.faults = finding.execution.faults;
  }
  const std::optional<ToldFailure>& failure() const { return found_; }

 private:
  CaseResult& result_;
  const CaseListener& told_;
  std::optional<ToldFailure> found_;
};

bool is_told(const IncidentCase& told, const ToldFailure& failure) {
  return std::any_of(told.fails.begin(), told.fails.end(), [&](const ToldFailure& one) {
    if (!one.outcome) return true;
    return one.outcome == failure.outcome && (one.label.empty() || one.label == failure.label);
  });
}

CaseVerdict verdict_of(const IncidentCase& told, const CaseResult& result, const CampaignReport& report,
                       const std::optional<ToldFailure>& failure, std::uint64_t executions_wanted) {
  if (failure && failure->outcome == Outcome::nondeterministic) return CaseVerdict::nondeterministic;
  if (failure && told.is_defence()) return CaseVerdict::defence_fails;
  if (failure) return is_told(told, *failure) ? CaseVerdict::fails_as_told : CaseVerdict::fails_otherwise;
  if (!report.problems.empty()) return CaseVerdict::unusable;
  if (report.signal != 0) return CaseVerdict::interrupted;
  // What a slow machine had no time for is no statement about the map.
  if (!told.is_defence())
    return result.executions >= executions_wanted ? CaseVerdict::not_found : CaseVerdict::cut_short;
  // A few histories may be too entangled to decide; a defence that rests on such is none.
  const bool decided = result.undecided <= result.executions / 10;
  return decided && result.executions >= executions_wanted ? CaseVerdict::clean : CaseVerdict::cut_short;
}

/// Why the map cannot run the case at all.
std::optional<Error> misfit(const IncidentRun& run, const MapInfo& map) {
  if (!run.program) {
    if (find_scenario(run.scenario)->applies(map.operations)) return std::nullopt;
    return Error{ExitCode::bad_input,
                 fmt::format("{} has not the operations that the scenario {} needs", map.name, run.scenario),
                 "`mapquake list` shows which scenarios fit a map."};
  }
  const auto missing = first_lacking(*run.program, map.operations);
  if (!missing) return std::nullopt;
  return Error{ExitCode::bad_input,
               fmt::format("the program calls {}, which {} does not have", name_of(*missing), map.name),
               "`mapquake list` shows the operations of a map."};
}

CampaignOptions campaign_for(const IncidentCase& told, const IncidentOptions& options) {
  CampaignOptions campaign;
  campaign.seed = options.seed;
  campaign.jobs = options.jobs;
  campaign.store = options.store;
  campaign.executions = told.is_defence() && options.executions != 0 ? options.executions : told.executions;
  campaign.seconds = options.seconds != 0 ? options.seconds : told.seconds;
  campaign.shrink_seconds = shrink_seconds_of_case;
  campaign.plan.scenario = told.run.options;
  campaign.program = told.run.program;
  campaign.stop_at_first = true;
  campaign.inject(told.run.faults);
  campaign.plan.faults_max = told.run.faults_max;
  campaign.plan.budgets = std::span<const Budget>(told.run.budgets);
  return campaign;
}

}  // namespace

CaseResult run_incident_case(const IncidentCase& told, const std::string& id, const MapInfo& map,
                             const IncidentOptions& options, const CampaignServices& services,
                             const CaseListener& listener) {
  MQ_ASSERT(told.map == map.name);
  CaseResult result;
  result.problem = misfit(told.run, map);
  if (result.problem) return result;
  const CampaignOptions campaign = campaign_for(told, options);
  const Cell cell{0, told.run.program ? id : told.run.scenario, true};
  Listener ear(result, listener);
  const CampaignReport report = run_campaign({&map, 1}, {&cell, 1}, campaign, services, ear);
  result.executions = report.executions();
  result.undecided = report.cells.front().unknown;
  result.sweep_points = report.cells.front().sweep_points;
  result.seconds = report.seconds;
  result.signal = report.signal;
  if (!report.problems.empty()) result.problem = report.problems.front();
  result.verdict = verdict_of(told, result, report, ear.failure(), campaign.executions);
  return result;
}

int exit_code_of(std::span<const CaseResult> results) {
  const auto any = [&](std::initializer_list<CaseVerdict> verdicts) {
    return std::any_of(results.begin(), results.end(), [&](const CaseResult& result) {
      return std::find(verdicts.begin(), verdicts.end(), result.verdict) != verdicts.end();
    });
  };
  const auto code = [](ExitCode exit_code) { return static_cast<int>(exit_code); };
  using enum CaseVerdict;
  if (any({fails_otherwise, not_found, defence_fails})) return code(ExitCode::failure_found);
  const auto stopped = std::ranges::find(results, interrupted, &CaseResult::verdict);
  if (stopped != results.end()) return code(exit_code_of_signal(stopped->signal));
  for (const CaseResult& result : results) {
    if (result.problem) return code(result.problem->code);
  }
  return code(any({cut_short, nondeterministic}) ? ExitCode::unknown_only : ExitCode::clean);
}

}  // namespace mapquake
