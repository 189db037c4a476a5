#include "harness/campaign/cells.hpp"

#include <algorithm>

namespace mapquake {

std::vector<Cell> select_cells(std::span<const MapInfo> maps, std::span<const Scenario* const> scenarios,
                               std::span<const std::string> named, bool sweeps) {
  std::vector<Cell> cells;
  for (std::size_t map = 0; map < maps.size(); ++map) {
    for (const Scenario* scenario : scenarios) {
      const bool is_named = std::find(named.begin(), named.end(), scenario->name()) != named.end();
      if (!named.empty() && !is_named) continue;
      if (named.empty() && scenario->sweeps_failures() && !sweeps) continue;
      if (!scenario->applies(maps[map].operations)) continue;
      const bool claimed = scenario->claimed(maps[map].claims, maps[map].operations);
      if (claimed || is_named) cells.push_back({map, std::string(scenario->name()), claimed});
    }
  }
  return cells;
}

}  // namespace mapquake
