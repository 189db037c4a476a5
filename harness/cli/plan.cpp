#include "harness/cli/plan.hpp"

#include "harness/cli/describe.hpp"
#include "harness/cli/given_program.hpp"
#include "harness/cli/selection.hpp"
#include "harness/compile/builder.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake::cli {
namespace {

constexpr std::size_t headings_max = 3;

}  // namespace

Result<Plan> plan_for(const RunArguments& arguments, const Environment& environment, std::string_view command) {
  if (arguments.maps.names_nothing() && arguments.maps.plugins.empty() && !arguments.all) {
    return Error{ExitCode::usage, fmt::format("{}: no map is named", command),
                 fmt::format("Name your own source or plugin (mapquake {} my_map_adapter.cpp), maps with --map, "
                             "programs with --program, or take --all. `mapquake list` shows them.",
                             command)};
  }
  if (const auto known = check_scenarios(arguments.scenarios, environment); !known) return known.error();
  auto maps = select_maps(arguments.maps, environment);
  if (!maps) return maps.error();
  Plan plan{std::move(*maps), {}};
  if (arguments.campaign.program) {
    auto cells = cells_of(*arguments.campaign.program, plan.maps);
    if (!cells) return cells.error();
    plan.cells = std::move(*cells);
    return plan;
  }
  std::vector<std::string> scenarios = arguments.scenarios;
  for (const Scenario* scenario : environment.scenarios) {
    if (arguments.sweep && scenario->sweeps_failures()) scenarios.emplace_back(scenario->name());
  }
  const bool sweeps = (arguments.campaign.hazards & hazard_bit(Hazard::failures)) != 0;
  plan.cells = select_cells(plan.maps, environment.scenarios, scenarios, sweeps);
  if (plan.cells.empty()) {
    return Error{
        ExitCode::usage, "no scenario fits: the maps that are named have other operations, or claim too little",
        "`mapquake list` shows which scenarios a map claims; --scenario NAME runs one that it does not claim."};
  }
  return plan;
}

Result<Plan> built_plan_for(RunArguments& arguments, const Environment& environment, std::string_view command) {
  if (arguments.maps.build.sources.empty()) return plan_for(arguments, environment, command);
  const auto built = environment.build_plugin(arguments.maps.build);
  if (!built) return built.error();
  arguments.maps.plugins.push_back(built->plugin);
  auto plan = plan_for(arguments, environment, command);
  if (!plan && !built->plugin.empty()) return compile::told_of_source(plan.error(), *built, arguments.maps.build);
  return plan;
}

Result<CampaignOptions> campaign_of(const RunArguments& arguments) {
  constexpr std::uint64_t executions_of_each_map = 5'000;
  CampaignOptions campaign = arguments.campaign;
  campaign.expected = arguments.expected;
  if (campaign.expected && campaign.executions == 0) campaign.executions_of_map_min = executions_of_each_map;
  for (const auto& path : arguments.suppressions) {
    const auto loaded = load_suppressions(path);
    if (!loaded) return loaded.error();
    campaign.suppressions.insert(campaign.suppressions.end(), loaded->begin(), loaded->end());
  }
  return campaign;
}

std::string headings(const Plan& plan, const TextStyle& style) {
  std::string text;
  for (const MapInfo& map : plan.maps) {
    if (plan.maps.size() <= headings_max) text += map_heading(map, style);
  }
  text += libraries_text(plan.maps, "note: ", style.width);
  std::string left_out;
  for (std::size_t map = 0; map < plan.maps.size(); ++map) {
    const auto is_of_map = [&](const Cell& cell) { return cell.map == map; };
    if (plan.maps[map].is_program() || std::any_of(plan.cells.begin(), plan.cells.end(), is_of_map)) continue;
    left_out += (left_out.empty() ? "" : ", ") + plan.maps[map].name;
  }
  if (!left_out.empty()) text += reports::wrapped("note: no scenario that is claimed by ", left_out, style.width);
  for (const Cell& cell : plan.cells) {
    if (cell.claimed) continue;
    text += fmt::format("note: {} does not claim what {} asks of it; what is found shows what happens then.\n",
                        plan.maps[cell.map].name, cell.scenario);
  }
  return text;
}

std::string maps_and_programs(const std::vector<MapInfo>& maps) {
  const auto programs = static_cast<std::size_t>(std::ranges::count_if(maps, &MapInfo::is_program));
  std::string text;
  if (programs < maps.size()) text = reports::counted(maps.size() - programs, "map");
  if (programs > 0) text += (text.empty() ? "" : ", ") + reports::counted(programs, "program");
  return text;
}

std::string hazards_text(const Plan& plan, const RunArguments& arguments, const TextStyle& style) {
  const HazardMask chosen = arguments.campaign.hazards;
  if (chosen == hazard_bit(Hazard::as_asked)) return {};
  std::string covers, not_covered;
  for (const Hazard hazard : {Hazard::schedules, Hazard::failures, Hazard::disturbances, Hazard::weak_memory}) {
    const bool wanted = (chosen & hazard_bit(hazard)) != 0;
    const bool fits = std::ranges::any_of(plan.maps, [&](const MapInfo& map) { return applies(hazard, map); });
    std::string& list = wanted && fits ? covers : not_covered;
    list += fmt::format("{}{}", list.empty() ? "" : " · ", wanted && fits ? sentence_for(hazard) : name_of(hazard));
    if (!wanted) list += " (not asked for)";
    if (wanted && !fits)
      list += hazard == Hazard::failures ? " (no guarantee is claimed)" : " (libraries are not instrumented)";
  }
  std::string text = reports::wrapped("covers: ", covers, style.width);
  if (!not_covered.empty()) text += reports::wrapped("not covered: ", not_covered, style.width);
  return text;
}

}  // namespace mapquake::cli
