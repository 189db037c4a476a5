#include "harness/nightly/fuzz.hpp"

#include "harness/base/stopwatch.hpp"
#include "harness/nightly/keeper.hpp"
#include "harness/nightly/kept_text.hpp"
#include "harness/store/text.hpp"

#include <algorithm>
#include <chrono>
#include <random>

namespace mapquake::nightly {
namespace {

constexpr double replaying_share = 0.3, replaying_seconds_min = 5;
constexpr double exploring_seconds_min = 0.1;

using Clock = std::chrono::steady_clock;

/// Not by the campaign's seed: two runs that share it must still be told apart.
std::string random_id() {
  std::random_device source;
  return hex16(std::uint64_t{source()} << 32 | source());
}

RunRecord record_for(std::span<const MapInfo> maps, std::span<const Cell> cells, const CampaignOptions& options) {
  RunRecord record;
  record.id = random_id();
  record.seed = options.seed;
  record.shard = options.shard;
  record.shards = options.shards;
  record.version = MAPQUAKE_VERSION;
  for (const Cell& cell : cells) {
    record.cells.try_emplace({maps[cell.map].name, cell.scenario});
    record.builds[maps[cell.map].name] = maps[cell.map].build;
  }
  return record;
}

std::map<DefectKey, std::int64_t> last_replays(const std::map<std::string, RunRecord>& runs) {
  std::map<DefectKey, std::int64_t> last;
  for (const auto& [id, run] : runs) {
    for (const auto& [key, replayed] : run.replayed) last[key] = std::max(last[key], replayed.at_s);
  }
  return last;
}

/// What all runs so far did in each cell.
std::map<CellKey, CellCount> totals(const std::map<std::string, RunRecord>& runs) {
  std::map<CellKey, CellCount> sums;
  for (const auto& [id, run] : runs) {
    for (const auto& [key, cell] : run.cells) {
      CellCount& sum = sums[key];
      sum.explored_ms += cell.explored_ms;
      for (const auto& [hazard, executions] : cell.hazards) sum.hazards[hazard] += executions;
    }
  }
  return sums;
}

/// A cell's time is shared out among its hazards by their executions.
std::vector<double> explored_seconds(std::span<const MapInfo> maps, std::span<const Cell> cells,
                                     const std::map<CellKey, CellCount>& before) {
  std::vector<double> seconds(cells.size() * hazard_count);
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    const auto at = before.find({maps[cells[cell].map].name, cells[cell].scenario});
    if (at == before.end() || at->second.executions() == 0) continue;
    const double per_execution =
        static_cast<double>(at->second.explored_ms) / 1000 / static_cast<double>(at->second.executions());
    for (unsigned hazard = 0; hazard < hazard_count; ++hazard) {
      const auto count = at->second.hazards.find(std::string(name_of(static_cast<Hazard>(hazard))));
      if (count == at->second.hazards.end()) continue;
      seconds[cell * hazard_count + hazard] = static_cast<double>(count->second) * per_execution;
    }
  }
  return seconds;
}

/// What earlier runs kept of each cell.
std::vector<KeptPrograms> kept_of(std::span<const MapInfo> maps, std::span<const Cell> cells,
                                  const std::map<std::string, RunRecord>& runs) {
  std::map<CellKey, KeptPrograms> by_name = kept_by(runs);
  std::vector<KeptPrograms> kept;
  kept.reserve(cells.size());
  for (const Cell& cell : cells) kept.push_back(std::move(by_name[{maps[cell.map].name, cell.scenario}]));
  return kept;
}

/// Nothing is said of canaries by a run that looked for none.
std::vector<CanaryAlarm> alarms_of(const std::map<std::string, RunRecord>& before, const RunRecord& now,
                                   std::span<const Canary> canaries) {
  if (now.canaries.empty()) return {};
  std::vector<const RunRecord*> runs = oldest_first(before);
  runs.push_back(&now);
  return canary_alarms(runs, canaries);
}

/// What still fails is known to the campaign, so that nobody looks into it again.
StoredFailure stored_failure(const KnownReplay& known) {
  StoredFailure failure;
  failure.defect.map = known.map;
  failure.defect.headline = known.state == KnownState::changed ? known.now : known.headline;
  failure.defect.outcome = known.outcome_now;
  failure.defect.signature = known.key.signature;
  failure.defect.path = known.path;
  failure.defect.state = DefectState::stored;
  failure.scenario = known.scenario;
  failure.fingerprint = known.fingerprint;
  return failure;
}

bool fails(const KnownReplay& known) {
  return known.state == KnownState::still_fails || known.state == KnownState::changed;
}

}  // namespace

int FuzzReport::exit_code(std::span<const MapInfo> maps, std::span<const MapVerdict> verdicts) const {
  CampaignReport judged = campaign;
  for (const Error& problem : problems) {
    if (problem.code == ExitCode::input_output) judged.problems.push_back(problem);
  }
  for (CellReport& cell : judged.cells) {
    if (cell.state != CellState::waiting) continue;
    const bool never = std::ranges::any_of(never_run, [&](const CellKey& key) {
      return key.scenario == cell.cell.scenario && key.map == maps[cell.cell.map].name;
    });
    if (!never) cell.state = CellState::elsewhere;
  }
  const int code = exit_code_of(judged, verdicts);
  const bool nothing_failed =
      code == static_cast<int>(ExitCode::clean) || code == static_cast<int>(ExitCode::unknown_only);
  return nothing_failed && !alarms.empty() ? static_cast<int>(ExitCode::blind) : code;
}

Result<FuzzReport> fuzz(std::span<const MapInfo> maps, std::span<const Cell> cells, const FuzzOptions& options,
                        const CampaignServices& services, FuzzListener& listener,
                        std::span<const MapInfo> canary_maps) {
  const auto start = Clock::now();
  const std::filesystem::path& store = options.campaign.store;
  FuzzReport report;
  remove_leftovers(store);
  Index index = read_index(store, report.problems);
  const auto runs = read_runs(store, report.problems);
  const auto before = totals(runs);
  RunRecord record = record_for(maps, cells, options.campaign);
  const auto path = claim_run(store, record, runs);
  if (!path) return path.error();

  Keeper keeper(store, index);
  std::erase_if(index, [&](const auto& entry) {
    return suppression_of(entry.first.signature, options.campaign.suppressions).has_value();
  });
  Session session(record, *path, maps, options.limits, listener);
  session.save();
  if (session.problem()) return *session.problem();
  listener.begins(session.record(), index.size());
  const double seconds = options.campaign.seconds;
  const KnownLimits limits{
      .seconds_max = seconds > 0 ? std::max(seconds * replaying_share, std::min(seconds, replaying_seconds_min)) : 0,
      .jobs = options.campaign.jobs};
  report.known = replay_all_known(index, last_replays(runs), maps, services, limits,
                                  [&](const KnownReplay& known) { listener.replayed(known); });
  CampaignPast past{
      .known = {}, .explored_seconds = explored_seconds(maps, cells, before), .kept = kept_of(maps, cells, runs)};
  for (const KnownReplay& known : report.known) {
    if (known.state != KnownState::not_replayed) session.note_known(known.key, known.state);
    if (fails(known)) past.known.push_back(stored_failure(known));
  }
  session.save();

  CampaignOptions campaign = options.campaign;
  campaign.seed = seed_of_run(campaign.seed, record.number, campaign.shards);
  if (seconds > 0) {
    const double spent = seconds_since(start);
    const double kept_back = options.canary_tries > 0 ? canary_share * seconds : 0;
    campaign.seconds = std::max(seconds - spent - kept_back, exploring_seconds_min);
  }
  CampaignServices kept = services;
  kept.keep = [&](const ReplayFile& file) { return keeper.keep(file); };
  kept.enough = [&](const CampaignReport& so_far) { return session.enough(so_far); };
  listener.explores();
  report.campaign = run_campaign(maps, cells, campaign, kept, session, past);
  // In the end: a run that is killed again and again gets on with what it is there for.
  if (options.canary_tries > 0) {
    CampaignOptions canary = campaign;
    // Shards share the seed, and each looks for canaries of its own.
    canary.seed ^= campaign.shard;
    session.note_canaries(look_for_canaries(options.canaries, canary_maps, canary, services, options.canary_tries));
  }
  session.end(report.campaign);
  report.record = session.record();
  if (session.problem()) report.problems.push_back(*session.problem());
  report.alarms = alarms_of(runs, report.record, options.canaries);
  for (const auto& [key, cell] : report.record.cells) {
    const auto earlier = before.find(key);
    const std::uint64_t executions = cell.executions() + (earlier != before.end() ? earlier->second.executions() : 0);
    if (executions == 0) report.never_run.push_back(key);
  }
  return report;
}

}  // namespace mapquake::nightly
