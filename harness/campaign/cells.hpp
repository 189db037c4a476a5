// A cell is one map under one scenario: the unit that gets a verdict.
#pragma once

#include "harness/case/map_info.hpp"
#include "scenarios/scenario.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace mapquake {

struct Cell {
  std::size_t map = 0;  ///< index into the campaign's maps
  std::string scenario;
  bool claimed = true;  ///< false: the map does not claim what the scenario asks, the user named it all the same
};

/// Every map under every scenario that can make programs of its operations and that it claims. A scenario listed in
/// `named` is run whether claimed or not; an empty `named` means all, with those that sweep failures only if `sweeps`.
/// Map by map, scenarios in the given order.
std::vector<Cell> select_cells(std::span<const MapInfo> maps, std::span<const Scenario* const> scenarios,
                               std::span<const std::string> named, bool sweeps);

}  // namespace mapquake
