// The arms of a campaign and what each is to do.
#include "harness/base/rng.hpp"
#include "harness/campaign/board.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace mapquake {
namespace {

/// Most defects need nothing but a schedule, and most of the others are rarer still.
double share_of(Hazard hazard) {
  return hazard == Hazard::schedules ? 3 : 1;
}

/// So that hazards of one cell do not repeat each other's programs; schedules have the seed that the user gave.
std::uint64_t seed_of(std::uint64_t seed, Hazard hazard) {
  if (hazard == Hazard::schedules || hazard == Hazard::as_asked) return seed;
  return mix64(seed + static_cast<unsigned>(hazard));
}

bool sweeps(const Cell& cell) {
  const Scenario* const scenario = find_scenario(cell.scenario);
  return scenario != nullptr && scenario->sweeps_failures();
}

}  // namespace

std::vector<Arm> arms_of(std::span<const MapInfo> maps, std::span<const Cell> cells, HazardMask hazards) {
  std::vector<Arm> arms;
  const auto wanted = [&](Hazard hazard) { return (hazards & hazard_bit(hazard)) != 0; };
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    const std::size_t before = arms.size();
    const bool swept = sweeps(cells[cell]);
    for (unsigned i = 0; i < hazard_count; ++i) {
      const auto hazard = static_cast<Hazard>(i);
      if (!wanted(hazard) || !applies(hazard, maps[cells[cell].map])) continue;
      if (swept && hazard != Hazard::failures && hazard != Hazard::as_asked) continue;
      arms.push_back({cell, hazard});
    }
    // A sweep that was asked for by name sweeps, whatever the hazards.
    if (arms.size() == before) arms.push_back({cell, swept ? Hazard::failures : Hazard::schedules});
  }
  return arms;
}

AgendaPlan plan_of(std::span<const Arm> arms, std::span<const Cell> cells, const CampaignOptions& options) {
  AgendaPlan plan{.arms = {}, .lanes = options.executions == 0, .shard = options.shard, .shards = options.shards};
  const bool per_map = options.executions_of_map_min > 0;
  std::map<std::size_t, double> shares;
  const auto group = [&](const Arm& arm) { return per_map ? cells[arm.cell].map : arm.cell; };
  for (const Arm& arm : arms) shares[group(arm)] += share_of(arm.hazard);
  const std::uint64_t whole = per_map ? options.executions_of_map_min : options.executions;
  std::map<std::size_t, double> given;
  for (const Arm& arm : arms) {
    // Rounded so that the parts add up to the whole.
    double& sum = given[group(arm)];
    const auto upto = [&] {
      return static_cast<std::uint64_t>(std::llround(static_cast<double>(whole) * sum / shares[group(arm)]));
    };
    const std::uint64_t first = upto();
    sum += share_of(arm.hazard);
    plan.arms.push_back({.map = cells[arm.cell].map,
                         .cell = arm.cell,
                         .executions = upto() - first,
                         .seed = seed_of(options.seed, arm.hazard),
                         .weight = share_of(arm.hazard)});
  }
  return plan;
}

}  // namespace mapquake
