// --figures: what the operations of each map used, over all its scenarios.
#pragma once

#include "harness/campaign/report.hpp"
#include "reports/usage.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mapquake::cli {

struct MapUsage {
  std::size_t map = 0;
  std::shared_ptr<const UsageRecord> record;
};
/// Of the maps that have run; none where nobody asked for it.
std::vector<MapUsage> usage_of_maps(const CampaignReport& report);

/// A table for each of them; empty where there are none.
std::string usage_text(std::span<const MapInfo> maps, const CampaignReport& report);

}  // namespace mapquake::cli
