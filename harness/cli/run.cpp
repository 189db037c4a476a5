#include "harness/campaign/campaign.hpp"
#include "harness/cli/campaign_text.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/display.hpp"
#include "harness/cli/duration.hpp"
#include "harness/cli/formats.hpp"
#include "harness/cli/given_program.hpp"
#include "harness/cli/incidents.hpp"
#include "harness/cli/plan.hpp"
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

std::string opening(const Plan& plan, const CampaignOptions& campaign) {
  std::string bounds;
  if (campaign.executions > 0) bounds += reports::counted(campaign.executions, "execution") + " each";
  if (campaign.executions_of_map_min > 0) {
    bounds += fmt::format("at least {} of each map", reports::counted(campaign.executions_of_map_min, "execution"));
  }
  if (campaign.seconds > 0) bounds += (bounds.empty() ? "" : ", ") + duration_text(campaign.seconds);
  if (campaign.shards > 1) bounds += fmt::format(", shard {} of {}", campaign.shard, campaign.shards);
  return fmt::format("{}, {} of map × scenario, {}, {}, seed {}\n\n", maps_and_programs(plan.maps),
                     reports::counted(plan.cells.size(), "cell"), bounds, reports::counted(campaign.jobs, "job"),
                     campaign.seed);
}

/// The other scenarios that the same defect has shown itself in.
std::string shown_too(const FailureSummary& told, const Plan& plan, const CampaignReport& report) {
  std::string text;
  for (const DefectReport& defect : report.defects) {
    if (plan.maps[defect.map].name != told.map || defect.signature != told.signature) continue;
    for (const CellHits& hits : defect.where) {
      const std::string& scenario = report.cells[hits.cell].cell.scenario;
      if (scenario == told.scenario) continue;
      text += fmt::format("{:<10}in {}: {}\n", text.empty() ? "also" : "", scenario,
                          reports::counted(hits.hits, "execution"));
    }
  }
  return text;
}

std::string text_of(const Plan& plan, const CampaignReport& report, const std::vector<MapVerdict>& verdicts,
                    const Display& display, const RunArguments& arguments, const TextStyle& style) {
  std::string text = defect_table(plan.maps, report, arguments.expected, style);
  text += cell_table(plan.maps, report, all_cells(report), arguments.expected, style);
  text += usage_text(plan.maps, report);
  text += closing_lines(plan.maps, report, verdicts, style);
  std::size_t untold = 0;
  for (const FailureSummary& failure : display.failures()) {
    if (!failure.is_surprise || failure.repeats) continue;
    untold += failure.report.empty();
    if (!failure.report.empty()) text += '\n' + failure.report + shown_too(failure, plan, report);
  }
  for (const std::string& unused : report.unused_suppressions) text += "note: unused suppression: " + unused + '\n';
  for (const Error& stale : report.stale_cases) text += "note: " + stale.what + "; `make cases` refreshes it\n";
  text += refused_keys_text(plan.maps, report);
  if (untold > 0) text += fmt::format("\n{} more: `mapquake explain FILE` shows each.\n", untold);
  return text;
}

}  // namespace

int run(const RunArguments& given, const Environment& environment) {
  if (!given.incidents.empty()) return run_incidents(given, environment);
  RunArguments arguments = given;
  if (const auto taken = take_given_program(arguments); !taken) return report_error(environment, taken.error());
  const auto plan = built_plan_for(arguments, environment, "run");
  if (!plan) return report_error(environment, plan.error());
  if (const auto store = check_store(arguments.campaign.store); !store) return report_error(environment, store.error());
  const TextStyle style{environment.colour, std::max<std::size_t>(environment.columns, 60)};
  const bool document_here = arguments.format != Format::text && arguments.out.empty();
  const auto campaign_or_error = campaign_of(arguments);
  if (!campaign_or_error) return report_error(environment, campaign_or_error.error());
  const CampaignOptions& campaign = *campaign_or_error;
  RunArguments shown = arguments;
  shown.json = arguments.json || document_here;
  if (!shown.json)
    environment.out << headings(*plan, style) << hazards_text(*plan, arguments, style) << opening(*plan, campaign)
                    << std::flush;

  const CampaignServices services = services_of(environment, arguments.limits);
  Display display(plan->maps, shown, environment, Display::Keep::documents);
  const CampaignReport report = run_campaign(plan->maps, plan->cells, campaign, services, display);
  display.finish();

  const auto verdicts = arguments.expected ? judge(plan->maps, report) : std::vector<MapVerdict>{};
  const int code = exit_code_of(report, verdicts);
  const auto text = [&](const TextStyle& with) { return text_of(*plan, report, verdicts, display, arguments, with); };
  const std::string document = summary_document(plan->maps, report, verdicts, display.failures(), code);
  const auto in_format = [&] { return rendered(document, arguments.format, 120); };
  if (!shown.json) environment.out << text(style);
  if (document_here && !arguments.json) environment.out << in_format();
  if (arguments.json) environment.out << summary_line(plan->maps, report, display.failures(), code);
  for (const Error& problem : report.problems) report_error(environment, problem);
  if (const auto kept = write_file_durably(campaign.store / document_name, document); !kept) {
    return report_error(environment, kept.error());
  }
  if (arguments.out.empty()) return code;
  const std::string content = arguments.format != Format::text ? in_format() : text({false, 120});
  const auto written = write_file_durably(arguments.out, content);
  return written ? code : report_error(environment, written.error());
}

}  // namespace mapquake::cli
