// Memory that a map maps itself is memory like any other: watched, failing, and the same in every execution.
#include "harness/case/execution_words.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing_support::executor_for;
using testing_support::map_named;
using testing_support::test_plugin;

ExploreResult explored(Executor& executor, std::uint32_t fault_mask = 0) {
  ExploreRequest request = testing_support::exploring("mixed-operations", 1, 300);
  request.plan.fault_mask = fault_mask;
  ExploreProgress progress;
  return executor.explore(request, progress);
}

std::unique_ptr<Executor> of(const char* map) {
  return executor_for(map_named(test_plugin("mapped_memory"), map));
}

class RightMapped : public testing::TestWithParam<const char*> {};

TEST_P(RightMapped, IsCleanAndTheSameEachTime) {
  const auto executor = of(GetParam());
  const ExploreResult result = explored(*executor, fault_bit(ChoiceKind::alloc_fail));
  EXPECT_FALSE(result.found) << why_of(result.execution);
  Case input;
  input.program.threads = {{{OpKind::insert, 1, 1}, {OpKind::insert, 2, 2}}, {{OpKind::find, 1, 0}}};
  const std::uint64_t hash = executor->execute(input, false).trace_hash;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(executor->execute(input, i % 2 != 0).trace_hash, hash);
    if (i == 1) executor->fresh_process();
  }
}

INSTANTIATE_TEST_SUITE_P(MappedMemory, RightMapped,
                         testing::Values("maps_its_arena", "maps_a_large_arena", "maps_an_arena_of_the_process",
                                         "maps_a_large_arena_of_the_process", "grows_mapped"),
                         [](const auto& info) { return std::string(info.param); });

TEST(MappedMemory, IsNoLongerThereOnceUnmapped) {
  EXPECT_EQ(explored(*of("reads_unmapped")).execution.violation.outcome, Outcome::use_after_free);
}

TEST(MappedMemory, IsLostWhereNobodyUnmapsIt) {
  EXPECT_EQ(explored(*of("loses_mapped")).execution.violation.outcome, Outcome::leak);
}

TEST(MappedMemory, MayNotBeHad) {
  EXPECT_EQ(explored(*of("does_not_check_mapped")).execution.violation.outcome, Outcome::clean);
  EXPECT_EQ(explored(*of("does_not_check_mapped"), fault_bit(ChoiceKind::alloc_fail)).execution.violation.outcome,
            Outcome::crash);
}

}  // namespace
}  // namespace mapquake
