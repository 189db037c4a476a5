// Against every order there is, on thousands of small histories, legal and illegal; and against backtracking on long
// ones.
#include "harness/recorded/just_in_time.hpp"

#include "harness/oracle/key_histories.hpp"
#include "harness/recorded/evidence.hpp"
#include "tests/unit/oracle/brute_force.hpp"
#include "tests/unit/oracle/claims_for_tests.hpp"
#include "tests/unit/oracle/simulated_map.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mapquake::recorded {
namespace {

using namespace histories;

/// What a log can tell: calls on keys. Times stay unique.
History calls_on_keys(const History& whole, Rng& rng) {
  History history;
  for (const Call& call : whole.calls) {
    if (traits_of(call.operation.kind).action != Action::none) history.calls.push_back(call);
  }
  history.quiescent_from = static_cast<std::uint32_t>(history.calls.size());
  if (history.calls.empty() || rng.below(4) == 0) return history;
  Call& call = history.calls[rng.below(static_cast<std::uint32_t>(history.calls.size()))];
  if (call.status != CallStatus::returned) return history;
  call.flag = !call.flag;
  call.value = 10 + rng.below(4);
  return history;
}

History random_history(std::uint64_t seed, SimulationLimits limits) {
  Rng rng(mix64(seed));
  limits.all_kinds = false;
  return calls_on_keys(SimulatedMap(seed, weak_claims(), limits).run().history(), rng);
}

std::vector<std::vector<KeyOp>> keys_of(const History& history) {
  KeyHistories keys;
  Overlaps overlaps;
  overlaps.build(history);
  Claims claims = weak_claims();
  claims.on_bad_alloc = ExceptionGuarantee::basic;  // as BruteForce takes it
  keys.build(history, claims, overlaps);
  std::vector<std::vector<KeyOp>> all(keys.key_count());
  for (std::size_t key = 0; key < all.size(); ++key) {
    for (const std::uint32_t op : keys.ops_of(key)) all[key].push_back(keys.ops()[op]);
  }
  return all;
}

bool possible(const History& history, Initially initially) {
  JustInTime checker;
  return std::ranges::all_of(keys_of(history), [&](const std::vector<KeyOp>& ops) {
    return checker.check(ops, initially).verdict == Verdict::legal;
  });
}

/// The same history, of a map that held this before.
History after(const History& history, std::int64_t key, std::optional<std::int64_t> value) {
  History later;
  if (value) {
    Call call;
    call.operation = {OpKind::assign, key, *value, 0};
    call.status = CallStatus::returned;
    call.flag = true;
    call.invoked = 1;
    call.returned = 2;
    later.calls.push_back(call);
  }
  for (Call call : history.calls) {
    call.invoked += 2;
    if (call.status != CallStatus::pending) call.returned += 2;
    later.calls.push_back(call);
  }
  return later;
}

struct Tally {
  unsigned legal = 0, illegal = 0;
  void count(bool is_legal) { ++(is_legal ? legal : illegal); }
};

TEST(JustInTime, AgreesWithEveryOrder) {
  Tally tally;
  for (std::uint64_t seed = 0; seed < 6000; ++seed) {
    const History history =
        random_history(seed, {.threads = 4, .operations = 2, .keys = 2, .throw_percent = 0, .pending_percent = 30});
    if (history.calls.size() > 11) continue;
    const bool legal = BruteForce(history).linearizable();
    tally.count(legal);
    ASSERT_EQ(possible(history, Initially::empty), legal) << "seed " << seed;
  }
  EXPECT_GT(tally.legal, 1000U);
  EXPECT_GT(tally.illegal, 1000U);
}

TEST(JustInTime, AnUnknownBeginningIsAnyBeginning) {
  Tally tally;
  for (std::uint64_t seed = 0; seed < 6000; ++seed) {
    const History history =
        random_history(seed, {.threads = 3, .operations = 2, .keys = 1, .throw_percent = 0, .pending_percent = 30});
    if (history.calls.empty() || history.calls.size() > 9) continue;
    const std::int64_t key = history.calls[0].operation.key;
    bool legal = BruteForce(after(history, key, std::nullopt)).linearizable();
    // Every value that is answered or can come of adding, and one that is not.
    for (std::int64_t value = -30; value < 60 && !legal; ++value) {
      legal = BruteForce(after(history, key, value)).linearizable();
    }
    tally.count(legal);
    // Sums of an unknown value are unknown here: what is called impossible must be, and not the other way round.
    const bool sums = std::ranges::any_of(history.calls, [](const Call& c) { return adds_amount(c.operation.kind); });
    const bool found = possible(history, Initially::unknown);
    if (sums) {
      ASSERT_TRUE(found || !legal) << "seed " << seed;
    } else {
      ASSERT_EQ(found, legal) << "seed " << seed;
    }
  }
  EXPECT_GT(tally.legal, 1000U);
  EXPECT_GT(tally.illegal, 400U);
}

/// What is left of a contradiction contradicts by itself, and its culprit is the return that makes it impossible.
TEST(JustInTime, EvidenceContradictsWhateverTheOthersDid) {
  unsigned told = 0;
  JustInTime checker;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const History history =
        random_history(seed, {.threads = 4, .operations = 3, .keys = 2, .throw_percent = 0, .pending_percent = 20});
    for (const std::vector<KeyOp>& ops : keys_of(history)) {
      for (const Initially initially : {Initially::empty, Initially::unknown}) {
        const KeyVerdict verdict = checker.check(ops, initially);
        if (verdict.verdict != Verdict::illegal) continue;
        ++told;
        const Evidence evidence = evidence_of(ops, verdict.culprit, initially, checker);
        ASSERT_TRUE(std::ranges::is_sorted(evidence.ops));
        ASSERT_TRUE(std::ranges::count(evidence.ops, verdict.culprit) == 1) << "seed " << seed;
        // Any answers of the calls that are left out: dropping those that only looked, and letting the others be
        // what each could be, none makes it possible.
        std::vector<KeyOp> free;
        for (std::uint32_t i = 0; i < ops.size(); ++i) {
          KeyOp op = ops[i];
          if (i < evidence.window || op.invoked > ops[verdict.culprit].returned) continue;
          const bool kept = std::ranges::count(evidence.ops, i) == 1;
          if (!kept && is_read(op)) continue;
          if (!kept && op.action == Action::take) op.action = Action::erase;
          if (!kept && op.action == Action::exchange) op.action = Action::assign;
          if (!kept) op.answer = Answer::unknown;
          free.push_back(op);
        }
        const KeyVerdict again =
            evidence.before ? checker.check_from(free, *evidence.before) : checker.check(free, Initially::unknown);
        ASSERT_EQ(again.verdict, Verdict::illegal) << "seed " << seed;
      }
    }
  }
  EXPECT_GT(told, 500U);
}

TEST(JustInTime, ALongHistoryOfOneBusyKeyAndItsLastLie) {
  SimulationLimits limits{.threads = 6, .operations = 2000, .keys = 1, .throw_percent = 0, .pending_percent = 0};
  limits.all_kinds = false;
  Rng rng(1);
  History history = SimulatedMap(5, weak_claims(), limits).run().history();
  std::erase_if(history.calls, [](const Call& c) { return traits_of(c.operation.kind).action == Action::none; });
  history.quiescent_from = static_cast<std::uint32_t>(history.calls.size());
  ASSERT_GT(history.calls.size(), 10'000U);
  EXPECT_TRUE(possible(history, Initially::empty));
  EXPECT_TRUE(possible(history, Initially::unknown));
  const auto lie = std::find_if(history.calls.rbegin(), history.calls.rend(),
                                [](const Call& c) { return c.operation.kind == OpKind::find; });
  ASSERT_NE(lie, history.calls.rend());
  lie->has_value = true;
  lie->value = 77;
  EXPECT_FALSE(possible(history, Initially::empty));
  EXPECT_FALSE(possible(history, Initially::unknown));
}

TEST(JustInTime, TooManyOpenCallsAreUndecidedAndNotRight) {
  std::vector<KeyOp> ops;
  for (std::uint32_t i = 0; i < JustInTime::open_max + 1; ++i) {
    ops.push_back({.call = i, .invoked = i, .action = Action::assign, .argument = i});
  }
  EXPECT_EQ(JustInTime().check(ops, Initially::empty).verdict, Verdict::undecided);
  ops.pop_back();
  EXPECT_EQ(JustInTime().check(ops, Initially::empty).verdict, Verdict::legal);
}

}  // namespace
}  // namespace mapquake::recorded
