#include "scenarios/registry.hpp"

#include <array>

namespace mapquake {

std::span<const Scenario* const> all_scenarios() {
  static const std::array<const Scenario*, 12> scenarios{
      // The first one says whether adapter and claims fit the map at all.
      &single_thread(),         &mixed_operations(), &read_mostly(),      &iterate_while_writing(),
      &erase_while_iterating(), &ttl_sweep(),        &rehash_pressure(),  &load_spike(),
      &get_or_create(),         &moving_window(),    &allocation_sweep(), &program(),
  };
  return scenarios;
}

const Scenario* find_scenario(std::string_view name) {
  for (const Scenario* scenario : all_scenarios()) {
    if (scenario->name() == name) return scenario;
  }
  return nullptr;
}

}  // namespace mapquake
