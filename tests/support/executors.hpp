// Maps of built plugins, ready to run.
#pragma once

#include "harness/parent/catalogue.hpp"
#include "tests/support/places.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace mapquake::testing_support {

/// The maps of a plugin file. Throws what the plugin answers if it cannot be read.
inline std::vector<MapInfo> maps_of(const std::filesystem::path& plugin) {
  auto maps = read_plugin(plugin);
  if (!maps) throw std::runtime_error(maps.error().what);
  return *maps;
}

inline MapInfo map_named(const std::filesystem::path& plugin, const std::string& name) {
  for (MapInfo& map : maps_of(plugin)) {
    if (map.name == name) return map;
  }
  throw std::runtime_error(plugin.string() + " has no map " + name);
}

inline std::unique_ptr<Executor> executor_for(const MapInfo& map, const Limits& limits = {}) {
  auto made = make_executor(map, limits);
  if (!made) throw std::runtime_error(made.error().what);
  return std::move(*made);
}

/// "buggy_" or "fixed_" and the plugin's name: the one or the other of the twins in adapters/buggy.
inline MapInfo twin(const std::string& prefix, const char* plugin) {
  return map_named(bundled_plugin(plugin), prefix + plugin);
}

/// The smallest case there is: one thread's insert(1, 10).
inline Case one_insert() {
  Case input;
  input.program.threads = {{{OpKind::insert, 1, 10}}};
  return input;
}

/// The scenario under the mixed strategy; ends after a minute at the latest.
inline ExploreRequest exploring(const char* scenario, std::uint64_t seed, std::uint64_t executions) {
  ExploreRequest request;
  request.scenario = scenario;
  request.seed = seed;
  request.executions_max = executions;
  request.seconds_max = 60;
  return request;
}

}  // namespace mapquake::testing_support
