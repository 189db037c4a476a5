#include "harness/cli/commands.hpp"
#include "harness/cli/fuzz_text.hpp"
#include "harness/cli/plan.hpp"

#include <algorithm>
#include <ostream>

namespace mapquake::cli {

int fuzz(const FuzzArguments& given, const Environment& environment) {
  RunArguments arguments = given.run;
  const auto plan = built_plan_for(arguments, environment, "fuzz");
  if (!plan) return report_error(environment, plan.error());
  if (const auto store = check_store(arguments.campaign.store); !store) return report_error(environment, store.error());
  const auto campaign = campaign_of(arguments);
  if (!campaign) return report_error(environment, campaign.error());
  nightly::FuzzOptions options{.campaign = *campaign, .limits = {given.executions_max, given.quiet_seconds}};
  options.canaries = nightly::bundled_canaries();
  options.canary_tries = given.canary_tries.value_or(nightly::canary_tries_for(campaign->seconds));
  std::vector<Error> unused_problems;  // of bundled maps that nobody asked for
  std::vector<MapInfo> bundled;
  if (options.canary_tries > 0) bundled = environment.bundled_maps(unused_problems);
  // Every night adds to the last: what one does not get to, another does.
  options.campaign.executions_of_map_min = 0;

  const TextStyle style{environment.colour, std::max<std::size_t>(environment.columns, 60)};
  if (!arguments.json) environment.out << headings(*plan, style) << hazards_text(*plan, arguments, style);
  FuzzDisplay display(plan->maps, arguments, environment);
  const auto report =
      nightly::fuzz(plan->maps, plan->cells, options, services_of(environment, arguments.limits), display, bundled);
  if (!report) return report_error(environment, report.error());
  display.finish(*report);
  const auto verdicts = arguments.expected ? judge(plan->maps, report->campaign) : std::vector<MapVerdict>{};
  const int code = report->exit_code(plan->maps, verdicts);
  environment.out << (arguments.json ? night_json(*report, display.failures(), code)
                                     : night_text(plan->maps, *report, display.failures(), verdicts, arguments, style));
  return code;
}

}  // namespace mapquake::cli
