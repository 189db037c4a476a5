// The scenarios that take a workload of the post-mortems: what they are named for is in their programs.
#include "scenarios/allowed.hpp"
#include "scenarios/scenario.hpp"
#include "tests/unit/scenarios/claims_for_tests.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace mapquake {
namespace {

/// Calls `check(program)` for many programs of the scenario.
template <class Check>
void for_programs(const char* scenario, const ScenarioOptions& options, Check check) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    check(
        find_scenario(scenario)->generate(seed, 1 + static_cast<int>(seed % 100), weakly_iterating, all_ops, options));
  }
}

TEST(TtlSweep, OneThreadOnlySweepsAndTheOthersNever) {
  unsigned refreshed = 0;
  for_programs("ttl-sweep", {}, [&](const Program& program) {
    EXPECT_FALSE(program.prefill.empty());
    for (const Operation& operation : program.threads[0]) EXPECT_EQ(operation.kind, OpKind::erase_if);
    for (std::size_t thread = 1; thread < program.threads.size(); ++thread) {
      for (const Operation& operation : program.threads[thread]) {
        EXPECT_NE(operation.kind, OpKind::erase_if);
        refreshed += (ops(OpKind::assign, OpKind::update, OpKind::replace, OpKind::compare_exchange, OpKind::upsert,
                          OpKind::update_calling) &
                      op_bit(operation.kind)) != 0;
      }
    }
  });
  EXPECT_GT(refreshed, 300u);
}

TEST(TtlSweep, SleepsForAsLongAsEntriesLiveOrHalfOfIt) {
  unsigned slept = 0, all_begin_so = 0;
  for_programs("ttl-sweep", {.ttl_ms = 10}, [&](const Program& program) {
    for (const auto& thread : program.threads) {
      for (const Operation& operation : thread) {
        if (operation.kind != OpKind::sleep) continue;
        EXPECT_TRUE(operation.key == 12 || operation.key == 5) << operation.key;
        ++slept;
      }
    }
    all_begin_so +=
        std::ranges::all_of(program.threads, [](const auto& thread) { return thread[0].kind == OpKind::sleep; });
  });
  EXPECT_GT(slept, 150u);
  EXPECT_GT(all_begin_so, 30u);
}

TEST(IterateWhileWriting, CursorsGoOnBetweenOtherOperations) {
  unsigned opened = 0, stepped_behind_others = 0;
  for_programs("iterate-while-writing", {}, [&](const Program& program) {
    for (const auto& thread : program.threads) {
      bool open = false;
      for (std::size_t i = 0; i < thread.size(); ++i) {
        const OpKind kind = thread[i].kind;
        if (kind == OpKind::cursor_step) {
          EXPECT_TRUE(open);
          stepped_behind_others += !is_of_cursor(thread[i - 1].kind);
        }
        open = open || kind == OpKind::cursor_open;
        opened += kind == OpKind::cursor_open;
      }
    }
  });
  EXPECT_GT(opened, 50u);
  EXPECT_GT(stepped_behind_others, 10u);
}

TEST(IterateWhileWriting, TransactionsNameTwoKeysWhereThereAreTwo) {
  unsigned two = 0, one = 0;
  for_programs("iterate-while-writing", {.keys = 4}, [&](const Program& program) {
    for (const auto& thread : program.threads) {
      for (const Operation& operation : thread) {
        if (is_transaction(operation.kind)) ++(operation.key != operation.extra ? two : one);
      }
    }
  });
  EXPECT_GT(two, 50u);
  EXPECT_LT(one, two / 4);
}

TEST(GetOrCreate, EveryOperationAsksForAnObject) {
  for_programs("get-or-create", {.threads = 8, .operations = 6, .keys = 100}, [](const Program& program) {
    ASSERT_EQ(program.threads.size(), 8u);
    for (const auto& thread : program.threads) {
      ASSERT_EQ(thread.size(), 6u);
      for (const Operation& operation : thread) {
        EXPECT_EQ(operation.kind, OpKind::get_or_create);
        EXPECT_LE(operation.key, 100);
      }
    }
  });
}

TEST(GetOrCreate, ErasesWhereWritesAreAskedFor) {
  unsigned erased = 0;
  for_programs("get-or-create", {.operations = 6, .write_percent = 50}, [&](const Program& program) {
    for (const auto& thread : program.threads) {
      erased += static_cast<unsigned>(std::ranges::count(thread, OpKind::erase, &Operation::kind));
    }
  });
  EXPECT_GT(erased, 300u);
}

TEST(MovingWindow, EveryAddedKeyIsFreshAndTheOldestGo) {
  constexpr unsigned window = 4;
  unsigned erased = 0;
  for_programs("moving-window", {.operations = 8, .keys = window}, [&](const Program& program) {
    std::set<std::int64_t> present;
    for (const auto& entry : program.prefill) present.insert(entry.key);
    auto newest = static_cast<std::int64_t>(present.size());
    unsigned added = 0;
    for (const auto& thread : program.threads) {
      for (const Operation& operation : thread) {
        if ((op_bit(operation.kind) & adding_ops) != 0) {
          EXPECT_EQ(operation.key, ++newest);
          ++added;
        } else if (operation.kind == OpKind::erase) {
          EXPECT_EQ(operation.key, newest - window);
          ++erased;
        } else {
          // At the oldest, the key that has just gone: an operation may name its predecessor's again.
          EXPECT_GE(operation.key, std::max<std::int64_t>(1, newest - window));
        }
      }
    }
    EXPECT_GE(added, 1u);
  });
  EXPECT_GT(erased, 100u);
}

}  // namespace
}  // namespace mapquake
