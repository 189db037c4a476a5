#include "harness/campaign/address.hpp"

#include "tests/unit/campaign/fake_executor.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing::FakeBehaviour;
using testing::FakeExecutor;

const SiteFunction site = testing::fake_site;

ReplayFile file_written_by(FakeBehaviour behaviour) {
  FakeExecutor executor(std::move(behaviour));
  const Case failing = executor.failing_case();
  const Execution traced = executor.execute(failing, true);
  return replay_file_of(failing.program, traced, testing::fake_map("fake"), "mixed", site);
}

TEST(Address, NamesThreadOperationEventPlaceAndNumber) {
  const ReplayFile file = file_written_by({});
  ASSERT_EQ(file.choices.size(), 1u);
  const StoredChoice expected{1, 1, name_of(EventKind::write), "fake_map.hpp:20", 1, 2, ChoiceKind::schedule, 2};
  EXPECT_EQ(file.choices[0], expected);
}

TEST(Address, CountsEventsOfOnePlace) {
  FakeBehaviour behaviour;
  behaviour.write_pc = testing::load_pc;
  behaviour.added_events = 2;
  FakeExecutor executor(behaviour);
  Case failing = executor.failing_case();
  failing.choices[0].event = 2;  // the second load at line 9
  const auto stored = stored_choices(executor.execute(failing, true), site);
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_EQ(stored[0].place, "fake_map.hpp:9");
  EXPECT_EQ(stored[0].nth, 2u);
}

TEST(Address, ChoicesAreStoredInTheOrderOfTime) {
  FakeExecutor executor({.threads = 3});
  Case input = executor.failing_case();
  // A hands over to C at once, C to B: B's thread number is lower, but C's choice comes first.
  input.choices = {{1, 0, 1, ChoiceKind::schedule, 3}, {3, 0, 1, ChoiceKind::schedule, 2}};
  Execution traced = executor.execute(input, true);
  std::sort(traced.choices.begin(), traced.choices.end(), [](auto& a, auto& b) { return b < a; });
  const auto stored = stored_choices(traced, site);
  ASSERT_EQ(stored.size(), 2u);
  EXPECT_EQ(stored[0].thread, 1);
  EXPECT_EQ(stored[1].thread, 3);
}

TEST(Resolve, TakesTheHintsOfTheSameBuildInOneExecution) {
  const ReplayFile file = file_written_by({});
  FakeExecutor executor({});
  const auto resolution = resolve_choices(file, executor, site, false);
  ASSERT_TRUE(resolution);
  EXPECT_TRUE(resolution->exact);
  EXPECT_EQ(resolution->choices, executor.failing_case().choices);
  EXPECT_EQ(executor.executions, 1u);
}

TEST(Resolve, FindsTheEventByItsPlaceInAnotherBuild) {
  const ReplayFile file = file_written_by({});
  FakeExecutor other_build({.added_events = 3});
  const auto resolution = resolve_choices(file, other_build, site, false);
  ASSERT_TRUE(resolution) << resolution.error().what;
  EXPECT_TRUE(resolution->exact);
  EXPECT_EQ(resolution->choices, other_build.failing_case().choices);
}

TEST(Resolve, FollowsAFileWithoutHintsInAnyOrder) {
  FakeExecutor executor({.threads = 3});
  Case input = executor.failing_case();
  input.choices = {{1, 0, 1, ChoiceKind::schedule, 3}, {3, 0, 1, ChoiceKind::schedule, 2}};
  const Execution traced = executor.execute(input, true);
  ReplayFile file = replay_file_of(input.program, traced, testing::fake_map("fake"), "mixed", site);
  for (StoredChoice& choice : file.choices) choice.step = 0;
  std::reverse(file.choices.begin(), file.choices.end());
  const auto resolution = resolve_choices(file, executor, site, false);
  ASSERT_TRUE(resolution);
  EXPECT_EQ(resolution->choices, input.choices);
}

/// A hands over to B, B to C, and so on.
Case handed_on(const FakeExecutor& executor, unsigned threads) {
  Case input = executor.failing_case();
  input.choices.clear();
  for (ThreadId thread = 1; thread < threads; ++thread) {
    input.choices.push_back({thread, 0, 1, ChoiceKind::schedule, thread + 1U});
  }
  return input;
}

TEST(Resolve, ALongFileThatHasHardlyChangedTakesFewExecutions) {
  constexpr unsigned threads = 100;
  FakeExecutor executor({.threads = threads});
  const Case input = handed_on(executor, threads);
  const Execution traced = executor.execute(input, true);
  ASSERT_EQ(traced.choices.size(), threads - 1);
  ReplayFile file = replay_file_of(input.program, traced, testing::fake_map("fake"), "mixed", site);
  file.choices[threads / 2].step = 7;  // another build had it elsewhere
  executor.executions = 0;
  const auto resolution = resolve_choices(file, executor, site, false);
  ASSERT_TRUE(resolution) << resolution.error().what;
  EXPECT_EQ(resolution->choices, traced.choices);
  EXPECT_LE(executor.executions, 20u);
}

TEST(Resolve, SaysWhereItDiverged) {
  ReplayFile file = file_written_by({});
  file.choices[0].step = 0;
  file.choices[0].nth = 5;
  FakeExecutor executor({});
  const auto resolution = resolve_choices(file, executor, site, false);
  ASSERT_FALSE(resolution);
  EXPECT_EQ(resolution.error().code, ExitCode::bad_input);
  EXPECT_EQ(resolution.error().what,
            "diverged at choice 1 of 1, \"A.2 write fake_map.hpp:20 #5\": there are only 1 of them in this build");
}

TEST(Resolve, NamesTheClosestEventWhereTheLineIsGone) {
  ReplayFile file = file_written_by({});
  file.choices[0].place = "fake_map.hpp:22";
  FakeExecutor executor({});
  const auto strict = resolve_choices(file, executor, site, false);
  ASSERT_FALSE(strict);
  EXPECT_NE(strict.error().what.find("the closest is \"A.2 write fake_map.hpp:20 #1\""), std::string::npos)
      << strict.error().what;
  const auto nearest = resolve_choices(file, executor, site, true);
  ASSERT_TRUE(nearest);
  EXPECT_FALSE(nearest->exact);
  EXPECT_EQ(nearest->notes.size(), 1u);
  EXPECT_EQ(nearest->choices, executor.failing_case().choices);
}

TEST(Resolve, WhereLinesHaveMovedTheNearestIsWhatHasTheNumberAndKind) {
  ReplayFile file = file_written_by({});
  // The line that is nearest now is another event's: the write has moved away from its place.
  file.choices[0].place = "fake_map.hpp:31";
  file.choices[0].event = name_of(EventKind::atomic_load);
  file.choices[0].step = 3;
  FakeExecutor executor({.added_events = 3});
  const auto nearest = resolve_choices(file, executor, site, true);
  ASSERT_TRUE(nearest);
  ASSERT_EQ(nearest->choices.size(), 1u);
  EXPECT_EQ(nearest->choices[0].event, 3u);  // at line 9; the load at line 10 is nearer to line 31
}

TEST(Resolve, AThreadThatCannotRunThereIsADivergence) {
  ReplayFile file = file_written_by({});
  file.choices[0].take = 1;  // A hands over to itself
  FakeExecutor executor({});
  const auto strict = resolve_choices(file, executor, site, false);
  ASSERT_FALSE(strict);
  EXPECT_NE(strict.error().what.find("thread A cannot run there"), std::string::npos) << strict.error().what;
  const auto nearest = resolve_choices(file, executor, site, true);
  ASSERT_TRUE(nearest);
  EXPECT_FALSE(nearest->exact);
}

TEST(Resolve, AnOperationThatIsNeverPerformedIsADivergence) {
  ReplayFile file = file_written_by({});
  file.choices[0].op = 9;
  FakeExecutor executor({});
  const auto strict = resolve_choices(file, executor, site, false);
  ASSERT_FALSE(strict);
  EXPECT_NE(strict.error().what.find("never performs its operation 10"), std::string::npos) << strict.error().what;
  const auto nearest = resolve_choices(file, executor, site, true);
  ASSERT_TRUE(nearest);
  EXPECT_TRUE(nearest->choices.empty());
}

}  // namespace
}  // namespace mapquake
