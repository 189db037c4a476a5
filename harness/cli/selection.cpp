#include "harness/cli/selection.hpp"

#include "harness/cli/suggest.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>

namespace mapquake::cli {
namespace {

enum class Sort : std::uint8_t { map, program };

bool is_of(Sort sort, const MapInfo& map) {
  return map.is_program() == (sort == Sort::program);
}

std::vector<std::string> names_of(const std::vector<MapInfo>& maps, Sort sort) {
  std::vector<std::string> names;
  for (const MapInfo& map : maps) {
    if (is_of(sort, map)) names.push_back(map.name);
  }
  return names;
}

bool is_glob(const std::string& name) {
  return name.find_first_of("*?[") != std::string::npos;
}

bool matches(const std::string& pattern, Sort sort, const MapInfo& map) {
  return is_of(sort, map) && ::fnmatch(pattern.c_str(), map.name.c_str(), 0) == 0;
}

Error unknown_name(const std::string& name, Sort sort, const std::vector<MapInfo>& maps) {
  const bool glob = is_glob(name);
  const std::string_view word = sort == Sort::map ? "map" : "program";
  std::string near = did_you_mean(name, names_of(maps, sort));
  const Sort other = sort == Sort::map ? Sort::program : Sort::map;
  const bool mixed_up = std::ranges::any_of(maps, [&](const MapInfo& map) { return matches(name, other, map); });
  if (mixed_up) near = sort == Sort::map ? "It is a program: --program." : "It is a map: --map.";
  return {ExitCode::usage, fmt::format("{} {}{} \"{}\"", glob ? "no" : "unknown", word, glob ? " matches" : "", name),
          near + (near.empty() ? "" : " ") + "`mapquake list` shows all; --plugin FILE.so adds your own."};
}

/// No name is to be looked for elsewhere: globs are of the plugins, where there are any.
bool names_only(const MapArguments& arguments, const std::vector<MapInfo>& maps) {
  const auto is_there = [&](const std::string& name, Sort sort) {
    return is_glob(name) ||
           std::ranges::any_of(maps, [&](const MapInfo& map) { return is_of(sort, map) && map.name == name; });
  };
  return std::ranges::all_of(arguments.names, [&](const auto& name) { return is_there(name, Sort::map); }) &&
         std::ranges::all_of(arguments.programs, [&](const auto& name) { return is_there(name, Sort::program); });
}

/// Everything there is to choose from. Bundled plugins take their time to read: only where they are needed.
Result<std::vector<MapInfo>> all_maps(const MapArguments& arguments, const Environment& environment) {
  std::vector<MapInfo> maps;
  for (const auto& file : arguments.plugins) {
    auto read = environment.read_plugin(file);
    if (!read) return read.error();
    maps.insert(maps.end(), read->begin(), read->end());
  }
  if (!arguments.plugins.empty() && names_only(arguments, maps)) return maps;
  std::vector<Error> problems;
  std::vector<MapInfo> bundled = environment.bundled_maps(problems);
  if (bundled.empty() && maps.empty() && !problems.empty()) return problems.front();
  for (const Error& problem : problems) report_error(environment, problem);
  for (MapInfo& map : bundled) {
    const auto same = [&](const MapInfo& other) { return other.name == map.name; };
    if (std::none_of(maps.begin(), maps.end(), same)) maps.push_back(std::move(map));
  }
  return maps;
}

}  // namespace

Result<std::vector<MapInfo>> select_maps(const MapArguments& arguments, const Environment& environment) {
  auto all = all_maps(arguments, environment);
  if (!all) return all;
  std::sort(all->begin(), all->end(), [](const MapInfo& a, const MapInfo& b) { return a.name < b.name; });
  if (arguments.names_nothing()) return all;
  const bool plugins = !arguments.plugins.empty();
  const auto means = [plugins](const std::string& pattern, Sort sort, const MapInfo& map) {
    return matches(pattern, sort, map) && !(plugins && is_glob(pattern) && map.bundled);
  };
  const auto patterns_for = [&](Sort sort) { return sort == Sort::map ? arguments.names : arguments.programs; };
  for (const Sort sort : {Sort::map, Sort::program}) {
    for (const std::string& pattern : patterns_for(sort)) {
      const auto fits = [&](const MapInfo& map) { return means(pattern, sort, map); };
      if (std::none_of(all->begin(), all->end(), fits)) return unknown_name(pattern, sort, *all);
    }
  }
  std::vector<MapInfo> chosen;
  for (const MapInfo& map : *all) {
    const Sort sort = map.is_program() ? Sort::program : Sort::map;
    const auto names_it = [&](const std::string& pattern) { return means(pattern, sort, map); };
    if (std::ranges::any_of(patterns_for(sort), names_it)) chosen.push_back(map);
  }
  return chosen;
}

Result<Done> check_scenarios(const std::vector<std::string>& names, const Environment& environment) {
  std::vector<std::string> known;
  for (const Scenario* scenario : environment.scenarios) known.emplace_back(scenario->name());
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = did_you_mean(name, known);
    return Error{ExitCode::usage, fmt::format("unknown scenario \"{}\"", name),
                 near + (near.empty() ? "" : " ") + "`mapquake help scenarios` explains all."};
  }
  return Done{};
}

Result<MapInfo> find_map(const std::string& name, const std::filesystem::path& plugin, const Environment& environment) {
  MapArguments arguments;
  if (!plugin.empty()) arguments.plugins.push_back(plugin);
  const auto maps = all_maps(arguments, environment);
  if (!maps) return maps.error();
  for (const MapInfo& map : *maps) {
    if (map.name == name) return map;
  }
  return Error{ExitCode::bad_input,
               plugin.empty() ? fmt::format("the replay file is of \"{}\", which is not bundled", name)
                              : fmt::format("{} has no map and no program \"{}\"", plugin.string(), name),
               "Name the plugin that has it with --plugin FILE.so."};
}

}  // namespace mapquake::cli
