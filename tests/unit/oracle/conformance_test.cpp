#include "harness/oracle/conformance.hpp"

#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;
using testing::HasSubstr;
using testing::Not;

std::string advice(const HistoryBuilder& h, const Claims& claims = weak_claims()) {
  HistoryOracles oracles;
  EXPECT_TRUE(oracles.check(Program{}, h.history(), claims));
  return conformance_advice(Program{}, h.history(), claims, oracles);
}

TEST(Conformance, ACacheThatClaimsToKeepEverything) {
  HistoryBuilder h;
  h.call(A, insert(5, 50), yes()).call(A, find(5), absent()).call(A, insert(5, 51), yes());
  h.quiesce().call(M, find(5), value(51));
  EXPECT_THAT(advice(h), HasSubstr("right under .retention = Retention::evicts, if"));
}

TEST(Conformance, ADelayedWriteThatClaimsToBeLinearizable) {
  HistoryBuilder h;
  h.call(A, assign(5, 50), yes()).call(A, find(5), absent()).quiesce().call(M, find(5), value(50));
  EXPECT_THAT(advice(h), HasSubstr("right under .linearizable = false, if"));
}

TEST(Conformance, ASizeThatIsAnEstimate) {
  HistoryBuilder h;
  h.prefill(5, 50).quiesce().call(M, find(5), value(50)).call(M, size(), count(3));
  EXPECT_THAT(advice(h), HasSubstr("right under .size = SizeClaim::none, if"));
}

TEST(Conformance, NoClaimExcusesAValueOutOfThinAir) {
  HistoryBuilder h;
  h.prefill(5, 50).call(A, find(5), value(77));
  EXPECT_THAT(advice(h), HasSubstr("no weaker claim makes it right"));
  EXPECT_THAT(advice(h), Not(HasSubstr("documentation")));
}

}  // namespace
}  // namespace mapquake
