// Threads beyond the number of those that can be alive at once begin new lives of those that are gone.
#include "tests/support/executors.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

Execution execution_of(const char* program) {
  const MapInfo map = testing_support::map_named(testing_support::test_plugin("many_threads"), program);
  Case input;
  input.program.threads = {{{OpKind::run, 0, 0}}};
  return testing_support::executor_for(map)->execute(input, false);
}

TEST(ReplayOfManyThreads, AThousandOneAfterTheOther) {
  for (const char* program : {"thousand_joined_threads", "thousand_detached_threads"}) {
    const Execution first = execution_of(program), again = execution_of(program);
    EXPECT_EQ(first.violation.outcome, Outcome::clean) << program << ": " << first.violation.why;
    EXPECT_EQ(first.trace_hash, again.trace_hash) << program;
  }
}

TEST(ReplayOfManyThreads, ThoseThatComeAgainRaceLikeOthers) {
  EXPECT_EQ(execution_of("race_after_many_threads").violation.outcome, Outcome::data_race);
}

}  // namespace
}  // namespace mapquake
