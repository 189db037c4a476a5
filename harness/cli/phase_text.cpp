#include "harness/cli/phase_text.hpp"

#include "harness/cli/describe.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <bit>
#include <map>

namespace mapquake::cli {
namespace {

using reports::counted;
using reports::grouped;

constexpr std::size_t maps_told_max = 3;

/// "12 %", "0.24 %"
std::string percent(std::uint64_t part, std::uint64_t whole) {
  const double share = whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
  return share >= 1 ? fmt::format("{:.0f} %", share) : fmt::format("{:.2g} %", share);
}

/// Operations that programs called and that may run beside a growth.
OpMask awaited(const MapInfo& map, const PhaseRecord& record) {
  if (map.claims.concurrent_use != ConcurrentUse::all_operations) return 0;
  return record.called & ~map.claims.exclusive_operations;
}

OpMask met(const PhaseRecord::Met& phase) {
  OpMask mask = 0;
  for (unsigned kind = 0; kind < op_kind_count; ++kind) {
    if (phase.beside[kind] > 0) mask |= op_bit(static_cast<OpKind>(kind));
  }
  return mask;
}

std::string line_for(const MapInfo& map, const PhaseRecord& record, MapPhase phase) {
  const bool grows = phase == MapPhase::growth;
  const PhaseRecord::Met& seen = record.of(phase);
  const std::string_view heading = grows ? "Growth" : "Shrinking";
  const std::string_view did = grows ? "grew" : "moved into another table while it shrank";
  if (seen.executions == 0) {
    return grows ? fmt::format("{}: {} never {} in {}.\n", heading, map.name, did,
                               counted(record.executions, "execution"))
                 : std::string();
  }
  std::string text = fmt::format("{}: {} {} in {} of {}", heading, map.name, did,
                                 percent(seen.executions, record.executions), counted(record.executions, "execution"));
  text += seen.faults == 0 ? ", no fault in it" : fmt::format(", {} with a fault in it", grouped(seen.faults));
  const OpMask wanted = awaited(map, record);
  const OpMask missing = wanted & ~met(seen);
  if (missing != 0) {
    text += "; never met by " + operations_text(missing, ", ");
  } else if (wanted != 0) {
    text += "; every operation met it";
  }
  return text + ".\n";
}

std::string line_for_all(std::span<const MapInfo> maps, const std::map<std::size_t, PhaseRecord>& records) {
  std::string never;
  std::size_t never_count = 0;
  int met_count = 0, wanted_count = 0;
  for (const auto& [map, record] : records) {
    const PhaseRecord::Met& growth = record.of(MapPhase::growth);
    const OpMask wanted = awaited(maps[map], record);
    wanted_count += std::popcount(wanted);
    met_count += std::popcount(wanted & met(growth));
    if (growth.executions > 0) continue;
    if (never_count++ < maps_told_max) never += (never.empty() ? "" : ", ") + maps[map].name;
  }
  if (never_count > maps_told_max) never += fmt::format(" and {} more", never_count - maps_told_max);
  return fmt::format("Growth: {} of {} maps with tables grew{}; {} of {} operations met it.\n",
                     records.size() - never_count, records.size(),
                     never.empty() ? std::string() : fmt::format(" (not {})", never), met_count, wanted_count);
}

}  // namespace

std::string phases_text(std::span<const MapInfo> maps, const CampaignReport& report) {
  std::map<std::size_t, PhaseRecord> records;
  for (const CellReport& cell : report.cells) {
    if (cell.phases.executions > 0) records[cell.cell.map].merge(cell.phases);
  }
  if (records.empty()) return {};
  if (records.size() > maps_told_max) return line_for_all(maps, records);
  std::string text;
  for (const auto& [map, record] : records) {
    text += line_for(maps[map], record, MapPhase::growth) + line_for(maps[map], record, MapPhase::shrinking);
  }
  return text;
}

}  // namespace mapquake::cli
