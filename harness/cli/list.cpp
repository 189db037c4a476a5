#include "harness/case/fault_names.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/describe.hpp"
#include "harness/cli/incidents.hpp"
#include "harness/cli/selection.hpp"
#include "reports/json_text.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

namespace mapquake::cli {
namespace {

using nlohmann::ordered_json;

std::vector<std::string> scenarios_for(const MapInfo& map, const Environment& environment) {
  std::vector<std::string> names;
  for (const Scenario* scenario : environment.scenarios) {
    if (scenario->applies(map.operations) && scenario->claimed(map.claims, map.operations)) {
      names.emplace_back(scenario->name());
    }
  }
  return names;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

ordered_json map_json(const MapInfo& map, const Environment& environment) {
  return {{"name", map.name},
          {"about", map.about},
          {"plugin", map.plugin.string()},
          {"bundled", map.bundled},
          {"operations", words_of(operations_text(map.operations))},
          {"claims",
           {{"concurrent_use", name_of(map.claims.concurrent_use)},
            {"iteration", name_of(map.claims.iteration)},
            {"size", name_of(map.claims.size)},
            {"bounds", name_of(map.claims.bounds)},
            {"find_all", name_of(map.claims.find_all)},
            {"transactions", name_of(map.claims.transactions)},
            {"beside_cursors", words_of(operations_text(map.claims.beside_cursors))},
            {"on_bad_alloc", name_of(map.claims.on_bad_alloc)},
            {"progress", name_of(map.claims.progress)},
            {"linearizable", map.claims.linearizable},
            {"may_miss", name_of(map.claims.may_miss)},
            {"retention", name_of(map.claims.retention)},
            {"capacity", map.claims.capacity},
            {"ttl_ms", map.claims.ttl_ms},
            {"budgets", words_of(map.budgets)},
            {"citation", map.citation}}},
          {"unseen_libraries", map.unseen_libraries},
          {"expected_outcomes", map.expected_outcomes},
          {"expected_minimum",
           {{"threads", map.expected.threads},
            {"operations", map.expected.operations},
            {"preemptions", map.expected.preemptions},
            {"faults", map.expected.faults}}},
          {"expected_memory_model", map.expected.memory_model == MemoryModel::c11 ? "c11" : "sc"},
          {"scenarios", scenarios_for(map, environment)},
          {"source", fmt::format("{}:{}", map.source_file, map.source_line)}};
}

ordered_json program_json(const MapInfo& map) {
  return {{"name", map.name},
          {"about", map.about},
          {"plugin", map.plugin.string()},
          {"bundled", map.bundled},
          {"expected_outcomes", map.expected_outcomes},
          {"source", fmt::format("{}:{}", map.source_file, map.source_line)}};
}

std::string json_text(const std::vector<MapInfo>& maps, const Environment& environment) {
  ordered_json json{{"maps", ordered_json::array()},
                    {"programs", ordered_json::array()},
                    {"scenarios", ordered_json::array()},
                    {"strategies", ordered_json::array()}};
  for (const MapInfo& map : maps) {
    if (map.is_program()) json["programs"].push_back(program_json(map));
    if (!map.is_program()) json["maps"].push_back(map_json(map, environment));
  }
  for (const Scenario* scenario : environment.scenarios) {
    json["scenarios"].push_back({{"name", scenario->name()}, {"about", scenario->about()}});
  }
  for (const StrategyInfo& strategy : strategies()) {
    json["strategies"].push_back({{"name", strategy.name}, {"about", strategy.about}});
  }
  return reports::dumped(json, 2);
}

std::string map_text(const MapInfo& map, std::size_t name_width, const Environment& environment) {
  const std::string indent(name_width + 4, ' ');
  std::string text = "  " + reports::padded(map.name, name_width) + "  " + (map.about.empty() ? "" : map.about) + '\n';
  text += reports::wrapped(indent + "claims: ", claims_text(map), environment.columns);
  text += reports::wrapped(indent + "operations: ", operations_text(map.operations), environment.columns);
  const std::string idle = idle_claims_text(map);
  if (!idle.empty())
    text += reports::wrapped(indent + "claimed without such an operation: ", idle, environment.columns);
  std::string scenarios;
  for (const std::string& name : scenarios_for(map, environment)) scenarios += (scenarios.empty() ? "" : " ") + name;
  text += reports::wrapped(indent + "scenarios: ", scenarios.empty() ? "none that it claims" : scenarios,
                           environment.columns);
  return text + indent + "expected: " + expectation_text(map) + '\n';
}

/// Every map is run for a moment: a point exists once map code has reached it.
Result<std::vector<std::string>> declared_points(const MapInfo& map, const Environment& environment) {
  auto executor = environment.make_executor(map, Limits{});
  if (!executor) return executor.error();
  std::vector<std::string> points;
  for (const Scenario* scenario : environment.scenarios) {
    if (!scenario->applies(map.operations) || !scenario->claimed(map.claims, map.operations)) continue;
    ExploreRequest request;
    request.scenario = scenario->name();
    request.seed = 1;
    request.executions_max = 500;
    request.seconds_max = 0.2;
    ExploreProgress progress;
    std::istringstream lines((*executor)->explore(request, progress).declared_points);
    for (std::string line; std::getline(lines, line);) points.push_back(line);
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

int list_faults(const std::vector<MapInfo>& maps, const ListArguments& arguments, const Environment& environment) {
  ordered_json json{{"faults", ordered_json::array()}, {"declared", ordered_json::object()}};
  std::string text = "Faults\n";
  for (const fault::FaultName& name : fault::fault_names()) {
    json["faults"].push_back({{"name", name.name}, {"about", name.about}});
    const std::string heading = "  " + reports::padded(std::string(name.name), 10);
    text += reports::wrapped(heading, std::string(name.about), environment.columns);
  }
  text += "\nPoints that maps declare (--faults declared)\n";
  bool any = false;
  for (const MapInfo& map : maps) {
    const auto points = declared_points(map, environment);
    if (!points) return report_error(environment, points.error());
    for (const std::string& point : *points) {
      any = true;
      json["declared"][map.name].push_back(point);
      text += "  " + map.name + "  " + point + '\n';
    }
  }
  if (!any) text += "  none was met\n";
  environment.out << (arguments.json ? reports::dumped(json, 2) : text);
  return static_cast<int>(ExitCode::clean);
}

}  // namespace

int list(const ListArguments& arguments, const Environment& environment) {
  if (arguments.incidents) return list_incidents(arguments, environment);
  const auto maps = select_maps(arguments.maps, environment);
  if (!maps) return report_error(environment, maps.error());
  if (arguments.faults) return list_faults(*maps, arguments, environment);
  if (arguments.json) {
    environment.out << json_text(*maps, environment);
    return static_cast<int>(ExitCode::clean);
  }
  std::size_t width = 0;
  for (const MapInfo& map : *maps) width = std::max(width, map.name.size());
  for (const Scenario* scenario : environment.scenarios) width = std::max(width, scenario->name().size());
  const auto programs = std::ranges::count_if(*maps, &MapInfo::is_program);
  if (static_cast<std::size_t>(programs) < maps->size()) environment.out << "Maps\n";
  for (const MapInfo& map : *maps) {
    if (!map.is_program()) environment.out << map_text(map, width, environment);
  }
  if (programs > 0)
    environment.out << (static_cast<std::size_t>(programs) < maps->size() ? "\nPrograms\n" : "Programs\n");
  for (const MapInfo& map : *maps) {
    if (!map.is_program()) continue;
    const std::string name = "  " + reports::padded(map.name, width) + "  ";
    environment.out << reports::wrapped(name, program_text(map) + " · " + expectation_text(map), environment.columns);
  }
  const std::string libraries = libraries_text(*maps, "  ", environment.columns);
  if (!libraries.empty()) environment.out << "\nLibraries\n" << libraries;
  environment.out << "\nScenarios\n";
  for (const Scenario* scenario : environment.scenarios) {
    const std::string name = "  " + reports::padded(std::string(scenario->name()), width) + "  ";
    environment.out << reports::wrapped(name, scenario->about(), environment.columns);
  }
  environment.out << "\nStrategies\n";
  for (const StrategyInfo& strategy : strategies()) {
    const std::string name = "  " + reports::padded(std::string(strategy.name), width) + "  ";
    environment.out << reports::wrapped(name, strategy.about, environment.columns);
  }
  environment.out << "\nIncidents I1 to I29: `mapquake list --incidents`\n";
  return static_cast<int>(ExitCode::clean);
}

}  // namespace mapquake::cli
