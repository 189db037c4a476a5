#include "harness/nightly/status.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace mapquake::nightly {
namespace {

constexpr std::int64_t day_s = 24 * 60 * 60;

DefectStanding standing_of(const DefectStatus& status) {
  if (status.defect.outcome == Outcome::nondeterministic) return DefectStanding::nondeterministic;
  if (!status.replayed) return DefectStanding::open;
  // What was met after it was replayed is there, whatever the replay said.
  if (status.seen && status.seen->last_s > status.replayed->at_s) return DefectStanding::open;
  switch (status.replayed->state) {
    case KnownState::fixed:
      return DefectStanding::fixed;
    case KnownState::not_reproducible:
      return DefectStanding::not_reproducible;
    default:
      return DefectStanding::open;
  }
}

void add_sighting(std::optional<Sighting>& sum, const Sighting& seen) {
  if (!sum) {
    sum = seen;
    return;
  }
  sum->first_s = std::min(sum->first_s, seen.first_s);
  sum->last_s = std::max(sum->last_s, seen.last_s);
  sum->hits += seen.hits;
}

std::map<DefectKey, DefectStatus> defects_in(const StoreValue& store) {
  std::map<DefectKey, DefectStatus> defects;
  for (const auto& [key, defect] : store.defects) defects[key] = {.key = key, .defect = defect};
  for (const auto& [id, run] : store.runs) {
    for (const auto& [key, seen] : run.seen) {
      // Files that are gone were removed by somebody who had a reason.
      if (const auto at = defects.find(key); at != defects.end()) add_sighting(at->second.seen, seen);
    }
    for (const auto& [key, replayed] : run.replayed) {
      const auto at = defects.find(key);
      if (at == defects.end()) continue;
      std::optional<Replayed>& last = at->second.replayed;
      if (!last || std::tie(replayed.at_s, replayed.state) > std::tie(last->at_s, last->state)) last = replayed;
    }
  }
  for (auto& [key, status] : defects) status.standing = standing_of(status);
  return defects;
}

/// What runs say of one map.
struct Tally {
  std::map<std::pair<std::string, std::string>, std::uint64_t> parts;
  std::string build;  ///< of the last run
  std::map<std::string, std::uint64_t> by_build;
  MapStatus status;
};

void add_run(std::map<std::string, Tally>& tallies, const RunRecord& run) {
  std::set<std::string> ran;
  for (const auto& [key, cell] : run.cells) {
    Tally& tally = tallies[key.map];
    const auto build = run.builds.find(key.map);
    for (const auto& [hazard, executions] : cell.hazards) {
      tally.parts[{key.scenario, hazard}] += executions;
      tally.status.executions += executions;
      if (build != run.builds.end()) tally.by_build[build->second] += executions;
      if (executions > 0) ran.insert(key.map);
    }
    if (cell.hazards.empty()) tally.parts.try_emplace({key.scenario, ""});
    tally.status.undecided += cell.undecided;
  }
  for (const std::string& map : ran) {
    Tally& tally = tallies[map];
    if (run.saved_s < tally.status.last_run_s) continue;
    tally.status.last_run_s = run.saved_s;
    if (const auto build = run.builds.find(map); build != run.builds.end()) tally.build = build->second;
  }
}

MapStatus finished(const std::string& map, Tally tally) {
  MapStatus status = std::move(tally.status);
  status.map = map;
  // A run that was killed before it explored knew no hazards yet.
  std::set<std::string> with_hazards;
  for (const auto& [part, executions] : tally.parts) {
    if (!part.second.empty()) with_hazards.insert(part.first);
  }
  for (const auto& [part, executions] : tally.parts) {
    if (part.second.empty() && with_hazards.contains(part.first)) continue;
    ++status.parts;
    if (executions == 0) status.not_run.push_back({part.first, part.second});
  }
  status.executions_of_build = tally.by_build[tally.build];
  if (status.defects_open > 0) {
    status.standing = MapStanding::failing;
  } else if (status.executions == 0) {
    status.standing = MapStanding::not_run;
  } else {
    status.standing = status.not_run.empty() ? MapStanding::nothing_open : MapStanding::partly_run;
  }
  return status;
}

}  // namespace

std::string_view name_of(DefectStanding standing) {
  switch (standing) {
    case DefectStanding::open:
      return "open";
    case DefectStanding::fixed:
      return "fixed";
    case DefectStanding::not_reproducible:
      return "not reproducible";
    case DefectStanding::nondeterministic:
      return "nondeterministic";
  }
  return "";
}

std::string_view name_of(MapStanding standing) {
  switch (standing) {
    case MapStanding::failing:
      return "failing";
    case MapStanding::not_run:
      return "not run";
    case MapStanding::partly_run:
      return "partly run";
    case MapStanding::nothing_open:
      return "nothing open";
  }
  return "";
}

Status status_of(const StoreValue& store) {
  Status status;
  std::set<std::int64_t> days;
  std::map<std::string, Tally> tallies;
  for (const auto& [id, run] : store.runs) {
    ++status.runs;
    status.runs_open += run.end == RunEnd::open;
    days.insert(run.started_s / day_s);
    status.first_s = status.first_s == 0 ? run.started_s : std::min(status.first_s, run.started_s);
    status.last_s = std::max(status.last_s, run.saved_s);
    status.executions += run.executions();
    add_run(tallies, run);
  }
  status.nights = static_cast<unsigned>(days.size());
  for (auto& [key, defect] : defects_in(store)) {
    MapStatus& map = tallies[key.map].status;
    ++map.defects;
    map.defects_open += defect.standing == DefectStanding::open;
    status.defects.push_back(std::move(defect));
  }
  std::ranges::stable_sort(status.defects, {}, [](const DefectStatus& defect) {
    return std::pair(defect.standing, defect.seen ? -defect.seen->last_s : 0);
  });
  for (auto& [map, tally] : tallies) status.maps.push_back(finished(map, std::move(tally)));
  std::ranges::stable_sort(status.maps, {},
                           [](const MapStatus& map) { return std::pair(map.standing, map.executions); });
  const std::vector<const RunRecord*> runs = oldest_first(store.runs);
  status.alarms = canary_alarms(runs, bundled_canaries());
  for (const RunRecord* run : runs) {
    if (run->version != runs.back()->version) continue;
    for (const auto& [map, count] : run->canaries) status.canaries[map] += count;
  }
  return status;
}

}  // namespace mapquake::nightly
