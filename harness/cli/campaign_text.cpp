#include "harness/cli/campaign_text.hpp"

#include "harness/cli/describe.hpp"
#include "harness/cli/duration.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace mapquake::cli {
namespace {

using reports::counted;
using reports::grouped;
using reports::padded;

std::string verdict_of(const MapInfo& map, const CellReport& cell, bool expected, const TextStyle& style) {
  const bool known = expected && std::all_of(cell.outcomes.begin(), cell.outcomes.end(),
                                             [&](Outcome outcome) { return is_expected(map, outcome); });
  switch (cell.state) {
    case CellState::waiting:
      return painted(cell.left_out ? "left out: the map has failed elsewhere, as expected" : "waiting", dim, style);
    case CellState::exploring:
      return "exploring";
    case CellState::shrinking:
      return painted("shrinking a failure", yellow, style);
    case CellState::clean:
      return painted((cell.unknown > 0 ? fmt::format("clean, {} undecided", grouped(cell.unknown)) : "clean") +
                         (cell.sweep_points > 0 ? fmt::format(", {} failure points", grouped(cell.sweep_points)) : ""),
                     green, style);
    case CellState::failed: {
      const std::string more = cell.headlines.size() > 1 ? fmt::format(" and {} more", cell.headlines.size() - 1) : "";
      if (known) return painted("✗ " + cell.headlines.front() + more + ", as expected", green, style);
      return painted("✗ " + cell.headlines.front() + more, red, style);
    }
    case CellState::nondeterministic:
      return painted("? nondeterministic", yellow, style);
    case CellState::unusable:
      return painted("cannot be run", yellow, style);
  }
  return {};
}

std::string failures_text(const CampaignReport& report) {
  std::string text = counted(report.failures, "failure");
  if (report.failures > 0) text += fmt::format(", {} distinct", report.distinct);
  if (report.nondeterministic > 0) text += fmt::format(", {} nondeterministic", report.nondeterministic);
  return text;
}

std::uint64_t per_second(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<std::uint64_t>(static_cast<double>(count) / seconds) : 0;
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
                        verdict_of(map, cell, expected, style));
    for (const auto& path : cell.paths) text += "   " + path.string();
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
                                       grouped(per_second(report.executions(), report.seconds)), failures_text(report));
  return "  " + bar + "  " + reports::shortened(line, style.width - std::min(style.width, bar_width + 4)) + '\n';
}

std::string map_heading(const MapInfo& map, const TextStyle& style) {
  const std::string indent(map.name.size() + 2, ' ');
  std::string text = map.is_program() ? reports::wrapped(map.name + "  ", program_text(map), style.width)
                                      : reports::wrapped(map.name + "  claims: ", claims_text(map), style.width);
  if (!races_text(map).empty()) text += reports::wrapped(indent + "data races: ", races_text(map), style.width);
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

std::string closing_lines(std::span<const MapInfo> maps, const CampaignReport& report,
                          std::span<const MapVerdict> verdicts, const TextStyle& style) {
  std::string text =
      fmt::format("\n{} in {}, {}/s: {}\n", counted(report.executions(), "execution"), duration_text(report.seconds),
                  grouped(per_second(report.executions(), report.seconds)), failures_text(report));
  unsigned surprises = 0, not_run = 0;
  for (const MapVerdict& verdict : verdicts) {
    not_run += verdict.judgement == Judgement::not_run;
    if (verdict.judgement == Judgement::as_expected || verdict.judgement == Judgement::not_run) continue;
    ++surprises;
    text += painted(fmt::format("{}: {}\n", maps[verdict.map].name, verdict.sentence), red, style);
  }
  if (not_run > 0) {
    text += fmt::format("{} of {} have not run, and nothing is known of them: more --time, or fewer maps.\n", not_run,
                        verdicts.size());
  }
  if (!verdicts.empty() && surprises == 0 && not_run == 0) {
    text += fmt::format("{} did what is expected: broken ones failed as listed, all others stayed clean.\n",
                        verdicts.size() == 1 ? maps[verdicts[0].map].name : fmt::format("All {}", verdicts.size()));
  } else if (surprises > 0) {
    text += fmt::format("{} of {} did not do what is expected.\n", surprises, verdicts.size());
  }
  if (report.signal != 0) text += "Interrupted; what was found until then is saved.\n";
  return text;
}

}  // namespace mapquake::cli
