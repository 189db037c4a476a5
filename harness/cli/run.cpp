#include "harness/campaign/campaign.hpp"
#include "harness/case/fault_names.hpp"
#include "harness/cli/campaign_text.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/display.hpp"
#include "harness/cli/duration.hpp"
#include "harness/cli/incidents.hpp"
#include "harness/cli/selection.hpp"
#include "harness/cli/summary.hpp"
#include "harness/cli/usage.hpp"
#include "harness/store/fsio.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <span>

namespace mapquake::cli {
namespace {

constexpr std::size_t headings_max = 3;

/// What is to be done, once everything the user named is known to exist.
struct Plan {
  std::vector<MapInfo> maps;
  std::vector<Cell> cells;
};

Result<Plan> plan_for(const RunArguments& arguments, const Environment& environment) {
  if (arguments.maps.names_nothing() && arguments.maps.plugins.empty() && !arguments.all) {
    return Error{
        ExitCode::usage, "run: no map is named",
        "Name maps with --map, programs with --program, your own with --plugin FILE.so, or take --all. `mapquake "
        "list` shows them."};
  }
  if (const auto known = check_scenarios(arguments.scenarios, environment); !known) return known.error();
  auto maps = select_maps(arguments.maps, environment);
  if (!maps) return maps.error();
  Plan plan{std::move(*maps), {}};
  std::vector<std::string> scenarios = arguments.scenarios;
  for (const Scenario* scenario : environment.scenarios) {
    if (arguments.sweep && scenario->sweeps_failures()) scenarios.emplace_back(scenario->name());
  }
  plan.cells = select_cells(plan.maps, environment.scenarios, scenarios);
  if (plan.cells.empty()) {
    return Error{
        ExitCode::usage, "no scenario fits: the maps that are named have other operations, or claim too little",
        "`mapquake list` shows which scenarios a map claims; --scenario NAME runs one that it does not claim."};
  }
  return plan;
}

std::string headings(const Plan& plan, const TextStyle& style) {
  std::string text;
  for (const MapInfo& map : plan.maps) {
    if (plan.maps.size() <= headings_max) text += map_heading(map, style);
  }
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

std::string opening(const Plan& plan, const RunArguments& arguments) {
  const CampaignOptions& campaign = arguments.campaign;
  std::string bounds;
  if (campaign.executions > 0) bounds += reports::counted(campaign.executions, "execution") + " each";
  if (campaign.seconds > 0) bounds += (bounds.empty() ? "" : ", ") + duration_text(campaign.seconds);
  if (campaign.shards > 1) bounds += fmt::format(", shard {} of {}", campaign.shard, campaign.shards);
  return fmt::format("{}, {} of map × scenario, {}, {}, seed {}\n\n", maps_and_programs(plan.maps),
                     reports::counted(plan.cells.size(), "cell"), bounds, reports::counted(campaign.jobs, "job"),
                     campaign.seed);
}

/// The other scenarios that the same defect has shown itself in.
std::string shown_too(const FailureSummary& told, std::span<const FailureSummary> failures) {
  std::string text;
  for (const FailureSummary& other : failures) {
    if (!other.repeats || other.map != told.map || other.signature != told.signature) continue;
    text += fmt::format("{:<10}in {}: {}\n", text.empty() ? "also" : "", other.scenario, other.path);
  }
  return text;
}

/// What maps guarantee when memory runs out, if this campaign of all that they claim has never let it run out.
std::string untested_text(const Plan& plan, const RunArguments& arguments) {
  const bool injects = (arguments.campaign.fault_mask & fault_bit(ChoiceKind::alloc_fail)) != 0;
  if (injects || arguments.sweep || arguments.expected || !arguments.scenarios.empty()) return {};
  const auto promises = [](const MapInfo& map) {
    return !map.is_program() && map.claims.on_bad_alloc != ExceptionGuarantee::none;
  };
  const auto count = std::ranges::count_if(plan.maps, promises);
  if (count == 0) return {};
  const std::string who = count == 1 ? std::ranges::find_if(plan.maps, promises)->name : fmt::format("{} maps", count);
  return fmt::format(
      "Not tested: what {} guarantee{} when memory runs out; --sweep lets every allocation fail in turn.\n", who,
      count == 1 ? "s" : "");
}

std::string text_of(const Plan& plan, const CampaignReport& report, const std::vector<MapVerdict>& verdicts,
                    const Display& display, const RunArguments& arguments, const TextStyle& style) {
  std::string text = cell_table(plan.maps, report, all_cells(report), arguments.expected, style);
  text += usage_text(plan.maps, report);
  text += closing_lines(plan.maps, report, verdicts, style);
  if (report.failures == 0 && report.signal == 0) text += untested_text(plan, arguments);
  std::size_t untold = 0;
  for (const FailureSummary& failure : display.failures()) {
    if (!failure.is_surprise || failure.repeats) continue;
    untold += failure.report.empty();
    if (!failure.report.empty()) text += '\n' + failure.report + shown_too(failure, display.failures());
  }
  if (untold > 0) text += fmt::format("\n{} more: `mapquake explain FILE` shows each.\n", untold);
  return text;
}

}  // namespace

int run(const RunArguments& arguments, const Environment& environment) {
  if (!arguments.incidents.empty()) return run_incidents(arguments, environment);
  auto plan = plan_for(arguments, environment);
  if (!plan) return report_error(environment, plan.error());
  if (const auto store = check_store(arguments.campaign.store); !store) return report_error(environment, store.error());
  const TextStyle style{environment.colour, std::max<std::size_t>(environment.columns, 60)};
  const bool document_here = arguments.format == Format::json && arguments.out.empty();
  RunArguments shown = arguments;
  shown.json = arguments.json || document_here;
  if (!shown.json) environment.out << headings(*plan, style) << opening(*plan, arguments) << std::flush;

  CampaignOptions campaign = arguments.campaign;
  campaign.faults_as_expected = arguments.expected && campaign.fault_mask == 0;
  campaign.faults_for_expected = fault::all_faults();
  campaign.memory_model_as_expected = arguments.expected;
  const CampaignServices services = services_of(environment, arguments.limits);
  for (Cell& cell : plan->cells) cell.awaited = arguments.expected && !plan->maps[cell.map].expected_outcomes.empty();
  Display display(plan->maps, shown, environment);
  const CampaignReport report = run_campaign(plan->maps, plan->cells, campaign, services, display);
  display.finish();

  const auto verdicts = arguments.expected ? judge(plan->maps, report) : std::vector<MapVerdict>{};
  const int code = exit_code_of(report, verdicts);
  const auto text = [&](const TextStyle& with) { return text_of(*plan, report, verdicts, display, arguments, with); };
  const auto document = [&] { return summary_document(plan->maps, report, verdicts, display.failures(), code); };
  if (!shown.json) environment.out << text(style);
  if (document_here && !arguments.json) environment.out << document();
  if (arguments.json) environment.out << summary_line(plan->maps, report, display.failures(), code);
  for (const Error& problem : report.problems) report_error(environment, problem);
  if (arguments.out.empty()) return code;
  const std::string content = arguments.format == Format::json ? document() : text({false, 120});
  const auto written = write_file_durably(arguments.out, content);
  return written ? code : report_error(environment, written.error());
}

}  // namespace mapquake::cli
