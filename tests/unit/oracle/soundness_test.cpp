// No false alarms: whatever a map that keeps its claims can do is accepted.
#include "harness/history/reason_words.hpp"
#include "tests/unit/oracle/claims_for_tests.hpp"
#include "tests/unit/oracle/simulated_map.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

Claims arbitrary_claims() {
  Claims claims;
  claims.concurrent_use = *rc::gen::element(ConcurrentUse::none, ConcurrentUse::readers, ConcurrentUse::all_operations);
  claims.iteration = *rc::gen::element(Iteration::none, Iteration::exclusive, Iteration::weakly_consistent,
                                       Iteration::fail_fast, Iteration::snapshot);
  claims.size = *rc::gen::element(SizeClaim::none, SizeClaim::quiescent, SizeClaim::linearizable);
  claims.whole_map = *rc::gen::element(WholeMap::per_key, WholeMap::linearizable);
  claims.bounds = *rc::gen::element(Bounds::exclusive, Bounds::weakly_consistent, Bounds::linearizable);
  claims.on_bad_alloc = *rc::gen::element(ExceptionGuarantee::basic, ExceptionGuarantee::strong);
  claims.find_all = *rc::gen::element(SeveralKeys::per_key, SeveralKeys::linearizable);
  claims.transactions = *rc::gen::element(SeveralKeys::per_key, SeveralKeys::linearizable);
  return claims;
}

std::string tell(const HistoryBuilder& h) {
  std::string text;
  for (const Call& call : h.history().calls) {
    text += thread_name(call.thread) + " [" + std::to_string(call.invoked) + ", " + std::to_string(call.returned) +
            "] " + to_string(call.operation) + " " + result_string(call, h.history()) + "\n";
  }
  return text;
}

RC_GTEST_PROP(OracleSoundness, AMapThatKeepsItsClaimsIsNeverBlamed, ()) {
  const Claims claims = arbitrary_claims();
  SimulationLimits limits;
  limits.threads = *rc::gen::inRange(1U, 5U);
  limits.operations = *rc::gen::inRange(1U, 6U);
  limits.keys = *rc::gen::inRange(1U, 6U);
  limits.several_percent = *rc::gen::element(0U, 0U, 20U, 50U);
  limits.cursor_percent = *rc::gen::element(0U, 0U, 30U, 60U);
  const auto first_seed = *rc::gen::arbitrary<std::uint64_t>();
  HistoryOracles oracles;
  for (std::uint64_t seed = first_seed; seed != first_seed + 100; ++seed) {
    const HistoryBuilder h = SimulatedMap(seed, claims, limits).run();
    const std::optional<Violation> violation = oracles.check(Program{}, h.history(), claims);
    if (violation) RC_FAIL(violation->label + ": " + in_words(violation->reasons, h.history()) + "\n" + tell(h));
  }
  RC_ASSERT(oracles.undecided() == 0U);
}

RC_GTEST_PROP(OracleSoundness, ScratchMemoryCarriesNothingOver, ()) {
  const Claims claims = arbitrary_claims();
  const auto first_seed = *rc::gen::arbitrary<std::uint64_t>();
  HistoryOracles reused;
  for (std::uint64_t seed = first_seed; seed != first_seed + 20; ++seed) {
    // Claims that the map does not keep, so that violations, and the searches behind them, come in between.
    Claims broken = claims;
    broken.iteration = Iteration::snapshot;
    broken.size = SizeClaim::linearizable;
    broken.whole_map = WholeMap::linearizable;
    broken.on_bad_alloc = ExceptionGuarantee::strong;
    const HistoryBuilder h = SimulatedMap(seed, claims, SimulationLimits{}).run();
    const std::optional<Violation> one = reused.check(Program{}, h.history(), broken);
    const std::optional<Violation> two = HistoryOracles().check(Program{}, h.history(), broken);
    const std::optional<Violation> three = check_history(Program{}, h.history(), broken);
    RC_ASSERT(one.has_value() == two.has_value());
    RC_ASSERT(one.has_value() == three.has_value());
    if (!one) continue;
    RC_ASSERT(one->label == two->label);
    const auto said = [&](const Violation& violation) { return in_words(violation.reasons, h.history()); };
    RC_ASSERT(said(*one) == said(*two));
    RC_ASSERT(one->calls == two->calls);
    RC_ASSERT(said(*one) == said(*three));
  }
}

TEST(OracleSoundness, LongHistoriesOfManyThreadsAreDecided) {
  SimulationLimits limits;
  limits.threads = 20;
  limits.operations = 500;
  limits.keys = 100;
  limits.pending_percent = 0;
  limits.all_kinds = false;
  Claims claims = weak_claims();
  HistoryOracles oracles;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const HistoryBuilder h = SimulatedMap(seed, claims, limits).run();
    EXPECT_EQ(oracles.check(Program{}, h.history(), claims), std::nullopt);
  }
  EXPECT_EQ(oracles.undecided(), 0U);
}

}  // namespace
}  // namespace mapquake
