#include "scenarios/long_run.hpp"

#include "scenarios/allowed.hpp"
#include "scenarios/scenario.hpp"
#include "tests/unit/scenarios/claims_for_tests.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace mapquake {
namespace {

std::size_t longest_thread(const Program& program) {
  std::size_t longest = 0;
  // Without the steps that follow where a cursor is open.
  const auto is_drawn = [](const Operation& operation) { return (op_bit(operation.kind) & follow_ups) == 0; };
  for (const auto& thread : program.threads) {
    longest = std::max(longest, static_cast<std::size_t>(std::ranges::count_if(thread, is_drawn)));
  }
  return longest;
}

/// Of those that usual programs of mixed-operations do not reach.
constexpr std::size_t usual_max = 6;

TEST(LongRun, SomeProgramsOfAScenarioThatBearsThemHaveOne) {
  std::size_t longest = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Program program = find_scenario("mixed-operations")->generate(seed, 100, weakly_iterating, all_ops, {});
    const std::size_t length = longest_thread(program);
    if (!gets_long_run(seed, {})) {
      EXPECT_LE(length, usual_max) << seed;
    }
    longest = std::max(longest, length);
  }
  EXPECT_GT(longest, 256u);
}

/// New keys one after the other, and then most of them erased.
bool fills_and_drains(const std::vector<Operation>& thread) {
  constexpr std::size_t keys_min = 10;
  std::set<std::int64_t> added, erased;
  for (const Operation& operation : thread) {
    if (operation.kind == OpKind::insert && erased.empty()) added.insert(operation.key);
    if (operation.kind == OpKind::erase && added.contains(operation.key)) erased.insert(operation.key);
  }
  return added.size() >= keys_min && erased.size() >= added.size() - 5;
}

TEST(LongRun, SomeFillTheMapAndDrainIt) {
  constexpr OpMask some = ops(OpKind::insert, OpKind::find, OpKind::erase);
  std::size_t so = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const Program program = find_scenario("single-thread")->generate(seed, 100, weakly_iterating, some, {});
    so += static_cast<std::size_t>(std::ranges::count_if(program.threads, fills_and_drains));
  }
  EXPECT_GE(so, 5u);
}

TEST(LongRun, SomeAreWritesToTheKeyOfALookUpBesideThem) {
  constexpr OpMask some = ops(OpKind::assign, OpKind::find, OpKind::erase);
  std::set<std::size_t> lengths;
  for (std::uint64_t seed = 0; seed < 8000; ++seed) {
    const Program program = find_scenario("mixed-operations")->generate(seed, 100, weakly_iterating, some, {});
    if (!gets_long_run(seed, {}) || program.threads.size() != 2 || program.threads[0].size() != 1) continue;
    const Operation& look = program.threads[0][0];
    const auto writes_it = [&](const Operation& other) { return is_write(other.kind) && other.key == look.key; };
    if (look.kind != OpKind::find || !std::ranges::all_of(program.threads[1], writes_it)) continue;
    lengths.insert(program.threads[1].size());
  }
  EXPECT_TRUE(lengths.contains(8) && lengths.contains(16) && lengths.contains(32));
}

TEST(LongRun, OtherScenariosHaveNone) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Program program = find_scenario("get-or-create")->generate(seed, 100, weakly_iterating, all_ops, {});
    for (const auto& thread : program.threads) {
      for (const Operation& operation : thread) EXPECT_EQ(operation.kind, OpKind::get_or_create);
    }
  }
}

TEST(LongRun, WhoSaysHowLongProgramsAreGetsThem) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Program program = find_scenario("mixed-operations")
                                ->generate(seed, 100, weakly_iterating, all_ops, {.threads = 2, .operations = 3});
    EXPECT_EQ(longest_thread(program), 3u);
  }
}

TEST(LongRun, IsMadeOfWhatTheMapAllows) {
  constexpr OpMask some = ops(OpKind::insert, OpKind::find, OpKind::erase);
  std::set<OpKind> kinds;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Program program = find_scenario("mixed-operations")->generate(seed, 100, weakly_iterating, some, {});
    for (const auto& thread : program.threads) {
      for (const Operation& operation : thread) kinds.insert(operation.kind);
    }
  }
  EXPECT_EQ(kinds, (std::set{OpKind::insert, OpKind::find, OpKind::erase}));
}

TEST(LongRun, OfReadersIsOfLookUps) {
  constexpr Claims readers{.concurrent_use = ConcurrentUse::readers};
  std::size_t longest = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Program program = find_scenario("single-thread")->generate(seed, 100, readers, point_reads, {});
    for (const auto& thread : program.threads) {
      for (const Operation& operation : thread) EXPECT_NE(op_bit(operation.kind) & point_reads, 0u);
    }
    longest = std::max(longest, longest_thread(program));
  }
  EXPECT_GE(longest, 36u);
}

TEST(LongRun, SomeClearTheMapAgainAndAgain) {
  constexpr OpMask some = ops(OpKind::insert, OpKind::find, OpKind::clear);
  std::size_t longest = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    const Program program = find_scenario("mixed-operations")->generate(seed, 100, weakly_iterating, some, {});
    for (const auto& thread : program.threads) {
      const auto clears = std::ranges::count(thread, OpKind::clear, &Operation::kind);
      longest = std::max(longest, static_cast<std::size_t>(clears));
    }
  }
  EXPECT_GE(longest, 256u);
}

}  // namespace
}  // namespace mapquake
