// What a board is told of failures that were known before.
#include "harness/base/assert.hpp"
#include "harness/campaign/board.hpp"

namespace mapquake {

void Board::remember(const CampaignPast& past) {
  const std::scoped_lock hold(lock_);
  for (const StoredFailure& known : past.known) add_known(known.defect, known.scenario, known.fingerprint);
  MQ_ASSERT(past.kept.empty() || past.kept.size() == cells_.size());
  for (std::size_t cell = 0; cell < past.kept.size(); ++cell) cells_[cell].covered.inherited = past.kept[cell];
  if (past.explored_seconds.empty()) return;
  MQ_ASSERT(past.explored_seconds.size() == cells_.size() * hazard_count);
  std::vector<double> slices;
  for (const ArmBooks& arm : arms_) {
    const std::size_t at = arm.arm.cell * hazard_count + static_cast<std::size_t>(arm.arm.hazard);
    slices.push_back(past.explored_seconds[at] / slice_seconds_);
  }
  agenda_.set_served(slices);
}

bool Board::claims_stored(std::size_t map) {
  const std::scoped_lock hold(lock_);
  return options_.expected && stored_claimed_.insert(map).second;
}

void Board::add_stored(DefectReport stored, const std::string& scenario, std::uint64_t fingerprint) {
  const std::scoped_lock hold(lock_);
  add_known(stored, scenario, fingerprint);
  agenda_.set_map_weight(stored.map, shown_weight);
}

void Board::add_known(DefectReport stored, const std::string& scenario, std::uint64_t fingerprint) {
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
    if (cells_[cell].report.cell.map != stored.map) continue;
    stored.cell = cell;
    if (cells_[cell].report.cell.scenario == scenario) break;
  }
  defects_.add_stored(stored, fingerprint);
}

std::optional<MapTraits> Board::traits_of(std::size_t map) {
  const std::scoped_lock hold(lock_);
  const auto known = traits_.find(map);
  return known == traits_.end() ? std::nullopt : std::optional(known->second);
}

void Board::note_traits(std::size_t map, const MapTraits& traits) {
  const std::scoped_lock hold(lock_);
  traits_.insert_or_assign(map, traits);
}

void Board::add_stale(const Error& error) {
  const std::scoped_lock hold(lock_);
  stale_.push_back(error);
}

}  // namespace mapquake
