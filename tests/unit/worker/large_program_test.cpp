// Operations whose numbers need more than 16 bits.
#include "harness/case/execution_words.hpp"
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mapquake {
namespace {

TEST(LargeProgram, EveryOperationOfMainHasANumberOfItsOwn) {
  const auto executor = testing_support::executor_for(
      testing_support::map_named(testing_support::bundled_plugin("rwlock_map"), "rwlock_map"));
  Case input;
  constexpr std::int64_t entries = 65'600;
  for (std::int64_t key = 0; key < entries; ++key) input.program.prefill.push_back({key, key});
  input.program.threads = {{{OpKind::find, 1, 0}}, {{OpKind::find, 2, 0}}};
  const Execution execution = executor->execute(input, false);
  ASSERT_EQ(execution.violation.outcome, Outcome::clean) << why_of(execution);
  std::set<OpIndex> numbers;
  for (const Call& call : execution.history.calls) {
    if (call.thread != main_thread) continue;
    EXPECT_TRUE(numbers.insert(call.op).second) << call.op;
  }
  EXPECT_GT(*numbers.rbegin(), 65'600u);
  EXPECT_EQ(executor->execute(input, false).trace_hash, execution.trace_hash);
}

}  // namespace
}  // namespace mapquake
