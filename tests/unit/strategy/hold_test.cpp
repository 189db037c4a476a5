#include "harness/strategy/hold.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace mapquake {
namespace {

constexpr unsigned events_of_operation = 3;

/// One event: of whom, in which operation.
struct Step {
  ThreadId thread;
  OpIndex op;
};

/// Threads of so many operations, of three events each, each of which has a point before it. `waits_for_first`: thread
/// 2 yields at its first event until thread 1 has ended.
std::vector<Step> run(Strategy& strategy, std::uint64_t seed, const std::vector<unsigned>& operations,
                      bool waits_for_first = false) {
  const auto count = static_cast<unsigned>(operations.size());
  strategy.begin(seed, count);
  std::vector<unsigned> done(count + 1, 0);
  std::vector<ThreadId> ready;
  for (ThreadId thread = 1; thread <= count; ++thread) ready.push_back(thread);
  std::vector<Step> steps;
  ThreadId current = strategy.next_thread({.thread = main_thread, .event = 1, .can_continue = false}, ready);
  for (unsigned points = 0; !ready.empty(); ++points) {
    if (points == 100'000) ADD_FAILURE() << "it never ends";
    if (points == 100'000) break;
    const bool ends = done[current] == operations[current - 1] * events_of_operation;
    if (ends) std::erase(ready, current);
    if (ready.empty()) break;
    const bool yields = waits_for_first && current == 2 && done[2] == 0 && ready.front() == 1;
    const ThreadId before = current;
    const auto op = static_cast<OpIndex>((ends ? done[current] - 1 : done[current]) / events_of_operation);
    current = strategy.next_thread({.thread = current,
                                    .op = op,
                                    .event = 1 + done[current] % events_of_operation,
                                    .can_continue = !ends,
                                    .yielding = yields},
                                   ready);
    if (current != before || ends || yields) continue;
    steps.push_back({current, op});
    ++done[current];
  }
  return steps;
}

/// How many operations of others ended between two events of thread 1's first operation.
std::set<unsigned> let_by(const std::vector<Step>& steps) {
  std::set<unsigned> counts;
  unsigned events = 0, mine = 0;
  for (const Step& step : steps) {
    if (step.thread != 1) {
      ++events;
    } else if (step.op == 0) {
      if (mine > 0) counts.insert(events / events_of_operation);
      events = 0;
      ++mine;
    }
  }
  return counts;
}

TEST(HoldTest, ManyOperationsOfOthersFallBetweenTwoEventsOfOne) {
  Hold hold;
  unsigned exactly_128 = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) exactly_128 += let_by(run(hold, seed, {1, 260})).contains(128);
  EXPECT_GE(exactly_128, 10u);
}

TEST(HoldTest, FewAreLetByInShortPrograms) {
  Hold hold;
  std::set<unsigned> seen;
  for (std::uint64_t seed = 0; seed < 500; ++seed) seen.merge(let_by(run(hold, seed, {2, 3})));
  EXPECT_EQ(seen, (std::set<unsigned>{0, 1, 2, 3}));
}

TEST(HoldTest, LearnsOfOneProgramAlone) {
  Hold fresh, used;
  for (std::uint64_t seed = 0; seed < 50; ++seed) run(used, seed, {1, 100});
  used.forget();
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto one = run(fresh, seed, {2, 4, 3});
    const auto other = run(used, seed, {2, 4, 3});
    ASSERT_TRUE(std::ranges::equal(one, other,
                                   [](const Step& a, const Step& b) { return a.thread == b.thread && a.op == b.op; }));
  }
}

TEST(HoldTest, WhoeverWaitsForTheHeldOneHasItGoOn) {
  Hold hold;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    EXPECT_EQ(run(hold, seed, {2, 2}, true).size(), 4 * events_of_operation) << "seed " << seed;
  }
}

}  // namespace
}  // namespace mapquake
