// Strategies that know what threads do next: POS, SURW and reads-from guided scheduling.
#include "harness/strategy/portfolio.hpp"
#include "tests/unit/strategy/toy_program.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace mapquake {
namespace {

using toy::run;
using toy::ToyProgram;
using toy::ToyRun;

constexpr std::uint64_t a = 0x1000, b = 0x2000;

NextStep writes_one_place(ThreadId thread, unsigned event) {
  return {a, thread * 100u + event, true, true};
}

template <class S>
class AwareStrategy : public testing::Test {};
using Aware = testing::Types<Pos, Surw, ReadsFrom, DelayBounded>;
TYPED_TEST_SUITE(AwareStrategy, Aware);

TYPED_TEST(AwareStrategy, TheSeedAndWhatCameBeforeDetermineTheSchedule) {
  TypeParam one, other;
  const ToyProgram program{.events = {4, 4, 4}, .steps = writes_one_place, .asked_once = true};
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    EXPECT_EQ(run(one, seed, program).order, run(other, seed, program).order) << seed;
  }
}

TYPED_TEST(AwareStrategy, ReachesEveryOrderOfConflictingEvents) {
  TypeParam strategy;
  std::set<std::vector<ThreadId>> orders;
  for (std::uint64_t seed = 0; seed < 6000; ++seed) {
    orders.insert(run(strategy, seed, {.events = {3, 3}, .steps = writes_one_place, .asked_once = true}).order);
  }
  EXPECT_EQ(orders.size(), 20u);  // 6 choose 3
}

TYPED_TEST(AwareStrategy, SpinLoopsEnd) {
  TypeParam strategy;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const ToyProgram program{.events = {3, 3, 3},
                             .spinner = 1,
                             .spin_event = 2,
                             .spins_for = 3,
                             .steps = writes_one_place,
                             .asked_once = true};
    EXPECT_EQ(run(strategy, seed, program).order.size(), 9u);
  }
}

template <class S>
class LearningStrategy : public testing::Test {};
using Learning = testing::Types<Pos, Surw, ReadsFrom>;
TYPED_TEST_SUITE(LearningStrategy, Learning);

TYPED_TEST(LearningStrategy, NothingKnownIsNoObstacle) {
  TypeParam strategy;
  std::set<std::vector<ThreadId>> orders;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) orders.insert(run(strategy, seed, {.events = {2, 2}}).order);
  EXPECT_GE(orders.size(), 4u);
}

TEST(SurwTest, EveryOrderOfInterestingEventsIsEquallyLikely) {
  Surw surw;
  const ToyProgram program{.events = {3, 3}, .steps = writes_one_place, .asked_once = true};
  run(surw, 0, program);  // learns how many there are
  std::map<std::vector<ThreadId>, unsigned> orders;
  constexpr unsigned runs = 20'000;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) ++orders[run(surw, seed, program).order];
  for (const auto& [order, count] : orders) {
    EXPECT_NEAR(count, runs / 20.0, runs / 20.0 * 0.25);
  }
}

TEST(SurwTest, ALongThreadCanBeOverBeforeAShortOneBegins) {
  Surw surw;
  const ToyProgram program{.events = {2, 20}, .steps = writes_one_place, .asked_once = true};
  run(surw, 0, program);
  unsigned last = 0;
  for (std::uint64_t seed = 1; seed <= 5000; ++seed) {
    const auto order = run(surw, seed, program).order;
    last += order[20] == 1 && order[21] == 1 ? 1 : 0;
  }
  EXPECT_GT(last, 8u);  // 22 expected of 231 orders; a fair coin at each event gives none in a million
}

TEST(PosTest, IndependentEventsDoNotChangeTheChancesOfAConflict) {
  // Thread 1 does 30 private things before it writes; a coin at each event would let it always come last.
  Pos pos;
  const ToyProgram program{
      .events = {31, 1}, .steps = [](ThreadId thread, unsigned event) {
        return NextStep{thread == 1 && event <= 30 ? a + event * 64 : b, thread * 100u + event, true, true};
      }};
  unsigned second_first = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) second_first += run(pos, seed, program).order.back() == 1 ? 1 : 0;
  EXPECT_GT(second_first, 500u);
  EXPECT_LT(second_first, 1000u);
}

/// The kernel "reorder": threads write a, then b; one thread reads a, then b, and must not see the first write alone.
struct Reorder {
  ThreadId threads;
  ToyProgram program() const {
    ToyProgram all{.events = std::vector<unsigned>(threads + 1u, 2)};
    all.steps = [reader = static_cast<ThreadId>(threads + 1)](ThreadId thread, unsigned event) {
      const bool reads = thread == reader;
      return NextStep{event == 1 ? a : b, (reads ? 50u : 10u) + event, reads, !reads};
    };
    all.asked_once = true;
    return all;
  }
  bool is_seen(const ToyRun& run) const {
    unsigned written_a = 0, written_b = 0, reads = 0;
    std::vector<unsigned> done(threads + 2u, 0);
    bool saw_a = false;
    for (const ThreadId thread : run.order) {
      const unsigned event = ++done[thread];
      if (thread != threads + 1) {
        (event == 1 ? written_a : written_b) += 1;
      } else if (++reads == 1) {
        saw_a = written_a != 0;
      } else {
        return saw_a && written_b == 0;
      }
    }
    return false;
  }
};

TEST(ReadsFromTest, ManyThreadsMakeAFewReadsNoRarer) {
  const Reorder reorder{.threads = 40};
  for (std::uint64_t campaign = 0; campaign < 20; ++campaign) {
    ReadsFrom guided;
    unsigned executions = 0;
    while (executions < 200 && !reorder.is_seen(run(guided, campaign * 1000 + executions++, reorder.program()))) {
    }
    EXPECT_LT(executions, 200u) << campaign;
  }
}

TEST(DelayBoundedTest, AStrictAlternationIsCommonHoweverLongItIs) {
  DelayBounded delays;
  const ToyProgram program{.events = {40, 40}, .steps = writes_one_place, .asked_once = true};
  unsigned alternations = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const std::vector<ThreadId> order = run(delays, seed, program).order;
    alternations += std::ranges::adjacent_find(order) == order.end() ? 1 : 0;
  }
  EXPECT_GT(alternations, 8u);
  EXPECT_LT(alternations, 200u);  // not all that it does
}

TEST(DelayBoundedTest, LongTurnsAreInterruptedAtDelaysAlone) {
  DelayBounded delays;
  unsigned in_one_go = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const ToyRun seen = run(delays, seed, {.events = {30, 30, 30}, .asked_once = true});
    in_one_go += seen.preemptions <= DelayBounded::delays_max ? 1 : 0;
  }
  EXPECT_GT(in_one_go, 80u);
  EXPECT_LT(in_one_go, 320u);
}

/// Whether thread 1, once it has done its first event, does all the others at once; in how many of 400 executions.
unsigned goes_through(bool starts) {
  RandomWalk walk;
  StartsKnown known;
  StartsFirst starts_first(walk, known);
  ToyProgram program{.events = {12, 12, 12}, .asked_once = true};
  program.steps = [starts](ThreadId thread, unsigned) { return NextStep{.starts = starts && thread == 1}; };
  unsigned count = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const std::vector<ThreadId> order = run(starts_first, seed, program).order;
    const auto first = std::ranges::find(order, ThreadId{1});
    count += order.end() - first >= 12 && std::all_of(first, first + 12, [](ThreadId t) { return t == 1; }) ? 1 : 0;
  }
  return count;
}

TEST(StartsFirstTest, WhoStartsThreadsStartsThemAllInMostExecutions) {
  EXPECT_GT(goes_through(true), 280u);
  EXPECT_LT(goes_through(true), 400u);
}

TEST(StartsFirstTest, WhatStartsNothingIsLeftToTheStrategy) {
  EXPECT_LT(goes_through(false), 260u);
}

TEST(WatchedTest, WhatIsWatchedIsKnownToThoseWhoLearn) {
  // Thread 2 reads what was there before only if it runs first, which a schedule that knows nothing need not try.
  ToyProgram known{.events = {1, 2}, .asked_once = true};
  known.steps = [](ThreadId thread, unsigned event) {
    return NextStep{event == 1 ? a : b, thread * 100u + event, thread == 2, thread == 1};
  };
  unsigned first_watched = 0, first_unwatched = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Replay serial({});
    ReadsFrom watching, unwatching;
    Surw surw;
    Watched watched(serial, watching, surw);
    EXPECT_EQ(run(watched, seed, known).order, (std::vector<ThreadId>{1, 2, 2}));
    first_watched += run(watching, seed, known).order.front() == 2 ? 1 : 0;
    first_unwatched += run(unwatching, seed, known).order.front() == 2 ? 1 : 0;
  }
  EXPECT_GT(first_watched, first_unwatched + 30);
}

TEST(PortfolioTest, TheFirstScheduleIsTheSerialOne) {
  for (const std::string_view name : portfolio_names()) {
    Portfolio portfolio(name, 0);
    portfolio.begin_program(7, 4);
    EXPECT_TRUE(run(portfolio.pick(0), 1, {{3, 3}}).choices.empty()) << name;
    EXPECT_FALSE(
        run(portfolio.pick(1), 1, {.events = {9, 9, 9}, .steps = writes_one_place, .asked_once = true}).order.empty())
        << name;
    portfolio.end_execution();
  }
}

TEST(PortfolioTest, ProgramsDetermineTheirSchedulesWhateverCameBefore) {
  for (const std::string_view name : portfolio_names()) {
    Portfolio fresh(name, 0), used(name, 0);
    used.begin_program(3, 4);
    for (std::uint64_t n = 0; n < 20; ++n) {
      run(used.pick(n), n, {.events = {5, 8}, .steps = writes_one_place, .asked_once = true});
      used.end_execution();
    }
    fresh.begin_program(4, 4), used.begin_program(4, 4);
    for (std::uint64_t n = 0; n < 20; ++n) {
      const ToyProgram program{.events = {4, 4, 4}, .steps = writes_one_place, .asked_once = true};
      EXPECT_EQ(run(fresh.pick(n), n, program).order, run(used.pick(n), n, program).order) << name << n;
      fresh.end_execution(), used.end_execution();
    }
  }
}

}  // namespace
}  // namespace mapquake
