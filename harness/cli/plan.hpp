// From the arguments of `run` and `fuzz` to what is to be done, and how that is told before it begins.
#pragma once

#include "harness/cli/arguments.hpp"
#include "harness/cli/campaign_text.hpp"
#include "harness/cli/environment.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mapquake::cli {

/// What is to be done, once everything the user named is known to exist.
struct Plan {
  std::vector<MapInfo> maps;
  std::vector<Cell> cells;
};

/// `command` is the one that asks. Errors: usage where nothing is named, a name is unknown, or no scenario fits; those
/// of select_maps.
Result<Plan> plan_for(const RunArguments& arguments, const Environment& environment, std::string_view command);

/// The same of sources (`run FILE.cpp`), too: builds them first and adds the plugin to `arguments`. Errors: those of
/// the build besides; what is wrong with the plugin is told of its source.
Result<Plan> built_plan_for(RunArguments& arguments, const Environment& environment, std::string_view command);

/// The campaign's options, suppressions read. Judged by expectation, what each map must do does not depend on the
/// machine. Errors: those of load_suppressions.
Result<CampaignOptions> campaign_of(const RunArguments& arguments);

/// The maps where they are few, and what is left out or run beyond its claims.
std::string headings(const Plan& plan, const TextStyle& style);

/// "2 maps, 1 program"
std::string maps_and_programs(const std::vector<MapInfo>& maps);

/// Which hazards are met, and which not and why.
std::string hazards_text(const Plan& plan, const RunArguments& arguments, const TextStyle& style);

}  // namespace mapquake::cli
