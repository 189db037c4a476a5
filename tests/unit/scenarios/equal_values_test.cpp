#include "scenarios/equal_values.hpp"

#include "scenarios/scenario.hpp"
#include "tests/unit/scenarios/claims_for_tests.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mapquake {
namespace {

TEST(EqualValues, AreInOneProgramOfSixteenAndTwoInNumber) {
  const Scenario& scenario = *find_scenario("mixed-operations");
  constexpr unsigned programs = 3'200;
  unsigned with_equal_values = 0;
  for (std::uint64_t seed = 0; seed < programs; ++seed) {
    const Program program = scenario.generate(seed, 80, everything_claimed, all_ops, {});
    std::set<std::int64_t> written;
    std::size_t writes = program.prefill.size();
    for (const auto& entry : program.prefill) written.insert(entry.value);
    for (const auto& thread : program.threads) {
      for (const Operation& operation : thread) {
        if (!writes_value(operation.kind)) continue;
        written.insert(operation.value);
        ++writes;
      }
    }
    if (!gets_equal_values(seed)) {
      EXPECT_EQ(written.size(), writes) << seed;
      continue;
    }
    ++with_equal_values;
    for (const std::int64_t value : written) EXPECT_TRUE(value == 1 || value == 2) << value;
  }
  EXPECT_NEAR(with_equal_values, programs / programs_per_equal_values, 60);
}

TEST(EqualValues, ChangeNothingElse) {
  std::uint64_t seed = 0;
  while (!gets_equal_values(seed)) ++seed;
  Program program;
  program.prefill = {{5, 5}, {6, 6}};
  program.threads = {{{OpKind::insert, 7, 11}, {OpKind::update, 5, 1'000}, {OpKind::find, 6, 0}}};
  Program changed = program;
  give_equal_values(seed, {}, changed);
  EXPECT_NE(changed, program);
  for (std::size_t i = 0; i < 2; ++i) changed.prefill[i].value = program.prefill[i].value;
  changed.threads[0][0].value = 11;
  EXPECT_EQ(changed, program);
}

}  // namespace
}  // namespace mapquake
