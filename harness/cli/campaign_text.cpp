#include "harness/cli/campaign_text.hpp"

#include "harness/cli/describe.hpp"
#include "harness/cli/duration.hpp"
#include "harness/cli/phase_text.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace mapquake::cli {
namespace {

using reports::counted;
using reports::grouped;
using reports::padded;

constexpr std::size_t cells_named_max = 3;

std::string failed_text(const MapInfo& map, const CellReport& cell, std::span<const DefectReport> defects,
                        bool expected, const TextStyle& style) {
  const bool known = expected && std::ranges::all_of(
                                     cell.defects, [&](std::size_t d) { return is_expected(map, defects[d].outcome); });
  std::string text = (cell.state == CellState::failed ? "✗ " : "? ") + defects[cell.defects.front()].headline;
  const auto others = std::ranges::count_if(cell.defects.begin() + 1, cell.defects.end(), [&](std::size_t d) {
    return defects[d].state != DefectState::unconfirmed;
  });
  if (others > 0) text += fmt::format(" and {} more", others);
  if (known) return painted(text + ", as expected", green, style);
  if (cell.state == CellState::unconfirmed) return painted(text + ", not looked into", yellow, style);
  return painted(text, red, style);
}

std::string verdict_of(const MapInfo& map, const CellReport& cell, std::span<const DefectReport> defects, bool expected,
                       const TextStyle& style) {
  switch (cell.state) {
    case CellState::waiting:
      return painted("not run", yellow, style);
    case CellState::elsewhere:
      return painted("in another shard", dim, style);
    case CellState::exploring:
      return "exploring";
    case CellState::shrinking:
      return painted("shrinking a failure", yellow, style);
    case CellState::clean:
      return painted((cell.unknown > 0 ? fmt::format("clean, {} undecided", grouped(cell.unknown)) : "clean") +
                         (cell.sweep_points > 0 ? fmt::format(", {} failure points", grouped(cell.sweep_points)) : ""),
                     green, style);
    case CellState::failed:
    case CellState::unconfirmed:
      return failed_text(map, cell, defects, expected, style);
    case CellState::nondeterministic:
      return painted("? nondeterministic", yellow, style);
    case CellState::unusable:
      return painted("cannot be run", yellow, style);
  }
  return {};
}

/// Failures of maps of which a race was told, too, met behind one: most often by the same lines.
std::size_t failures_behind_races(const CampaignReport& report) {
  std::set<std::size_t> racing;
  for (const DefectReport& defect : report.defects) {
    if (defect.is_failure() && defect.outcome == Outcome::data_race) racing.insert(defect.map);
  }
  return static_cast<std::size_t>(std::ranges::count_if(report.defects, [&](const DefectReport& defect) {
    return defect.is_failure() && defect.after_race && racing.contains(defect.map);
  }));
}

std::string failures_text(const CampaignReport& report) {
  const std::size_t behind = failures_behind_races(report);
  std::string text = counted(report.failures - std::min<std::size_t>(behind, report.failures), "distinct failure");
  if (behind > 0) text += fmt::format(", and {} behind a data race, which may be the cause", behind);
  if (report.nondeterministic > 0) text += fmt::format(", {} nondeterministic", report.nondeterministic);
  return text;
}

std::uint64_t whole_rate(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<std::uint64_t>(static_cast<double>(count) / seconds) : 0;
}

std::string told_as(const DefectReport& defect, const TextStyle& style) {
  switch (defect.state) {
    case DefectState::confirmed:
      return defect.path.string();
    case DefectState::stored:
      return painted("as stored: " + defect.path.string(), dim, style);
    case DefectState::nondeterministic:
      return painted("nondeterministic: " + defect.path.string(), yellow, style);
    case DefectState::suppressed:
      return painted("suppressed: " + defect.reason, dim, style);
    case DefectState::unconfirmed:
      return painted("not looked into", yellow, style);
  }
  return {};
}

double share_done(const CampaignReport& report) {
  if (report.seconds_max > 0) return std::min(1.0, report.seconds / report.seconds_max);
  const auto over = std::count_if(report.cells.begin(), report.cells.end(), [](const CellReport& cell) {
    return cell.state != CellState::waiting && cell.state != CellState::exploring;
  });
  return report.cells.empty() ? 1 : static_cast<double>(over) / static_cast<double>(report.cells.size());
}

}  // namespace

std::string painted(const std::string& text, std::string_view colour, const TextStyle& style) {
  return style.colour ? fmt::format("\x1b[{}m{}\x1b[0m", colour, text) : text;
}

std::vector<std::size_t> all_cells(const CampaignReport& report) {
  std::vector<std::size_t> cells(report.cells.size());
  std::iota(cells.begin(), cells.end(), std::size_t{0});
  return cells;
}

std::string cell_table(std::span<const MapInfo> maps, const CampaignReport& report, std::span<const std::size_t> cells,
                       bool expected, const TextStyle& style) {
  std::size_t map_width = 3, scenario_width = 8;
  for (const CellReport& cell : report.cells) {
    map_width = std::max(map_width, maps[cell.cell.map].name.size());
    scenario_width = std::max(scenario_width, cell.cell.scenario.size());
  }
  std::string text = fmt::format("  {}  {}  {:>12}  {:>9}  {:>8}  {}\n", padded("map", map_width),
                                 padded("scenario", scenario_width), "executions", "/s", "coverage", "verdict");
  for (const std::size_t index : cells) {
    const CellReport& cell = report.cells[index];
    const MapInfo& map = maps[cell.cell.map];
    text += fmt::format("  {}  {}  {:>12}  {:>9}  {:>8}  {}", padded(map.name, map_width),
                        padded(cell.cell.scenario, scenario_width), grouped(cell.executions),
                        grouped(static_cast<std::uint64_t>(cell.executions_per_s())), grouped(cell.coverage),
                        verdict_of(map, cell, report.defects, expected, style));
    text += '\n';
  }
  return text;
}

std::string progress_line(const CampaignReport& report, const TextStyle& style) {
  constexpr std::size_t bar_width = 28;
  const auto done = static_cast<std::size_t>(share_done(report) * bar_width);
  std::string bar;
  for (std::size_t i = 0; i < bar_width; ++i) bar += i < done ? "█" : "░";
  std::string time = duration_text(report.seconds);
  if (report.seconds_max > 0) time += " of " + duration_text(report.seconds_max);
  const std::string line = fmt::format("{}   {}   {}/s   {}", time, counted(report.executions(), "execution"),
                                       grouped(whole_rate(report.executions(), report.seconds)), failures_text(report));
  return "  " + bar + "  " + reports::shortened(line, style.width - std::min(style.width, bar_width + 4)) + '\n';
}

std::string map_heading(const MapInfo& map, const TextStyle& style) {
  const std::string indent(map.name.size() + 2, ' ');
  std::string text = map.is_program() ? reports::wrapped(map.name + "  ", program_text(map), style.width)
                                      : reports::wrapped(map.name + "  claims: ", claims_text(map), style.width);
  if (map.is_program()) return text;
  std::string operations = operations_text(map.operations);
  const std::string missing = missing_operations_text(map.operations);
  if (!missing.empty()) operations += "   (no " + missing + ": left out)";
  text += reports::wrapped(indent + "operations: ", operations, style.width);
  const std::string idle = idle_claims_text(map);
  if (!idle.empty())
    text += reports::wrapped(indent + "note: claimed, but the adapter has no such operation: ", idle, style.width);
  return text;
}

/// What nobody looked into is most likely what was looked into, in other words: of each map that has a defect that was
/// told, one line unites them.
std::vector<DefectReport> with_rests_united(std::vector<DefectReport> defects) {
  std::set<std::size_t> told;
  for (const DefectReport& defect : defects) {
    if (defect.state != DefectState::unconfirmed) told.insert(defect.map);
  }
  std::map<std::size_t, std::vector<DefectReport>> rests;
  std::erase_if(defects, [&](DefectReport& defect) {
    const bool is_rest = defect.state == DefectState::unconfirmed && told.contains(defect.map);
    if (is_rest) rests[defect.map].push_back(std::move(defect));
    return is_rest;
  });
  for (auto& [map, rest] : rests) {
    DefectReport united = std::move(rest.front());
    // One execution may show several of them: as many as show the most frequent one are certain.
    std::map<std::size_t, std::uint64_t> hits;
    for (const CellHits& where : united.where) hits[where.cell] = where.hits;
    for (std::size_t i = 1; i < rest.size(); ++i) {
      for (const CellHits& where : rest[i].where) hits[where.cell] = std::max(hits[where.cell], where.hits);
    }
    if (rest.size() > 1) united.headline = fmt::format("likely the same, {} kinds", rest.size());
    united.where.clear();
    for (const auto& [cell, count] : hits) united.where.push_back({cell, count});
    defects.push_back(std::move(united));
  }
  return defects;
}

std::string kind_of(const DefectReport& defect) {
  return defect.headline + (defect.after_race ? ", after a race" : "");
}

std::string defect_table(std::span<const MapInfo> maps, const CampaignReport& report, bool expected,
                         const TextStyle& style) {
  std::vector<DefectReport> shown = report.defects;
  const std::size_t left_out = std::erase_if(shown, [&](const DefectReport& defect) {
    return expected && defect.state == DefectState::unconfirmed && is_expected(maps[defect.map], defect.outcome);
  });
  if (shown.empty()) return {};
  shown = with_rests_united(std::move(shown));
  std::size_t map_width = 3, headline_width = 6;
  for (const DefectReport& defect : shown) {
    map_width = std::max(map_width, maps[defect.map].name.size());
    headline_width = std::max(headline_width, kind_of(defect).size());
  }
  std::string text = fmt::format("  {}  {}  {:>12}  {}\n", padded("map", map_width), padded("defect", headline_width),
                                 "failing runs", "where");
  for (const DefectReport& defect : shown) {
    std::string where;
    for (std::size_t i = 0; i < defect.where.size() && i < cells_named_max; ++i) {
      where += (i == 0 ? "" : ", ") + report.cells[defect.where[i].cell].cell.scenario;
    }
    if (defect.where.size() > cells_named_max)
      where += fmt::format(" and {} more", defect.where.size() - cells_named_max);
    text += fmt::format("  {}  {}  {:>12}  {}   {}\n", padded(maps[defect.map].name, map_width),
                        padded(kind_of(defect), headline_width), grouped(defect.hits()), where, told_as(defect, style));
  }
  if (left_out > 0) text += fmt::format("  and {} that broken maps are expected to have\n", counted(left_out, "other"));
  return text + '\n';
}

std::string closing_lines(std::span<const MapInfo> maps, const CampaignReport& report,
                          std::span<const MapVerdict> verdicts, const TextStyle& style) {
  std::string text =
      fmt::format("\n{} in {}, {}/s: {}\n", counted(report.executions(), "execution"), duration_text(report.seconds),
                  grouped(whole_rate(report.executions(), report.seconds)), failures_text(report));
  unsigned surprises = 0;
  for (const MapVerdict& verdict : verdicts) {
    if (verdict.is_as_expected()) continue;
    ++surprises;
    text += painted(fmt::format("{}: {}\n", maps[verdict.map].name, verdict.sentence), red, style);
  }
  if (!verdicts.empty() && surprises == 0) {
    const auto rare = std::ranges::count(verdicts, Judgement::rare_not_found, &MapVerdict::judgement);
    text += fmt::format("{} did what is expected: broken ones failed as listed{}, all others stayed clean.\n",
                        verdicts.size() == 1 ? maps[verdicts[0].map].name : fmt::format("All {}", verdicts.size()),
                        rare == 0 ? "" : fmt::format(" (but for {} with a rare failure, not found this time)", rare));
  } else if (surprises > 0) {
    text += fmt::format("{} of {} did not do what is expected.\n", surprises, verdicts.size());
  }
  if (report.signal != 0) text += "Interrupted; what was found until then is saved.\n";
  return text + coverage_line(report) + phases_text(maps, report);
}

std::string refused_keys_text(std::span<const MapInfo> maps, const CampaignReport& report) {
  std::string text;
  for (const RefusedKeys& refused : report.refused_keys) {
    const bool one = refused.keys.size() == 1;
    text += fmt::format(
        "note: {} does not keep the {} {} when one thread adds {} and looks {} up: taken as reserved, and left out. If "
        "the map's documentation does not say so, it is a defect.\n",
        maps[refused.map].name, one ? "key" : "keys", fmt::join(refused.keys, ", "), one ? "it" : "them",
        one ? "it" : "them");
  }
  return text;
}

std::string coverage_line(const CampaignReport& report) {
  std::map<std::size_t, std::uint64_t> of_map;
  std::size_t not_run = 0;
  for (const CellReport& cell : report.cells) {
    of_map[cell.cell.map] += cell.executions;
    not_run += cell.state == CellState::waiting;
  }
  std::uint64_t least = UINT64_MAX;
  for (const auto& [map, executions] : of_map) least = std::min(least, executions);
  std::string text =
      fmt::format("Covered: {} of {}", grouped(report.cells.size() - not_run), counted(report.cells.size(), "cell"));
  if (of_map.size() > 1)
    text += fmt::format(" of {} maps, at least {} of each map", of_map.size(), counted(least, "execution"));
  std::map<Hazard, std::uint64_t> of_hazard;
  for (const CellReport& cell : report.cells) {
    for (const HazardReport& hazard : cell.hazards) of_hazard[hazard.hazard] += hazard.executions;
  }
  std::string by_hazard;
  for (const auto& [hazard, executions] : of_hazard) {
    by_hazard += fmt::format("{}{} {}", by_hazard.empty() ? "" : ", ", name_of(hazard), grouped(executions));
  }
  return text + "; executions by hazard: " + by_hazard + ".\n";
}

}  // namespace mapquake::cli
