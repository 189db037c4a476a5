// What a map may have allocated at a time. The limit is part of the case, so a failure repeats wherever it is replayed.
#include "harness/case/execution_words.hpp"
#include "harness/store/replay_file.hpp"
#include "tests/support/executors.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing_support::executor_for;
using testing_support::exploring;
using testing_support::map_named;
using testing_support::test_plugin;

constexpr std::uint64_t mib = std::uint64_t{1} << 20;

MapInfo growing() {
  return map_named(test_plugin("memory_appetite"), "grows_8_mib");
}

/// One thread, which inserts so often: 8 MiB each.
Case inserting(int times, std::uint64_t limit) {
  Case one;
  one.program.memory_limit = limit;
  one.program.threads.emplace_back();
  for (int i = 1; i <= times; ++i) one.program.threads.front().push_back({OpKind::insert, i, i});
  return one;
}

TEST(MemoryLimit, EndsAnExecutionThatAsksForMore) {
  const auto executor = executor_for(growing());
  const Execution beyond = executor->execute(inserting(3, 24 * mib), false);
  EXPECT_EQ(beyond.violation.outcome, Outcome::out_of_memory);
  EXPECT_EQ(beyond.violation.label, "memory limit");
  EXPECT_THAT(why_of(beyond), HasSubstr("A's insert(3, 3) asks for 8,388,608 bytes"));
  EXPECT_THAT(why_of(beyond), HasSubstr("the limit of 25,165,824 bytes (--memory-limit)"));
  EXPECT_EQ(beyond.history.calls.size(), 3u);
  // What the map's nodes take is less than a mebibyte.
  EXPECT_EQ(executor->execute(inserting(3, 25 * mib), false).violation.outcome, Outcome::clean);
  EXPECT_EQ(executor->execute(inserting(2, 24 * mib), false).violation.outcome, Outcome::clean);
  EXPECT_EQ(executor->execute(inserting(3, memory_limit_default), false).violation.outcome, Outcome::clean);
}

TEST(MemoryLimit, RepeatsAndLeavesNothingBehind) {
  const auto executor = executor_for(growing());
  const Case beyond = inserting(9, 64 * mib), within = inserting(9, 128 * mib);
  const Execution passed = executor->execute(within, false), failed = executor->execute(beyond, false);
  EXPECT_EQ(passed.violation.outcome, Outcome::clean);
  EXPECT_EQ(failed.violation.outcome, Outcome::out_of_memory);
  for (const bool fresh : {false, true}) {
    if (fresh) executor->fresh_process();
    EXPECT_EQ(executor->execute(beyond, true).trace_hash, failed.trace_hash);
    EXPECT_EQ(executor->execute(within, true).trace_hash, passed.trace_hash);
  }
}

/// Ten times as long as it may run without a scheduling point, and more where the machine is slow.
TEST(MemoryLimit, FillingFreshMemoryIsNoHang) {
  constexpr Limits impatient{.hang_cpu_ms = 10};
  const auto executor = executor_for(map_named(test_plugin("memory_appetite"), "grows_400_mib"), impatient);
  const Execution filled = executor->execute(inserting(1, memory_limit_default), false);
  EXPECT_EQ(filled.violation.outcome, Outcome::clean) << why_of(filled);
}

TEST(MemoryLimit, OfACampaignBecomesThatOfItsCases) {
  const auto executor = executor_for(growing());
  ExploreRequest request = exploring("mixed-operations", 3, 100);
  request.plan.memory_limit = 16 * mib;
  ExploreProgress progress;
  const ExploreResult found = executor->explore(request, progress);
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.execution.violation.outcome, Outcome::out_of_memory);
  EXPECT_EQ(found.failing.program.memory_limit, 16 * mib);
  EXPECT_EQ(executor->execute(found.failing, false).trace_hash, found.execution.trace_hash);
  request.plan.memory_limit = 0;
  EXPECT_FALSE(executor->explore(request, progress).found);
}

TEST(MemoryLimit, IsInTheReplayFileWhereItIsNotTheUsualOne) {
  ReplayFile file;
  file.map = "grows_8_mib";
  file.outcome = Outcome::out_of_memory;
  file.program = inserting(3, 24 * mib).program;
  const std::string text = to_toml(file);
  EXPECT_THAT(text, HasSubstr("memory_limit = 25165824\n"));
  const auto read = parse_replay(text, "file", false);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->program, file.program);
  file.program.memory_limit = memory_limit_default;
  EXPECT_THAT(to_toml(file), testing::Not(HasSubstr("memory_limit")));

  constexpr std::string_view scenario = "mapquake = 1\n[program]\nmemory_limit = {}\nthreads = [[\"insert 1 1\"]]\n";
  for (const std::uint64_t wrong : {std::uint64_t{0}, memory_limit_min - 1, memory_limit_max + 1}) {
    const auto refused = parse_replay(fmt::format(fmt::runtime(scenario), wrong), "file", false);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_THAT(refused.error().what, HasSubstr("memory_limit"));
  }
  EXPECT_TRUE(parse_replay(fmt::format(fmt::runtime(scenario), memory_limit_min), "file", false));
}

}  // namespace
}  // namespace mapquake
