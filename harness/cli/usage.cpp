#include "harness/cli/usage.hpp"

#include "reports/slow_calls.hpp"

#include <map>

namespace mapquake::cli {

std::vector<MapUsage> usage_of_maps(const CampaignReport& report) {
  std::map<std::size_t, std::shared_ptr<UsageRecord>> records;
  for (const CellReport& cell : report.cells) {
    if (!cell.usage) continue;
    auto& record = records[cell.cell.map];
    if (!record) record = std::make_shared<UsageRecord>();
    record->merge(*cell.usage);
  }
  std::vector<MapUsage> all;
  for (auto& [map, record] : records) all.push_back({map, std::move(record)});
  return all;
}

std::string usage_text(std::span<const MapInfo> maps, const CampaignReport& report) {
  std::string text;
  for (const MapUsage& usage : usage_of_maps(report)) {
    text += "\nWhat the operations of " + maps[usage.map].name + " used\n" + reports::usage_table(*usage.record);
    text += "\nWhat made its calls slow, in virtual time\n" + reports::slow_calls_table(*usage.record);
  }
  return text;
}

}  // namespace mapquake::cli
