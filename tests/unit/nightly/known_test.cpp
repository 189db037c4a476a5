// Known failures on the same build, on others, and on a map that was repaired.
#include "harness/nightly/known.hpp"

#include "harness/campaign/finding.hpp"
#include "tests/unit/campaign/fake_executor.hpp"

#include <gtest/gtest.h>

namespace mapquake::nightly {
namespace {

using testing::FakeBehaviour;
using testing::FakeExecutor;

class KnownTest : public ::testing::Test {
 protected:
  KnownTest() {
    FakeExecutor executor(FakeBehaviour{});
    const Case failing = executor.failing_case();
    file_ = replay_file_of(failing.program, executor.execute(failing, true), map_, "mixed", testing::fake_site);
  }
  KnownReplay replay(FakeBehaviour behaviour) {
    FakeExecutor executor(behaviour);
    return replay_known(file_, map_, executor, [](const MapInfo&) { return SiteFunction(testing::fake_site); });
  }

  MapInfo map_ = testing::fake_map("fake");
  ReplayFile file_;
};

TEST_F(KnownTest, StillFailsOnTheBuildThatWroteIt) {
  EXPECT_EQ(replay({}).state, KnownState::still_fails);
}

TEST_F(KnownTest, StillFailsWhereItsEventsHaveMoved) {
  map_.build = "another";
  EXPECT_EQ(replay({.added_events = 3}).state, KnownState::still_fails);
}

TEST_F(KnownTest, HasChangedWhereItFailsInAnotherWay) {
  file_.outcome = Outcome::data_race;
  const KnownReplay told = replay({});
  EXPECT_EQ(told.state, KnownState::changed);
  EXPECT_EQ(told.now, "not linearizable (lost key)");
}

TEST_F(KnownTest, IsFixedWhereNothingFailsOnAnotherBuild) {
  map_.build = "another";
  for (Operation& operation : file_.program.threads[1]) operation.kind = OpKind::find;
  const KnownReplay told = replay({});
  EXPECT_EQ(told.state, KnownState::fixed);
  EXPECT_NE(told.note.find("others of its program"), std::string::npos);
}

TEST_F(KnownTest, IsNotReproducibleWhereTheSameBuildRunsItClean) {
  for (Operation& operation : file_.program.threads[1]) operation.kind = OpKind::find;
  EXPECT_EQ(replay({}).state, KnownState::not_reproducible);
}

}  // namespace
}  // namespace mapquake::nightly
