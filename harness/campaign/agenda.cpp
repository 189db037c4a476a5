#include "harness/campaign/agenda.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/rng.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace mapquake {
namespace {

constexpr std::uint64_t slices_per_row = 16;
constexpr std::uint64_t slice_executions_min = 512;
/// Slices by which an arm or a map that was served before may be behind.
constexpr double lead_max = 8;

std::uint64_t divided_up(std::uint64_t a, std::uint64_t b) {
  return a / b + (a % b != 0);
}

// Lane 0 has the seed that the user gave, so that a campaign of one lane is what `--seed` promises; not where a row
// has had its programs.
std::uint64_t lane_seed(const ArmPlan& arm, std::uint64_t lane) {
  const std::uint64_t number = lane + (arm.executions > 0 ? 1 : 0);
  return number == 0 ? arm.seed : mix64(arm.seed ^ mix64(number));
}

}  // namespace

Agenda::Agenda(AgendaPlan plan) : plan_(std::move(plan)), rows_(plan_.arms.size()) {
  MQ_ASSERT(plan_.shard >= 1 && plan_.shard <= plan_.shards);
  std::uint64_t cases = 0;  // of the arms so far
  for (std::size_t arm = 0; arm < rows_.size(); ++arm) {
    MQ_ASSERT(plan_.arms[arm].weight > 0);
    if (maps_.size() <= plan_.arms[arm].map) maps_.resize(plan_.arms[arm].map + 1);
    const std::uint64_t executions = plan_.arms[arm].executions;
    if (executions == 0) continue;
    Row& row = rows_[arm];
    row.slice_executions = std::max(divided_up(executions, slices_per_row), slice_executions_min);
    row.limit = row.slices = divided_up(executions, row.slice_executions);
    row.first = row.next = (plan_.shard - 1 + plan_.shards - cases % plan_.shards) % plan_.shards;
    cases += row.slices;
  }
}

void Agenda::begin(std::size_t arm) {
  ++rows_[arm].running;
  ++maps_[plan_.arms[arm].map].running;
}

std::optional<Slice> Agenda::take(std::optional<std::size_t> near) {
  if (auto slice = take_row(near)) return slice;
  return plan_.lanes ? take_lane(near) : std::nullopt;
}

std::optional<Slice> Agenda::take_row(std::optional<std::size_t> near) {
  std::size_t best = rows_.size();
  const auto rank = [&](std::size_t arm) {
    const std::size_t map = plan_.arms[arm].map;
    const unsigned distance = map == near ? 0 : maps_[map].running == 0 ? 1 : 2;
    return std::tuple(distance, map, rows_[arm].next, arm);
  };
  for (std::size_t arm = 0; arm < rows_.size(); ++arm) {
    if (has_row_work(rows_[arm]) && (best == rows_.size() || rank(arm) < rank(best))) best = arm;
  }
  if (best == rows_.size()) return std::nullopt;
  Row& row = rows_[best];
  const std::uint64_t index = row.next;
  row.next += plan_.shards;
  row.running_slices.push_back(index);
  begin(best);
  const std::uint64_t first_execution = index * row.slice_executions;
  return Slice{.arm = best,
               .index = index,
               .in_row = true,
               .seed = plan_.arms[best].seed,
               .first = {index << slice_program_bits, 0},
               .first_execution = first_execution,
               .executions_max = std::min(row.slice_executions, plan_.arms[best].executions - first_execution)};
}

std::optional<Slice> Agenda::take_lane(std::optional<std::size_t> near) {
  std::size_t best = rows_.size();
  // Work that nobody is at comes before any that somebody is.
  const auto rank = [&](std::size_t arm) {
    const MapRow& map = maps_[plan_.arms[arm].map];
    const bool is_near = plan_.arms[arm].map == near;
    return std::tuple(!is_near, !is_near && map.running > 0, is_near ? 0 : map.served, plan_.arms[arm].map,
                      rows_[arm].running > 0, rows_[arm].served);
  };
  for (std::size_t arm = 0; arm < rows_.size(); ++arm) {
    if (rows_[arm].open && (best == rows_.size() || rank(arm) < rank(best))) best = arm;
  }
  if (best == rows_.size()) return std::nullopt;
  Row& row = rows_[best];
  row.served += 1 / plan_.arms[best].weight;
  MapRow& map = maps_[plan_.arms[best].map];
  map.served += 1 / map.weight;
  begin(best);
  auto lane = std::find_if(row.lanes.begin(), row.lanes.end(), [](const Lane& l) { return !l.busy; });
  if (lane == row.lanes.end()) {
    const std::uint64_t number = plan_.shard - 1 + std::uint64_t{plan_.shards} * row.lanes.size();
    lane = row.lanes.insert(row.lanes.end(), Lane{number, {}, false});
  }
  lane->busy = true;
  return Slice{
      .arm = best, .index = lane->number, .seed = lane_seed(plan_.arms[best], lane->number), .first = lane->next};
}

void Agenda::finished(const Slice& slice, Position next) {
  Row& row = rows_[slice.arm];
  MQ_ASSERT(row.running > 0);
  --row.running;
  --maps_[plan_.arms[slice.arm].map].running;
  if (slice.in_row) {
    std::erase(row.running_slices, slice.index);
    return;
  }
  for (Lane& lane : row.lanes) {
    if (lane.number != slice.index) continue;
    lane.busy = false;
    lane.next = next;
  }
}

void Agenda::cut_after(const Slice& slice) {
  for (std::size_t arm = 0; arm < rows_.size(); ++arm) {
    if (plan_.arms[arm].cell != plan_.arms[slice.arm].cell) continue;
    if (!slice.in_row) {
      rows_[arm].open = false;
    } else {
      rows_[arm].limit = std::min(rows_[arm].limit, slice.index + (arm <= slice.arm ? 1 : 0));
    }
  }
}

void Agenda::set_arm_weight(std::size_t arm, double weight) {
  MQ_ASSERT(weight > 0);
  plan_.arms[arm].weight = weight;
}

void Agenda::set_map_weight(std::size_t map, double weight) {
  MQ_ASSERT(weight > 0 && map < maps_.size());
  maps_[map].weight = weight;
}

void Agenda::set_served(const std::vector<double>& slices) {
  MQ_ASSERT(slices.size() == rows_.size());
  struct OfMap {
    double sum = 0, least = std::numeric_limits<double>::max();
  };
  std::vector<OfMap> of_maps(maps_.size());
  for (std::size_t arm = 0; arm < rows_.size(); ++arm) {
    OfMap& map = of_maps[plan_.arms[arm].map];
    map.sum += slices[arm], map.least = std::min(map.least, slices[arm]);
  }
  double least = std::numeric_limits<double>::max();
  for (const ArmPlan& arm : plan_.arms) least = std::min(least, of_maps[arm.map].sum);
  for (std::size_t arm = 0; arm < rows_.size(); ++arm) {
    const std::size_t map = plan_.arms[arm].map;
    maps_[map].served = std::min(of_maps[map].sum - least, lead_max);
    rows_[arm].served = std::min(slices[arm] - of_maps[map].least, lead_max);
  }
}

void Agenda::close(std::size_t arm) {
  rows_[arm].open = false;
}

bool Agenda::wanted(const Slice& slice) const {
  const Row& row = rows_[slice.arm];
  return row.open && (!slice.in_row || slice.index < row.limit);
}

bool Agenda::settled_before(const Slice& slice, bool only_cell) const {
  if (!slice.in_row) return true;
  for (std::size_t arm = 0; arm < rows_.size(); ++arm) {
    const ArmPlan& plan = plan_.arms[arm];
    if (plan.map != plan_.arms[slice.arm].map) continue;
    if (only_cell && plan.cell != plan_.arms[slice.arm].cell) continue;
    const Row& row = rows_[arm];
    const std::uint64_t end = std::min(slice.index + (arm < slice.arm ? 1 : 0), row.limit);
    if (row.open && row.next < end) return false;
    if (std::ranges::any_of(row.running_slices, [&](std::uint64_t index) { return index < end; })) return false;
  }
  return true;
}

bool Agenda::rows_taken() const {
  return std::ranges::none_of(rows_, [&](const Row& row) { return has_row_work(row); });
}

}  // namespace mapquake
