#include "harness/cli/summary.hpp"
#include "harness/cli/usage.hpp"
#include "reports/document/words.hpp"
#include "reports/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace mapquake::cli {
namespace {

using nlohmann::ordered_json;

double per_second(std::uint64_t count, double seconds) {
  return seconds > 0 ? std::round(static_cast<double>(count) / seconds) : 0;
}

ordered_json failure_json(const FailureSummary& failure) {
  ordered_json json{{"map", failure.map},
                    {"scenario", failure.scenario},
                    {"outcome", failure.outcome},
                    {"label", failure.label},
                    {"signature", failure.signature},
                    {"replay", failure.path},
                    {"threads", failure.simplicity.threads},
                    {"operations", failure.simplicity.operations},
                    {"preemptions", failure.simplicity.preemptions},
                    {"faults", failure.simplicity.faults},
                    {"trace_hash", fmt::format("{:016x}", failure.trace_hash)},
                    {"executions_to_failure", failure.executions_to_failure},
                    {"why", failure.why}};
  if (!failure.figures.empty()) json["figures"] = ordered_json::parse(failure.figures);
  return json;
}

/// Cells without an execution: no statement about their maps.
ordered_json not_run_json(std::span<const MapInfo> maps, const CampaignReport& report) {
  ordered_json json = ordered_json::array();
  for (const CellReport& cell : report.cells) {
    if (cell.state == CellState::waiting)
      json.push_back({{"map", maps[cell.cell.map].name}, {"scenario", cell.cell.scenario}});
  }
  return json;
}

ordered_json hazards_json(const CampaignReport& report) {
  ordered_json json = ordered_json::object();
  for (const CellReport& cell : report.cells) {
    for (const HazardReport& hazard : cell.hazards) {
      const std::string name(name_of(hazard.hazard));
      json[name] = json.value(name, std::uint64_t{0}) + hazard.executions;
    }
  }
  return json;
}

const char* word_for(DefectState state) {
  switch (state) {
    case DefectState::confirmed:
      return "confirmed";
    case DefectState::stored:
      return "as stored";
    case DefectState::nondeterministic:
      return "nondeterministic";
    case DefectState::suppressed:
      return "suppressed";
    case DefectState::unconfirmed:
      return "not looked into";
  }
  return "";
}

ordered_json defects_json(std::span<const MapInfo> maps, const CampaignReport& report) {
  ordered_json json = ordered_json::array();
  for (const DefectReport& defect : report.defects) {
    ordered_json where = ordered_json::object();
    for (const CellHits& hits : defect.where) where[report.cells[hits.cell].cell.scenario] = hits.hits;
    json.push_back({{"map", maps[defect.map].name},
                    {"headline", defect.headline},
                    {"outcome", name_of(defect.outcome)},
                    {"signature", defect.signature},
                    {"state", word_for(defect.state)},
                    {"counts", defect.is_failure()},
                    {"after_race", defect.after_race},
                    {"executions", defect.hits()},
                    {"scenarios", where},
                    {"replay", defect.path.string()}});
  }
  return json;
}

/// By map.
ordered_json refused_keys_json(std::span<const MapInfo> maps, const CampaignReport& report) {
  ordered_json json = ordered_json::object();
  for (const RefusedKeys& refused : report.refused_keys) json[maps[refused.map].name] = refused.keys;
  return json;
}

ordered_json summary_json(std::span<const MapInfo> maps, const CampaignReport& report,
                          std::span<const FailureSummary> failures, int exit_code) {
  ordered_json json{{"executions", report.executions()},
                    {"seconds", std::round(report.seconds * 1000) / 1000},
                    {"executions_per_s", per_second(report.executions(), report.seconds)},
                    {"steps_per_s", per_second(report.steps(), report.seconds)},
                    {"switches_per_s", per_second(report.switches(), report.seconds)},
                    {"cells", report.cells.size()},
                    {"not_run", not_run_json(maps, report)},
                    {"executions_by_hazard", hazards_json(report)},
                    {"unused_suppressions", report.unused_suppressions},
                    {"refused_keys", refused_keys_json(maps, report)},
                    {"nondeterministic", report.nondeterministic},
                    {"exit_code", exit_code},
                    {"failures", ordered_json::array()}};
  for (const FailureSummary& failure : failures) {
    if (failure.reproducible) json["failures"].push_back(failure_json(failure));
  }
  json["defects"] = defects_json(maps, report);
  for (const MapUsage& usage : usage_of_maps(report)) {
    json["figures"][maps[usage.map].name] = reports::usage_json(*usage.record);
  }
  return json;
}

reports::CellVerdict verdict_of(CellState state) {
  switch (state) {
    case CellState::waiting:
      return reports::CellVerdict::not_run;
    case CellState::elsewhere:
      return reports::CellVerdict::elsewhere;
    case CellState::unconfirmed:
      return reports::CellVerdict::not_looked_into;
    case CellState::exploring:
    case CellState::shrinking:
      return reports::CellVerdict::running;
    case CellState::clean:
      return reports::CellVerdict::clean;
    case CellState::failed:
      return reports::CellVerdict::failed;
    case CellState::nondeterministic:
      return reports::CellVerdict::nondeterministic;
    case CellState::unusable:
      return reports::CellVerdict::unusable;
  }
  return reports::CellVerdict::not_run;
}

ordered_json phases_json(const PhaseRecord& record) {
  ordered_json json{{"executions", record.executions}};
  for (unsigned i = 0; i < map_phase_count; ++i) {
    const auto phase = static_cast<MapPhase>(i);
    const PhaseRecord::Met& met = record.of(phase);
    ordered_json beside = ordered_json::object();
    for (unsigned kind = 0; kind < op_kind_count; ++kind) {
      const auto operation = static_cast<OpKind>(kind);
      if ((record.called & op_bit(operation)) != 0) beside[name_of(operation)] = met.beside[kind];
    }
    json[std::string(name_of(phase))] = {
        {"executions", met.executions}, {"calls", met.calls}, {"faults", met.faults}, {"beside", beside}};
  }
  return json;
}

ordered_json cell_json(const MapInfo& map, const CellReport& cell, std::span<const DefectReport> defects, bool judged) {
  const bool expected = judged && !cell.defects.empty() && std::ranges::all_of(cell.defects, [&](std::size_t defect) {
                          return is_expected(map, defects[defect].outcome);
                        });
  ordered_json files = ordered_json::array(), headlines = ordered_json::array(), hazards = ordered_json::object();
  for (const std::size_t defect : cell.defects) {
    headlines.push_back(defects[defect].headline);
    files.push_back(defects[defect].path.string());
  }
  for (const HazardReport& hazard : cell.hazards) hazards[std::string(name_of(hazard.hazard))] = hazard.executions;
  ordered_json json{{"map", map.name},
                    {"scenario", cell.cell.scenario},
                    {"claimed", cell.cell.claimed},
                    {"verdict", reports::word_for(verdict_of(cell.state))},
                    {"expected", expected},
                    {"executions", cell.executions},
                    {"steps", cell.steps},
                    {"switches", cell.switches},
                    {"seconds", std::round(cell.seconds * 1000) / 1000},
                    {"executions_per_s", std::round(cell.executions_per_s())},
                    {"undecided", cell.unknown},
                    {"sweep_points", cell.sweep_points},
                    {"coverage", cell.coverage},
                    {"hazards", hazards},
                    {"findings", headlines},
                    {"replay", files}};
  if (cell.phases.executions > 0) json["phases"] = phases_json(cell.phases);
  return json;
}

}  // namespace

std::string summary_line(std::span<const MapInfo> maps, const CampaignReport& report,
                         std::span<const FailureSummary> failures, int exit_code) {
  return reports::dumped(summary_json(maps, report, failures, exit_code), -1);
}

namespace {

ordered_json maps_json(std::span<const MapInfo> maps) {
  ordered_json json = ordered_json::array();
  for (const MapInfo& map : maps) {
    ordered_json operations = ordered_json::array();
    for (unsigned kind = 0; kind < op_kind_count; ++kind) {
      const auto operation = static_cast<OpKind>(kind);
      if ((map.operations & op_bit(operation)) != 0) operations.push_back(name_of(operation));
    }
    json.push_back({{"map", map.name},
                    {"about", map.about},
                    {"program", map.is_program()},
                    {"operations", operations},
                    {"expected_outcomes", map.expected_outcomes}});
  }
  return json;
}

}  // namespace

std::string summary_document(std::span<const MapInfo> maps, const CampaignReport& report,
                             std::span<const MapVerdict> verdicts, std::span<const FailureSummary> failures,
                             int exit_code) {
  ordered_json json{{"mapquake_campaign", reports::document_format},
                    {"mapquake", MAPQUAKE_VERSION},
                    {"summary", summary_json(maps, report, failures, exit_code)}};
  const bool judged = !verdicts.empty();
  json["maps"] = maps_json(maps);
  json["cells"] = ordered_json::array();
  for (const CellReport& cell : report.cells)
    json["cells"].push_back(cell_json(maps[cell.cell.map], cell, report.defects, judged));
  for (std::size_t i = 0; judged && i < report.defects.size(); ++i) {
    const DefectReport& defect = report.defects[i];
    json["summary"]["defects"][i]["expected"] = is_expected(maps[defect.map], defect.outcome);
  }
  json["verdicts"] = ordered_json::array();
  for (const MapVerdict& verdict : verdicts) {
    json["verdicts"].push_back(
        {{"map", maps[verdict.map].name}, {"as_expected", verdict.is_as_expected()}, {"sentence", verdict.sentence}});
  }
  json["reports"] = ordered_json::array();
  for (const FailureSummary& failure : failures) {
    if (failure.document.empty()) continue;
    json["reports"].push_back(ordered_json::parse(failure.document));
    json["reports"].back()["expected"] = !failure.is_surprise;
    json["reports"].back()["repeats"] = failure.repeats;
  }
  return reports::dumped(json, 2);
}

}  // namespace mapquake::cli
