#include "harness/campaign/report.hpp"

#include "harness/history/phrases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>

namespace mapquake {
namespace {

std::uint64_t total(const CampaignReport& report, std::uint64_t CellReport::*field) {
  return std::accumulate(report.cells.begin(), report.cells.end(), std::uint64_t{0},
                         [&](std::uint64_t sum, const CellReport& cell) { return sum + cell.*field; });
}

bool is_listed(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const std::size_t bar = std::min(list.find('|'), list.size());
    if (list.substr(0, bar) == name) return true;
    list.remove_prefix(std::min(bar + 1, list.size()));
  }
  return false;
}

/// What the cells of one map came to.
struct Tally {
  unsigned cells = 0;
  unsigned not_run = 0;
  bool failed_as_listed = false;
  std::string surprise;  ///< the first failure that is not listed
};

Tally tally_of(std::size_t map, const std::string& expected, const CampaignReport& report) {
  Tally tally;
  for (const CellReport& cell : report.cells) {
    if (cell.cell.map != map) continue;
    ++tally.cells;
    tally.not_run += cell.state == CellState::waiting;
  }
  for (const DefectReport& defect : report.defects) {
    if (defect.map != map || !is_failure(defect.outcome) || defect.state == DefectState::suppressed) continue;
    if (is_listed(expected, name_of(defect.outcome))) {
      tally.failed_as_listed |= defect.state != DefectState::unconfirmed;
    } else if (tally.surprise.empty()) {
      tally.surprise = fmt::format("{} in {}", defect.headline, report.cells[defect.cell].cell.scenario);
    }
  }
  return tally;
}

std::string spoken(std::string list) {
  for (std::size_t bar = 0; (bar = list.find('|')) != std::string::npos;) list.replace(bar, 1, " or ");
  return list;
}

}  // namespace

std::uint64_t CampaignReport::executions() const {
  return total(*this, &CellReport::executions);
}
std::uint64_t CampaignReport::steps() const {
  return total(*this, &CellReport::steps);
}
std::uint64_t CampaignReport::switches() const {
  return total(*this, &CellReport::switches);
}

std::uint64_t DefectReport::hits() const {
  return std::accumulate(where.begin(), where.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const CellHits& cell) { return sum + cell.hits; });
}

std::string headline_of(const ReplayFile& file) {
  return headline_of(file.outcome, file.label, file.why);
}

bool is_expected(const MapInfo& map, Outcome outcome) {
  return is_listed(map.expected_outcomes, name_of(outcome));
}

std::vector<MapVerdict> judge(std::span<const MapInfo> maps, const CampaignReport& report) {
  std::vector<MapVerdict> verdicts;
  for (std::size_t map = 0; map < maps.size(); ++map) {
    const std::string& expected = maps[map].expected_outcomes;
    const Tally tally = tally_of(map, expected, report);
    if (tally.cells == 0) continue;
    MapVerdict verdict{map, Judgement::as_expected, {}};
    if (!tally.surprise.empty()) {
      verdict.judgement = Judgement::surprise;
      verdict.sentence = expected.empty() ? "expected to stay clean, but: " + tally.surprise
                                          : fmt::format("expected {}, but: {}", spoken(expected), tally.surprise);
    } else if (expected.empty() && tally.not_run > 0) {
      verdict.judgement = Judgement::not_run;
      verdict.sentence = fmt::format("expected to stay clean, but {} of its {} cells {} not run", tally.not_run,
                                     tally.cells, tally.not_run == 1 ? "has" : "have");
    } else if (expected.empty()) {
      verdict.sentence = "clean, as expected";
    } else if (tally.failed_as_listed) {
      verdict.sentence = fmt::format("{}, as expected", spoken(expected));
    } else if (maps[map].expected.rare) {
      verdict.judgement = Judgement::rare_not_found;
      verdict.sentence = fmt::format("{} expected, and rare: not found this time", spoken(expected));
    } else {
      verdict.judgement = Judgement::not_found;
      verdict.sentence = fmt::format("expected {}, but found no failure", spoken(expected));
    }
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

int exit_code_of(const CampaignReport& report, std::span<const MapVerdict> verdicts) {
  const auto code = [](ExitCode exit_code) { return static_cast<int>(exit_code); };
  const auto judged = [&](Judgement judgement) {
    return std::any_of(verdicts.begin(), verdicts.end(),
                       [&](const MapVerdict& verdict) { return verdict.judgement == judgement; });
  };
  // A failure that could not be saved as asked is not "found and saved".
  for (const Error& problem : report.problems) {
    if (problem.code == ExitCode::input_output) return code(problem.code);
  }
  if (verdicts.empty() ? report.failures > 0 : judged(Judgement::surprise)) return code(ExitCode::failure_found);
  if (report.signal != 0) return code(exit_code_of_signal(report.signal));
  if (judged(Judgement::not_found)) return code(ExitCode::failure_found);
  if (!report.problems.empty()) return code(report.problems.front().code);
  const bool open = std::any_of(report.cells.begin(), report.cells.end(), [&](const CellReport& cell) {
    if (cell.executions > 0 && cell.unknown == cell.executions) return true;
    // Judged by expectation, what nobody looked into was expected, and a broken map need not run everywhere.
    if (!verdicts.empty()) return false;
    return cell.state == CellState::waiting || cell.state == CellState::unconfirmed;
  });
  if (report.nondeterministic > 0 || open || judged(Judgement::not_run)) return code(ExitCode::unknown_only);
  return code(ExitCode::clean);
}

}  // namespace mapquake
