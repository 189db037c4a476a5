// What met the maps' growth and shrinking, and what never did. Pure functions.
#pragma once

#include "harness/campaign/report.hpp"

#include <span>
#include <string>

namespace mapquake::cli {

/// Of up to three maps, a line for each phase: how often it ran, and which operations, among those that claim to run
/// beside others, never met it. Of more, one line. Empty where of no map anything is known.
std::string phases_text(std::span<const MapInfo> maps, const CampaignReport& report);

}  // namespace mapquake::cli
