// SearchKind::places: a fault that is known by its kind alone is put where it matters, with as few preemptions as can
// be.
#include "harness/case/execution_words.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing_support::bundled_plugin;
using testing_support::executor_for;
using testing_support::map_named;

SearchRequest places(std::vector<std::vector<Operation>> threads, ChoiceKind kind, std::uint32_t take) {
  SearchRequest request;
  request.kind = SearchKind::places;
  request.program.threads = std::move(threads);
  request.executions_max = 20'000;
  request.depth = 1;
  request.moved = {.kind = kind, .take = take};
  return request;
}

SearchResult searched(const char* plugin, const std::string& map, const SearchRequest& request) {
  return executor_for(map_named(bundled_plugin(plugin), map))->search(request);
}

TEST(PlaceSearch, FindsTheAllocationThatMatters) {
  SearchRequest request = places({{{OpKind::insert, 3, 30}}}, ChoiceKind::alloc_fail, 1);
  request.program.prefill = {{1, 10}, {2, 20}};
  const SearchResult found = searched("half_moved_table", "buggy_half_moved_table", request);
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.execution.violation.outcome, Outcome::exception_guarantee_broken);
  EXPECT_EQ(found.execution.faults, 1u);
  const SearchResult twin = searched("half_moved_table", "fixed_half_moved_table", request);
  EXPECT_FALSE(twin.found) << why_of(twin.execution);
  EXPECT_GT(twin.executions, 1u);
}

TEST(PlaceSearch, PrefersThePlaceThatNeedsNoPreemption) {
  const SearchRequest request = places({{{OpKind::insert, 1, 11}}, {{OpKind::insert, 1, 21}}}, ChoiceKind::delay, 25);
  const SearchResult found = searched("short_lease", "buggy_short_lease", request);
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.execution.preemptions, 0u);
  EXPECT_EQ(found.execution.faults, 1u);
}

TEST(PlaceSearch, PinnedFaultsStayAndTheNumberOfExecutionsIsKept) {
  SearchRequest request = places({{{OpKind::insert, 1, 11}}}, ChoiceKind::alloc_fail, 1);
  request.pinned = {{1, 0, 2, ChoiceKind::delay, 5}};
  request.executions_max = 3;
  const SearchResult result = searched("rwlock_map", "rwlock_map", request);
  EXPECT_FALSE(result.found);
  EXPECT_EQ(result.executions, 3u);
}

}  // namespace
}  // namespace mapquake
