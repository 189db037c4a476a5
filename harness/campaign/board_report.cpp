// What a board has to tell.
#include "harness/campaign/board.hpp"

#include "scenarios/special_keys.hpp"

#include <algorithm>

namespace mapquake {

CellState Board::state_of(std::size_t index, const CampaignReport& report) const {
  const CellBooks& books = cells_[index];
  const bool ended = workers_ == 0;
  if (books.report.state == CellState::unusable) return CellState::unusable;
  if (books.pursuing > 0) return CellState::shrinking;
  const auto any = [&](auto... states) {
    return std::ranges::any_of(report.cells[index].defects,
                               [&](std::size_t defect) { return ((report.defects[defect].state == states) || ...); });
  };
  if (any(DefectState::confirmed, DefectState::stored)) return CellState::failed;
  if (any(DefectState::nondeterministic)) return CellState::nondeterministic;
  if (any(DefectState::unconfirmed)) return ended ? CellState::unconfirmed : CellState::exploring;
  if (books.exploring > 0) return CellState::exploring;
  if (books.report.executions > 0) return ended ? CellState::clean : CellState::exploring;
  if (options_.shards <= 1) return CellState::waiting;
  const bool has_part = std::ranges::any_of(arms_, [&](const ArmBooks& arm) {
    return arm.arm.cell == index && agenda_.has_part(static_cast<std::size_t>(&arm - arms_.data()));
  });
  return has_part ? CellState::waiting : CellState::elsewhere;
}

CampaignReport Board::snapshot() {
  CampaignReport report;
  report.defects = defects_.report();
  for (const CellBooks& books : cells_) {
    report.cells.push_back(books.report);
    report.cells.back().busy = books.exploring + books.pursuing > 0;
    if (workers_ == 0) report.cells.back().usage = books.usage;
  }
  for (std::size_t defect = 0; defect < report.defects.size(); ++defect) {
    for (const CellHits& hits : report.defects[defect].where) report.cells[hits.cell].defects.push_back(defect);
    report.failures += report.defects[defect].is_failure();
    report.nondeterministic += report.defects[defect].state == DefectState::nondeterministic;
  }
  for (const ArmBooks& arm : arms_) {
    report.cells[arm.arm.cell].hazards.push_back({arm.arm.hazard, arm.executions});
  }
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) report.cells[cell].state = state_of(cell, report);
  for (const auto& running : running_) {
    CellReport& cell = report.cells[running->arm.cell];
    cell.executions += running->progress.executions;
    cell.steps += running->progress.steps;
    cell.switches += running->progress.switches;
  }
  report.seconds = seconds_elapsed();
  report.seconds_max = options_.seconds;
  report.signal = signal_;
  report.problems = problems_;
  report.stale_cases = stale_;
  for (const auto& [map, traits] : traits_) {
    if (traits.keys_refused == 0) continue;
    report.refused_keys.push_back({map, {}});
    for (std::size_t i = 0; i < special_keys.size(); ++i) {
      if ((traits.keys_refused >> i & 1) != 0) report.refused_keys.back().keys.push_back(special_keys[i].beside(1));
    }
  }
  for (std::size_t i = 0; i < options_.suppressions.size(); ++i) {
    if (!suppressions_used_.contains(i)) report.unused_suppressions.push_back(options_.suppressions[i].text());
  }
  return report;
}

}  // namespace mapquake
