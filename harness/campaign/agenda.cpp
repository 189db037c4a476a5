#include "harness/campaign/agenda.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/rng.hpp"

#include <algorithm>
#include <climits>
#include <tuple>

namespace mapquake {
namespace {

constexpr std::uint64_t slices_per_cell = 16;
constexpr std::uint64_t slice_executions_min = 512;

std::uint64_t divided_up(std::uint64_t a, std::uint64_t b) {
  return a / b + (a % b != 0);
}

// Lane 0 has the seed that the user gave, so that a campaign of one lane is what `--seed` promises.
std::uint64_t lane_seed(std::uint64_t seed, std::uint64_t lane) {
  return lane == 0 ? seed : mix64(seed ^ mix64(lane));
}

}  // namespace

Agenda::Agenda(const AgendaPlan& plan) : plan_(plan), rows_(plan.cells) {
  MQ_ASSERT(plan.shard >= 1 && plan.shard <= plan.shards);
  if (plan_.executions == 0) return;
  slice_executions_ = std::max(divided_up(plan_.executions, slices_per_cell), slice_executions_min);
  for (Row& row : rows_) {
    row.next = plan_.shard - 1;
    row.limit = divided_up(plan_.executions, slice_executions_);
  }
}

bool Agenda::has_work(const Row& row) const {
  return row.open && (plan_.executions == 0 || row.next < row.limit);
}

std::optional<Slice> Agenda::take() {
  std::size_t best = rows_.size();
  // A cell that nobody works on comes before any that somebody does; at first, the heavy ones come before the others.
  const auto rank = [&](const Row& row) {
    return std::tuple(plan_.executions == 0 && row.running > 0, row.served, UINT_MAX - row.weight);
  };
  for (std::size_t cell = 0; cell < rows_.size(); ++cell) {
    if (!has_work(rows_[cell])) continue;
    if (best == rows_.size() || rank(rows_[cell]) < rank(rows_[best])) best = cell;
  }
  if (best == rows_.size()) return std::nullopt;
  Row& row = rows_[best];
  ++row.running;
  row.served += 1.0 / row.weight;
  return slice_of(best, row);
}

Slice Agenda::slice_of(std::size_t cell, Row& row) {
  if (plan_.executions > 0) {
    const std::uint64_t index = row.next;
    row.next += plan_.shards;
    const std::uint64_t first_execution = index * slice_executions_;
    return {.cell = cell,
            .index = index,
            .seed = plan_.seed,
            .first_program = index << slice_program_bits,
            .first_execution = first_execution,
            .executions_max = std::min(slice_executions_, plan_.executions - first_execution)};
  }
  auto lane = std::find_if(row.lanes.begin(), row.lanes.end(), [](const Lane& l) { return !l.busy; });
  if (lane == row.lanes.end()) {
    const std::uint64_t number = plan_.shard - 1 + std::uint64_t{plan_.shards} * row.lanes.size();
    lane = row.lanes.insert(row.lanes.end(), Lane{number, 0, false});
  }
  lane->busy = true;
  return {.cell = cell,
          .index = lane->number,
          .seed = lane_seed(plan_.seed, lane->number),
          .first_program = lane->next_program};
}

void Agenda::finished(const Slice& slice, std::uint64_t programs) {
  Row& row = rows_[slice.cell];
  MQ_ASSERT(row.running > 0);
  --row.running;
  for (Lane& lane : row.lanes) {
    if (lane.number != slice.index) continue;
    lane.busy = false;
    lane.next_program = slice.first_program + programs;
  }
}

void Agenda::cut_after(const Slice& slice) {
  if (plan_.executions == 0) return close(slice.cell);
  rows_[slice.cell].limit = std::min(rows_[slice.cell].limit, slice.index + 1);
}

void Agenda::set_weight(std::size_t cell, unsigned weight) {
  MQ_ASSERT(weight >= 1);
  rows_[cell].weight = weight;
}

void Agenda::close(std::size_t cell) {
  rows_[cell].open = false;
}

bool Agenda::wanted(const Slice& slice) const {
  const Row& row = rows_[slice.cell];
  return row.open && (plan_.executions == 0 || slice.index < row.limit);
}

bool Agenda::settled(std::size_t cell) const {
  return rows_[cell].running == 0 && !has_work(rows_[cell]);
}

}  // namespace mapquake
