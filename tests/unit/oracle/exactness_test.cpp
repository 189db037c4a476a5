// The checker against every order there is, on small histories, legal and illegal.
#include "harness/history/reason_words.hpp"
#include "tests/unit/oracle/brute_force.hpp"
#include "tests/unit/oracle/claims_for_tests.hpp"
#include "tests/unit/oracle/simulated_map.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

/// Falsifies one answer, or moves one return, so that about half of the histories become illegal.
void damage(History& history, Rng& rng) {
  if (history.calls.empty()) return;
  Call& call = history.calls[rng.below(static_cast<std::uint32_t>(history.calls.size()))];
  if (call.status != CallStatus::returned) return;
  switch (call.operation.kind) {
    case OpKind::find:
    case OpKind::update:
      if (rng.below(3) == 0) call.has_value = !call.has_value;
      [[fallthrough]];
    case OpKind::get_or_create:
      call.value = 10 + rng.below(4);
      break;
    case OpKind::size:
      call.count = rng.below(3);
      break;
    case OpKind::find_all:
      if (call.visits_begin == call.visits_end) return;
      if ((call.count & 1) != 0 && rng.below(3) == 0) {
        call.count ^= 1;
        ++call.visits_begin;
      } else {
        history.visits[call.visits_begin].value = 10 + rng.below(4);
      }
      break;
    case OpKind::iterate:
    case OpKind::copy:
    case OpKind::erase_if:
    case OpKind::lower_bound:
    case OpKind::upper_bound:
      if (call.visits_begin == call.visits_end) return;
      if (rng.below(2) == 0) {
        --call.visits_end;
      } else {
        history.visits[call.visits_begin].value = 10 + rng.below(4);
      }
      break;
    default:
      call.flag = !call.flag;
  }
}

struct Tally {
  unsigned legal = 0;
  unsigned illegal = 0;
};

Tally compare(const Claims& claims, SimulationLimits limits, std::uint64_t histories) {
  Tally tally;
  HistoryOracles oracles;
  for (std::uint64_t seed = 0; seed < histories; ++seed) {
    Rng rng(mix64(seed));
    History history = SimulatedMap(seed, claims, limits).run().history();
    history.quiescent_from = static_cast<std::uint32_t>(history.calls.size());  // judge all calls by the search alone
    if (history.calls.size() > 12) continue;
    if (rng.below(4) != 0) damage(history, rng);
    const bool legal = BruteForce(history).linearizable();
    ++(legal ? tally.legal : tally.illegal);
    const std::optional<Violation> violation = oracles.check(Program{}, history, claims);
    EXPECT_EQ(!violation.has_value(), legal)
        << "seed " << seed << ": " << (violation ? in_words(violation->reasons, history) : "");
    if (violation.has_value() == legal) break;
  }
  EXPECT_EQ(oracles.undecided(), 0U);
  return tally;
}

TEST(OracleExactness, AgreesWithEveryOrderOnWholeMapHistories) {
  Claims claims = strong_claims();
  claims.on_bad_alloc = ExceptionGuarantee::basic;
  const Tally tally = compare(claims, {.threads = 3, .operations = 2, .keys = 2, .pending_percent = 20}, 4000);
  EXPECT_GT(tally.legal, 500U);
  EXPECT_GT(tally.illegal, 500U);
}

TEST(OracleExactness, AgreesWithEveryOrderOnBoundsAlone) {
  // The search over the keys that bounds concern, and not over the whole map.
  Claims claims = weak_claims();
  claims.bounds = Bounds::linearizable;
  claims.on_bad_alloc = ExceptionGuarantee::basic;
  SimulationLimits limits{.threads = 3, .operations = 2, .keys = 3, .pending_percent = 20, .all_kinds = false};
  limits.bound_percent = 30;
  limits.whole_at_rest = false;
  const Tally tally = compare(claims, limits, 4000);
  EXPECT_GT(tally.legal, 500U);
  EXPECT_GT(tally.illegal, 500U);
}

TEST(OracleExactness, AgreesWithEveryOrderOnSeveralKeysAtATime) {
  // The search over the keys that find_all and transactions name, and not over the whole map.
  Claims claims = weak_claims();
  claims.find_all = claims.transactions = SeveralKeys::linearizable;
  claims.on_bad_alloc = ExceptionGuarantee::basic;
  SimulationLimits limits{.threads = 3, .operations = 2, .keys = 3, .pending_percent = 20, .all_kinds = false};
  limits.several_percent = 40;
  limits.whole_at_rest = false;
  const Tally tally = compare(claims, limits, 4000);
  EXPECT_GT(tally.legal, 500U);
  EXPECT_GT(tally.illegal, 500U);
}

TEST(OracleExactness, AgreesWithEveryOrderOnTransactionsAndWholeMaps) {
  Claims claims = strong_claims();
  claims.on_bad_alloc = ExceptionGuarantee::basic;
  SimulationLimits limits{.threads = 3, .operations = 2, .keys = 2, .pending_percent = 20};
  limits.several_percent = 40;
  const Tally tally = compare(claims, limits, 4000);
  EXPECT_GT(tally.legal, 500U);
  EXPECT_GT(tally.illegal, 500U);
}

TEST(OracleExactness, AgreesWithEveryOrderOnPointOperations) {
  Claims claims = weak_claims();
  claims.on_bad_alloc = ExceptionGuarantee::basic;
  // The final iterate and size are exact here, as nothing overlaps them.
  claims.iteration = Iteration::snapshot;
  const Tally tally =
      compare(claims, {.threads = 4, .operations = 2, .keys = 1, .pending_percent = 20, .all_kinds = false}, 4000);
  EXPECT_GT(tally.legal, 500U);
  EXPECT_GT(tally.illegal, 500U);
}

/// Every violation must come with calls of the history and a label without digits, whatever the history is.
TEST(OracleExactness, EveryContradictionIsTold) {
  const Claims claims = strong_claims();
  HistoryOracles oracles;
  unsigned told = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Rng rng(seed);
    History history = SimulatedMap(seed, claims, SimulationLimits{}).run().history();
    for (int i = 0; i < 3; ++i) damage(history, rng);
    const std::optional<Violation> violation = oracles.check(Program{}, history, claims);
    if (!violation) continue;
    ++told;
    EXPECT_TRUE(is_failure(violation->outcome));
    EXPECT_EQ(violation->label.find_first_of("0123456789"), std::string::npos) << violation->label;
    const std::string why = in_words(violation->reasons, history);
    EXPECT_TRUE(why.ends_with('.')) << why;
    EXPECT_FALSE(violation->calls.empty());
    for (const std::uint32_t call : violation->calls) EXPECT_LT(call, history.calls.size());
  }
  EXPECT_GT(told, 500U);
}

/// Threads begin in some order, wait for a lock, and get it in another: they return in the order of their effects, and
/// a reader sees each. `last_seen`: by the last reader. Requires: `writers` shares no divisor with 37.
History behind_a_lock(ThreadId writers, ThreadId last_seen) {
  HistoryBuilder h;
  h.prefill(1, 0);
  std::vector<std::uint32_t> begun(writers + 1u);
  for (unsigned n = 0; n < writers; ++n) {
    const auto t = static_cast<ThreadId>(1 + n * 37 % writers);
    begun[t] = h.begin(t, assign(1, t));
  }
  for (ThreadId t = 1; t <= writers; ++t) {
    h.end(begun[t], no());
    h.call(static_cast<ThreadId>(writers + 1), find(1), value(t == writers ? last_seen : t));
  }
  return h.history();
}

TEST(OracleExactness, DecidesManyThreadsBehindALock) {
  HistoryOracles oracles;
  EXPECT_EQ(oracles.check(Program{}, behind_a_lock(60, 60), weak_claims()), std::nullopt);
  EXPECT_EQ(oracles.check(Program{}, behind_a_lock(10, 10), weak_claims()), std::nullopt);
  const auto found = oracles.check(Program{}, behind_a_lock(10, 1), weak_claims());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->outcome, Outcome::not_linearizable);
  EXPECT_EQ(oracles.undecided(), 0U);
}

TEST(OracleExactness, GivesUpOnHistoriesThatNoSearchCanDecide) {
  // Thirty overlapping updates of different amounts, and an answer that no subset sum hides quickly.
  HistoryBuilder h;
  h.prefill(1, 0);
  for (ThreadId t = 1; t <= 30; ++t) h.begin(t, update(1, std::int64_t{1} << (t + 10)));
  h.call(31, find(1), value(5));
  HistoryOracles oracles;
  EXPECT_EQ(oracles.check(Program{}, h.history(), weak_claims()), std::nullopt);
  EXPECT_EQ(oracles.undecided(), 1U);
}

}  // namespace
}  // namespace mapquake
