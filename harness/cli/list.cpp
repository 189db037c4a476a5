#include "harness/cli/commands.hpp"
#include "harness/cli/describe.hpp"
#include "harness/cli/selection.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

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
            {"on_bad_alloc", name_of(map.claims.on_bad_alloc)},
            {"progress", name_of(map.claims.progress)},
            {"linearizable", map.claims.linearizable},
            {"citation", map.citation}}},
          {"expected_outcomes", map.expected_outcomes},
          {"scenarios", scenarios_for(map, environment)},
          {"source", fmt::format("{}:{}", map.source_file, map.source_line)}};
}

std::string json_text(const std::vector<MapInfo>& maps, const Environment& environment) {
  ordered_json json{
      {"maps", ordered_json::array()}, {"scenarios", ordered_json::array()}, {"strategies", ordered_json::array()}};
  for (const MapInfo& map : maps) json["maps"].push_back(map_json(map, environment));
  for (const Scenario* scenario : environment.scenarios) {
    json["scenarios"].push_back({{"name", scenario->name()}, {"about", scenario->about()}});
  }
  for (const StrategyInfo& strategy : strategies()) {
    json["strategies"].push_back({{"name", strategy.name}, {"about", strategy.about}});
  }
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

std::string map_text(const MapInfo& map, std::size_t name_width, const Environment& environment) {
  const std::string indent(name_width + 4, ' ');
  std::string text = "  " + reports::padded(map.name, name_width) + "  " + (map.about.empty() ? "" : map.about) + '\n';
  text += reports::wrapped(indent + "claims: ", claims_text(map.claims), environment.columns);
  text += reports::wrapped(indent + "operations: ", operations_text(map.operations), environment.columns);
  std::string scenarios;
  for (const std::string& name : scenarios_for(map, environment)) scenarios += (scenarios.empty() ? "" : " ") + name;
  text += reports::wrapped(indent + "scenarios: ", scenarios.empty() ? "none that it claims" : scenarios,
                           environment.columns);
  return text + indent + "expected: " + expectation_text(map) + '\n';
}

}  // namespace

int list(const ListArguments& arguments, const Environment& environment) {
  const auto maps = select_maps(arguments.maps, environment);
  if (!maps) return report_error(environment, maps.error());
  if (arguments.json) {
    environment.out << json_text(*maps, environment);
    return static_cast<int>(ExitCode::clean);
  }
  std::size_t width = 0;
  for (const MapInfo& map : *maps) width = std::max(width, map.name.size());
  for (const Scenario* scenario : environment.scenarios) width = std::max(width, scenario->name().size());
  environment.out << "Maps\n";
  for (const MapInfo& map : *maps) environment.out << map_text(map, width, environment);
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
  return static_cast<int>(ExitCode::clean);
}

}  // namespace mapquake::cli
