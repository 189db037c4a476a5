// Looks at a map in the middle of an execution: what they see, why they do not, and that the execution knows nothing.
#include "tests/support/executors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

namespace mapquake {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing_support::bundled_plugin;
using testing_support::executor_for;
using testing_support::map_named;
using testing_support::one_insert;
using testing_support::test_plugin;

/// One insert(1, 10), looked at before each of its events takes effect, or of many before every other, and once more
/// behind all of them.
class Looks : public testing::Test {
 protected:
  void look_at(const char* name) { look_at(test_plugin("looked_at"), name); }
  void look_at(const std::filesystem::path& plugin, const char* name) {
    executor_ = executor_for(map_named(plugin, name));
    traced_ = executor_->execute(insert_, true);
    ASSERT_EQ(traced_.violation.outcome, Outcome::clean) << why_of(traced_);
    const auto& events = traced_.trace.events;
    const auto own = static_cast<std::size_t>(std::ranges::count(events, 1, &TraceEvent::thread));
    const std::size_t every = 1 + own / looks_max;
    std::size_t number = 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (events[i].thread == 1 && number++ % every == 0) moments_.push_back(2 * i + 1);
    }
    ASSERT_LT(moments_.size(), looks_max);
    moments_.push_back(2 * (moments_.back() / 2 + 1));
    states_ = executor_->look(insert_, moments_);
    ASSERT_EQ(states_.size(), moments_.size());
    for (std::size_t i = 0; i < states_.size(); ++i) EXPECT_EQ(states_[i].at, moments_[i]);
  }

  /// Of those with this sight the first.
  const MapState* first(Sight sight) const {
    const auto found = std::ranges::find(states_, sight, &MapState::sight);
    return found == states_.end() ? nullptr : &*found;
  }
  /// Each as often as it is another than the one before.
  std::vector<Sight> sights() const {
    std::vector<Sight> all;
    for (const MapState& state : states_) {
      if (all.empty() || all.back() != state.sight) all.push_back(state.sight);
    }
    return all;
  }

  Case insert_ = one_insert();
  std::unique_ptr<Executor> executor_;
  Execution traced_;
  std::vector<std::uint64_t> moments_;
  std::vector<MapState> states_;
};

TEST_F(Looks, SeeAnEntryThatIsThereBeforeItIsCounted) {
  look_at("counts_late");
  const MapState& before = states_.front();
  EXPECT_EQ(before.sight, Sight::seen);
  EXPECT_THAT(before.entries, IsEmpty());
  EXPECT_EQ(before.size, 0u);
  EXPECT_EQ(before.inside, "counted 0");
  const MapState& after = states_.back();
  EXPECT_THAT(after.entries, ElementsAre(Pair(1, 10)));
  EXPECT_EQ(after.size, 1u);
  EXPECT_EQ(after.inside, "counted 1");
  EXPECT_FALSE(after.by_look_ups);
  EXPECT_THAT(states_, Contains(AllOf(Field(&MapState::entries, ElementsAre(Pair(1, 10))),
                                      Field(&MapState::size, std::optional<std::uint64_t>(0)))));
  EXPECT_THAT(states_, Not(Contains(AllOf(Field(&MapState::entries, IsEmpty()), Field(&MapState::sight, Sight::seen),
                                          Field(&MapState::size, std::optional<std::uint64_t>(1))))));
}

TEST_F(Looks, AskForWhatATraversalVisitsWhereNoCallRuns) {
  look_at("counts_late");
  EXPECT_THAT(states_, Not(Contains(Field(&MapState::not_found, Not(IsEmpty())))));
  executor_ = executor_for(map_named(test_plugin("looked_at"), "finds_none"));
  traced_ = executor_->execute(insert_, true);
  ASSERT_EQ(traced_.violation.label, "lost key");
  const auto& events = traced_.trace.events;
  const auto last = std::ranges::find(events.rbegin(), events.rend(), 1, &TraceEvent::thread);
  const auto behind = static_cast<std::uint64_t>(2 * (events.rend() - last));
  const MapState after = executor_->look(insert_, std::vector{behind}).front();
  ASSERT_EQ(after.sight, Sight::seen);
  EXPECT_THAT(after.entries, ElementsAre(Pair(1, 10)));
  EXPECT_THAT(after.not_found, ElementsAre(1));
}

TEST_F(Looks, LeaveNoTrace) {
  look_at("counts_late_locked");
  const Execution again = executor_->execute(insert_, true);
  EXPECT_EQ(again.trace_hash, traced_.trace_hash);
  EXPECT_EQ(again.steps, traced_.steps);
  EXPECT_EQ(again.trace.events.size(), traced_.trace.events.size());
  EXPECT_EQ(again.choices, traced_.choices);
  EXPECT_TRUE(again.states.empty());
  EXPECT_EQ(executor_->look(insert_, moments_), states_);
}

TEST_F(Looks, WaitForALockThatIsHeld) {
  look_at("counts_late_locked");
  EXPECT_THAT(sights(), ElementsAre(Sight::seen, Sight::waits, Sight::seen));
  const MapState* const held = first(Sight::waits);
  ASSERT_NE(held, nullptr);
  EXPECT_EQ(held->standing.awaited, Awaited::mutex);
  EXPECT_EQ(held->standing.other, 1);
  const auto& events = traced_.trace.events;
  const auto taken = std::ranges::find_if(
      events, [](const TraceEvent& event) { return event.thread == 1 && event.kind == EventKind::lock; });
  ASSERT_NE(taken, events.end());
  EXPECT_EQ(held->object, taken->address);
}

TEST_F(Looks, SpinWhereALockSpins) {
  look_at("counts_late_spinning");
  const MapState* const spun = first(Sight::broke);
  ASSERT_NE(spun, nullptr);
  EXPECT_TRUE(spun->outcome == Outcome::hang || spun->outcome == Outcome::livelock) << name_of(spun->outcome);
  const auto& events = traced_.trace.events;
  EXPECT_TRUE(std::ranges::any_of(events, [&](const TraceEvent& event) {
    return event.kind == EventKind::atomic_rmw && event.address == spun->object;
  }));
  EXPECT_EQ(states_.back().sight, Sight::seen);
}

TEST_F(Looks, KeepToWhatTheMapAllowsBesideItsCalls) {
  look_at("counts_late_exclusive");
  const auto by_look_ups = std::ranges::find(states_, true, &MapState::by_look_ups);
  ASSERT_NE(by_look_ups, states_.end());
  EXPECT_THAT(states_.back().entries, ElementsAre(Pair(1, 10)));
  EXPECT_FALSE(states_.back().by_look_ups);
}

TEST_F(Looks, ShowWhatAProgramSaysOfItself) {
  insert_.program.threads = {{{OpKind::run, 0, 0}}};
  look_at(bundled_plugin("bank_transfer"), "bank_transfer_fixed");
  EXPECT_THAT(sights(), ElementsAre(Sight::shown));
  EXPECT_EQ(states_.front().inside, "balance 100");
  EXPECT_EQ(states_.back().inside, "balance 130");
}

TEST_F(Looks, ShowWhatAnObjectSaysOfItselfWhileItStands) {
  insert_.program.threads = {{{OpKind::run, 0, 0}}};
  look_at(bundled_plugin("rings"), "ring_published_relaxed_fixed");
  EXPECT_THAT(sights(), ElementsAre(Sight::not_looked, Sight::shown, Sight::not_looked));
  EXPECT_EQ(first(Sight::shown)->inside, "0 read, 0 written; cells 0 (turn 0), 0 (turn 1)");
}

TEST_F(Looks, AreNoneAtAProgramThatSaysNothing) {
  insert_.program.threads = {{{OpKind::run, 0, 0}}};
  const std::unique_ptr<Executor> executor = executor_for(map_named(bundled_plugin("lost_wake_up"), "lost_wake_up"));
  EXPECT_THAT(executor->look(insert_, std::vector<std::uint64_t>{1}), IsEmpty());
}

TEST_F(Looks, AreNotTakenBesideACallThatMustBeAlone) {
  look_at("counts_late_alone");
  EXPECT_THAT(sights(), ElementsAre(Sight::seen, Sight::not_beside, Sight::seen));
  EXPECT_EQ(first(Sight::not_beside)->beside, 1);
}

struct Breaking {
  const char* map;
  Outcome outcome;
};

class BreakingLooks : public Looks, public testing::WithParamInterface<Breaking> {};

// The process may be another one then; what is looked at later is there all the same.
TEST_P(BreakingLooks, HaveAnAnswer) {
  look_at(GetParam().map);
  EXPECT_THAT(sights(), ElementsAre(Sight::seen, Sight::broke, Sight::seen));
  EXPECT_EQ(first(Sight::broke)->outcome, GetParam().outcome);
  EXPECT_THAT(states_.back().entries, ElementsAre(Pair(1, 10)));
  EXPECT_EQ(executor_->execute(insert_, true).trace_hash, traced_.trace_hash);
}

INSTANTIATE_TEST_SUITE_P(Looks, BreakingLooks,
                         testing::Values(Breaking{"half_done_crashes", Outcome::crash},
                                         Breaking{"half_done_exits", Outcome::exit},
                                         Breaking{"half_done_loops", Outcome::livelock}),
                         [](const auto& info) { return std::string(info.param.map); });

TEST_F(Looks, ThatThrowSayNothingOfTheEntries) {
  look_at("half_done_throws");
  EXPECT_THAT(sights(), ElementsAre(Sight::seen, Sight::threw, Sight::seen));
}

TEST_F(Looks, BehindTheEndAreNotTaken) {
  look_at("counts_late");
  const std::uint64_t never = 2 * traced_.trace.events.size() + 100;
  EXPECT_THAT(executor_->look(insert_, std::vector{never}), ElementsAre(MapState{.at = never}));
  EXPECT_THAT(executor_->look(insert_, {}), IsEmpty());
}

}  // namespace
}  // namespace mapquake
