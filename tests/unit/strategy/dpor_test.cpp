#include "harness/strategy/dpor.hpp"

#include "tests/unit/strategy/small_program.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace mapquake {
namespace {

using small::EveryAnswer;
using small::Instruction;
using small::Kind;
using small::SmallProgram;
using small::SmallRun;
using Texts = std::set<std::string>;

struct Seen {
  Texts outcomes;
  Texts orders;
  unsigned executions = 0;
  bool complete = true;
};

constexpr unsigned executions_max = 1500;

/// Of the executions with at most so many preemptions.
Seen all_of(const SmallProgram& program, unsigned preemptions_max = UINT32_MAX) {
  Seen seen;
  EveryAnswer every;
  while (every.next()) {
    if (++seen.executions > executions_max) {
      seen.complete = false;
      break;
    }
    const SmallRun run = small::run(every, program);
    if (run.preemptions > preemptions_max) continue;
    seen.outcomes.insert(run.outcome);
    seen.orders.insert(run.order);
  }
  return seen;
}

Seen searched(PartialOrderSearch& search, const SmallProgram& program) {
  Seen seen;
  while (search.next()) {
    const SmallRun run = small::run(search, program);
    seen.complete &= !run.is_cut;
    seen.outcomes.insert(run.outcome);
    seen.orders.insert(run.order);
    ++seen.executions;
  }
  return seen;
}

const std::vector<Kind> accesses{Kind::load, Kind::store, Kind::add, Kind::exchange_if_zero};
const std::vector<Kind> all_kinds{Kind::load, Kind::store,    Kind::add,  Kind::lock,  Kind::unlock,
                                  Kind::lock, Kind::try_lock, Kind::wait, Kind::signal};

rc::Gen<SmallProgram> programs(const std::vector<Kind>& kinds) {
  return rc::gen::exec([kinds] {
    const bool three = *rc::gen::arbitrary<bool>();
    SmallProgram program;
    program.threads.resize(three ? 3 : 2);
    for (auto& thread : program.threads) {
      const auto length = *rc::gen::inRange(1, three ? 3 : 5);
      for (int i = 0; i < length; ++i) {
        thread.push_back({*rc::gen::elementOf(kinds), *rc::gen::inRange(0u, 2u), *rc::gen::inRange(1u, 3u)});
      }
    }
    return program;
  });
}

Texts without_deadlocks(const Texts& texts) {
  Texts left;
  for (const std::string& text : texts) {
    if (text.find("waits") == std::string::npos) left.insert(text);
  }
  return left;
}

void shows_what_all_show(SmallProgram program) {
  // Attempts that fail show nothing: the outcomes are those with them, the orders those without.
  const Seen attempts = all_of(program);
  program.locks_block = true;
  const Seen all = all_of(program);
  program.locks_block = false;
  RC_PRE(all.complete && attempts.complete);
  RC_ASSERT(all.outcomes == attempts.outcomes);
  PartialOrderSearch search({});
  const Seen found = searched(search, program);
  RC_ASSERT(search.exhausted());
  RC_ASSERT(found.outcomes == all.outcomes);
  RC_ASSERT(without_deadlocks(found.orders) == without_deadlocks(all.orders));
  // Each order once, but for executions that were found to be redundant on the way. Where all wait, attempts are made.
  const bool ends = without_deadlocks(all.orders).size() == all.orders.size();
  if (ends) RC_ASSERT(found.executions - search.redundant() == all.orders.size());
}

RC_GTEST_PROP(PartialOrderSearchProperty, ShowsEveryOrderOfAccessesOnce, ()) {
  shows_what_all_show(*programs(accesses));
}
RC_GTEST_PROP(PartialOrderSearchProperty, ShowsEveryOrderOfLocksAndConditionsOnce, ()) {
  shows_what_all_show(*programs(all_kinds));
}
RC_GTEST_PROP(PartialOrderSearchProperty, KnowsWhichOperationsEndedBefore, ()) {
  SmallProgram program = *programs(all_kinds);
  program.has_operations = true;
  for (auto& thread : program.threads) thread.resize(std::min<std::size_t>(thread.size(), 2));
  shows_what_all_show(program);
}
RC_GTEST_PROP(PartialOrderSearchProperty, GoesThroughAllAnswers, ()) {
  shows_what_all_show(*programs({Kind::load, Kind::store, Kind::draw}));
}

RC_GTEST_PROP(PartialOrderSearchProperty, WithinABoundItShowsWhatAllWithinItShow, ()) {
  const std::vector<Kind> kinds = *rc::gen::element(accesses, all_kinds);
  const SmallProgram program = *programs(kinds);
  const auto bound = *rc::gen::inRange(0u, 4u);
  const Seen all = all_of(program, bound);
  RC_PRE(all.complete);
  PartialOrderSearch search({.preemptions_max = bound});
  while (search.next()) {
    const SmallRun run = small::run(search, program);
    // A switch away from an attempt that would fail counts for nothing, and is one where the attempt is not made.
    if (kinds == accesses) RC_ASSERT(run.preemptions <= bound);
  }
  PartialOrderSearch again({.preemptions_max = bound});
  RC_ASSERT(searched(again, program).outcomes == all.outcomes);
  RC_ASSERT(again.exhausted());
}

RC_GTEST_PROP(PartialOrderSearchProperty, LoopsThatWaitShowWhatWaitingShows, ()) {
  SmallProgram program = *programs({Kind::load, Kind::store, Kind::add, Kind::spin});
  program.spins_block = true;
  const Seen all = all_of(program);
  RC_PRE(all.complete);
  const Texts ended = without_deadlocks(all.outcomes);
  program.spins_block = false;
  PartialOrderSearch search({});
  Texts found;
  while (search.next()) {
    const SmallRun run = small::run(search, program);
    if (!run.is_cut) found.insert(run.outcome);
  }
  RC_ASSERT(search.exhausted());
  RC_ASSERT(found == ended);
}

TEST(PartialOrderSearchTest, IndependentThreadsHaveOneExecution) {
  const SmallProgram program{.threads = {{{Kind::add, 0}, {Kind::add, 0}},
                                         {{Kind::add, 1}, {Kind::add, 1}},
                                         {{Kind::add, 2}, {Kind::add, 2}, {Kind::add, 2}}}};
  PartialOrderSearch search({});
  EXPECT_EQ(searched(search, program).executions, 1u);
  EXPECT_TRUE(search.exhausted());
}

TEST(PartialOrderSearchTest, ManyWritersOfOneWordHaveAllTheirOrders) {
  SmallProgram program;
  for (unsigned thread = 1; thread <= 5; ++thread) program.threads.push_back({{Kind::store, 0, thread}});
  PartialOrderSearch search({});
  const Seen found = searched(search, program);
  EXPECT_EQ(found.executions, 120u);
  EXPECT_EQ(search.redundant(), 0u);
}

TEST(PartialOrderSearchTest, ReadersOfManyWordsAreNotMultiplied) {
  // The paper's example of n readers: 2^n orders of n + 1 threads.
  SmallProgram program{.threads = {{}}};
  for (unsigned word = 0; word < 6; ++word) {
    program.threads[0].push_back({Kind::store, word, 1});
    program.threads.push_back({{Kind::load, word}});
  }
  PartialOrderSearch search({});
  const Seen found = searched(search, program);
  EXPECT_EQ(found.executions - search.redundant(), 64u);
}

TEST(PartialOrderSearchTest, TimeIsNotCovered) {
  PartialOrderSearch search({});
  ASSERT_TRUE(search.next());
  search.begin(0, 2);
  const std::vector<ThreadId> ready{1, 2};
  search.next_thread({.thread = main_thread, .can_continue = false}, ready);
  search.effect(Effect::sees_time, 0, 0);
  while (search.next()) {
  }
  EXPECT_FALSE(search.exhausted());
  EXPECT_EQ(search.gaps(), static_cast<std::uint32_t>(Gap::time));
}

TEST(PartialOrderSearchTest, AProgramThatChangesUnderneathIsNotCalledExhausted) {
  PartialOrderSearch search({});
  const SmallProgram first{.threads = {{{Kind::store, 0}, {Kind::store, 0}}, {{Kind::load, 0}, {Kind::load, 0}}}};
  const SmallProgram other{.threads = {{{Kind::store, 0}}, {{Kind::load, 1}}}};
  for (unsigned n = 0; search.next(); ++n) small::run(search, n == 0 ? first : other);
  EXPECT_FALSE(search.exhausted());
}

TEST(PartialOrderSearchTest, TooManyThreadsAreNotCalledExhausted) {
  SmallProgram program;
  program.threads.resize(PartialOrderSearch::threads_max + 2, {{Kind::load, 0}});
  PartialOrderSearch search({});
  ASSERT_TRUE(search.next());
  small::run(search, program);
  EXPECT_FALSE(search.next());
  EXPECT_FALSE(search.exhausted());
}

}  // namespace
}  // namespace mapquake
