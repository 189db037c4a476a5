#include "harness/cli/phase_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

MapInfo shared_map(std::string name) {
  MapInfo map;
  map.name = std::move(name);
  map.claims.concurrent_use = ConcurrentUse::all_operations;
  map.claims.exclusive_operations = op_bit(OpKind::clear);
  return map;
}

PhaseRecord growing(std::uint64_t executions, std::uint64_t grown) {
  PhaseRecord record{.executions = executions,
                     .called = op_bit(OpKind::insert) | op_bit(OpKind::erase) | op_bit(OpKind::clear)};
  auto& growth = record.phases[static_cast<std::size_t>(MapPhase::growth)];
  growth.executions = growth.calls = grown;
  if (grown > 0) growth.beside[static_cast<std::size_t>(OpKind::insert)] = 1;
  return record;
}

std::string told(const std::vector<PhaseRecord>& records) {
  std::vector<MapInfo> maps;
  CampaignReport report;
  for (const PhaseRecord& record : records) {
    CellReport cell;
    cell.cell.map = maps.size();
    cell.phases = record;
    report.cells.push_back(cell);
    maps.push_back(shared_map("map" + std::to_string(maps.size())));
  }
  return phases_text(maps, report);
}

TEST(PhaseText, TellsWhatNeverMetAGrowthAmongWhatMay) {
  EXPECT_EQ(told({growing(1000, 2)}),
            "Growth: map0 grew in 0.2 % of 1,000 executions, no fault in it; never met by erase.\n");
}

TEST(PhaseText, TellsOfAMapThatNeverGrew) {
  EXPECT_EQ(told({growing(1000, 0)}), "Growth: map0 never grew in 1,000 executions.\n");
}

TEST(PhaseText, TellsFaultsAndThatAllMetIt) {
  PhaseRecord record = growing(1000, 500);
  auto& growth = record.phases[static_cast<std::size_t>(MapPhase::growth)];
  growth.faults = 1200;
  growth.beside[static_cast<std::size_t>(OpKind::erase)] = 3;
  EXPECT_EQ(told({record}),
            "Growth: map0 grew in 50 % of 1,000 executions, 1,200 with a fault in it; every operation met it.\n");
}

TEST(PhaseText, UnknownTablesAreNotTold) {
  EXPECT_EQ(told({PhaseRecord{}}), "");
}

TEST(PhaseText, CellsOfAMapAreTakenTogetherAndManyMapsAreOneLine) {
  std::vector<PhaseRecord> records(6, growing(1000, 0));
  records[0] = growing(1000, 2);
  EXPECT_EQ(told(records),
            "Growth: 1 of 6 maps with tables grew (not map1, map2, map3 and 2 more); 1 of 12 operations met it.\n");
}

TEST(PhaseText, OfAMapThatNobodyMayShareNothingIsAwaited) {
  std::vector<MapInfo> maps{shared_map("alone")};
  maps[0].claims.concurrent_use = ConcurrentUse::none;
  CampaignReport report;
  report.cells.resize(2);
  report.cells[0].phases = report.cells[1].phases = growing(1000, 100);
  EXPECT_THAT(phases_text(maps, report),
              AllOf(HasSubstr("alone grew in 10 % of 2,000 executions"), Not(HasSubstr("met"))));
}

}  // namespace
}  // namespace mapquake::cli
