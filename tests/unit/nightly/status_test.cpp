#include "harness/nightly/status.hpp"

#include "tests/unit/nightly/stores.hpp"

#include <gtest/gtest.h>

namespace mapquake::nightly {
namespace {

const DefectKey key{"map", "00000000000000aa"};

StoreValue store_with(RunRecord run) {
  StoreValue store;
  StoredDefect defect;
  defect.outcome = Outcome::data_race;
  add(store, key, defect);
  add(store, std::move(run));
  return store;
}

TEST(Status, WhatHasNotRunIsNotClean) {
  RunRecord run = run_of("0000000000000001", 100);
  run.cells[{"map", "rehash"}].hazards["weak-memory"] = 0;
  run.cells[{"other", "mixed"}].hazards["schedules"] = 0;
  run.cells[{"whole", "mixed"}].hazards["schedules"] = 1;
  StoreValue store;
  add(store, run);
  const Status status = status_of(store);
  ASSERT_EQ(status.maps.size(), 3u);
  EXPECT_EQ(status.maps[0].map, "other");
  EXPECT_EQ(status.maps[0].standing, MapStanding::not_run);
  EXPECT_EQ(status.maps[1].map, "map");
  EXPECT_EQ(status.maps[1].standing, MapStanding::partly_run);
  ASSERT_EQ(status.maps[1].not_run.size(), 1u);
  EXPECT_EQ(status.maps[1].not_run[0].hazard, "weak-memory");
  EXPECT_EQ(status.maps[2].standing, MapStanding::nothing_open);
}

TEST(Status, ARunThatWasKilledBeforeItExploredLeavesItsCellsNotRun) {
  RunRecord run;
  run.id = "0000000000000001";
  run.cells[{"map", "mixed"}];
  StoreValue store;
  add(store, run);
  EXPECT_EQ(status_of(store).maps.at(0).standing, MapStanding::not_run);
  add(store, run_of("0000000000000002", 5));
  EXPECT_EQ(status_of(store).maps.at(0).standing, MapStanding::nothing_open);
}

TEST(Status, ADefectIsOpenUntilAReplaySaysOtherwise) {
  RunRecord run = run_of("0000000000000001", 100);
  run.seen[key] = {50, 60, 7};
  EXPECT_EQ(status_of(store_with(run)).defects.at(0).standing, DefectStanding::open);
  EXPECT_EQ(status_of(store_with(run)).maps.at(0).standing, MapStanding::failing);
  run.replayed[key] = {KnownState::fixed, 70};
  const Status fixed = status_of(store_with(run));
  EXPECT_EQ(fixed.defects.at(0).standing, DefectStanding::fixed);
  EXPECT_EQ(fixed.defects.at(0).seen->first_s, 50);
  EXPECT_EQ(fixed.maps.at(0).standing, MapStanding::nothing_open);
  run.seen[key].last_s = 80;
  EXPECT_EQ(status_of(store_with(run)).defects.at(0).standing, DefectStanding::open) << "met again behind the replay";
}

TEST(Status, AFailureThatRunStoredIsOpenThoughNoRunMetIt) {
  StoreValue store;
  add(store, key, {});
  const Status status = status_of(store);
  EXPECT_EQ(status.runs, 0u);
  ASSERT_EQ(status.defects.size(), 1u);
  EXPECT_FALSE(status.defects[0].seen);
  EXPECT_EQ(status.maps.at(0).standing, MapStanding::failing);
}

TEST(Status, TellsWhatTheBuildThatRanLastHasDone) {
  RunRecord old = run_of("0000000000000001", 100), late = run_of("0000000000000002", 5, 2'000'000);
  late.builds["map"] = "fedcba9876543210";
  StoreValue store;
  add(store, old), add(store, late);
  const Status status = status_of(store);
  EXPECT_EQ(status.maps.at(0).executions, 105u);
  EXPECT_EQ(status.maps.at(0).executions_of_build, 5u);
  EXPECT_EQ(status.nights, 2u);
}

}  // namespace
}  // namespace mapquake::nightly
