#include "harness/campaign/equivalent.hpp"
#include "harness/campaign/moved_places.hpp"

#include "tests/unit/campaign/fake_executor.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing::FakeBehaviour;
using testing::FakeExecutor;

const SiteFunction site = testing::fake_site;

ReplayFile written_file() {
  FakeExecutor executor({});
  const Case failing = executor.failing_case();
  return replay_file_of(failing.program, executor.execute(failing, true), testing::fake_map("fake"), "mixed", site);
}

Reproduction reproduced(const ReplayFile& file, FakeBehaviour behaviour) {
  FakeExecutor executor(std::move(behaviour));
  const auto resolution = resolve_choices(file, executor, site, true);
  EXPECT_TRUE(resolution);
  return reproduce(file, *resolution, executor, site);
}

TEST(Equivalent, IsNotLookedForWhereEveryChoiceIsFoundAndFails) {
  const Reproduction told = reproduced(written_file(), {.added_events = 3});
  EXPECT_EQ(told.how, Reproduced::exact);
  EXPECT_EQ(told.executions, 0u);
}

TEST(Equivalent, TheClosestEventWillDoWhereItFailsAlike) {
  ReplayFile file = written_file();
  file.choices[0].place = "renamed_map.hpp:120";
  const Reproduction told = reproduced(file, {});
  EXPECT_EQ(told.how, Reproduced::equivalent);
  EXPECT_EQ(told.executions, 0u);
}

TEST(Equivalent, AnotherScheduleOfTheProgramIsFoundWhereTheClosestIsClean) {
  ReplayFile file = written_file();
  file.choices[0].event = "fence";
  file.choices[0].place = "fake_map.hpp:30";
  file.choices[0].step = 3;
  const Reproduction told = reproduced(file, {.added_events = 2});
  EXPECT_EQ(told.how, Reproduced::equivalent);
  EXPECT_GT(told.executions, 0u);
  FakeExecutor same_build({.added_events = 2});
  EXPECT_EQ(told.choices, same_build.failing_case().choices);
}

TEST(Equivalent, LinesOfOneFileMoveTogether) {
  ReplayFile file = written_file();
  file.choices[0].step = 0;
  // The closest line is that of the added loads, 11 lines up; the load that the file means is ten down.
  file.choices[0].event = name_of(EventKind::atomic_load);
  file.choices[0].place = "old_map.hpp:20";
  FakeExecutor executor({.added_events = 1});
  const Trace trace = executor.execute({file.program, {}}, true).trace;
  const auto moved = with_places_moved(file, trace, site);
  ASSERT_EQ(moved.size(), 2u);
  EXPECT_EQ(moved[0].choices[0].place, "fake_map.hpp:10");
  EXPECT_EQ(moved[1].choices[0].place, "fake_map.hpp:9");
}

TEST(Equivalent, ARepairedMapHasNone) {
  for (const char* const place : {"fake_map.hpp:20", "renamed_map.hpp:120"}) {
    ReplayFile file = written_file();
    file.choices[0].place = place;
    const Reproduction told = reproduced(file, {.repaired = true});
    EXPECT_EQ(told.how, Reproduced::no) << place;
    EXPECT_EQ(told.nearest.outcome, Outcome::clean) << place;
    EXPECT_GT(told.executions, 0u) << place;
  }
}

TEST(Equivalent, AnotherLabelIsAnotherFailure) {
  ReplayFile file = written_file();
  file.label = "stale value";
  EXPECT_EQ(reproduced(file, {}).how, Reproduced::no);
}

}  // namespace
}  // namespace mapquake
