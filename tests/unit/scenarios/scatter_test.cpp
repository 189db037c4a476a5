// The numbers of keys decide which of them meet in a bucket.
#include "scenarios/allowed.hpp"
#include "scenarios/ingredients.hpp"
#include "tests/unit/scenarios/claims_for_tests.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mapquake {
namespace {

TEST(ScatteredKeys, InEveryOtherProgram) {
  const Scenario& scenario = *find_scenario("mixed-operations");
  unsigned scattered = 0;
  std::set<std::int64_t> seen;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Program program = scenario.generate(seed, 40, weakly_iterating, all_ops, {.keys = 4});
    std::set<std::int64_t> keys;
    for (const auto& thread : program.threads) {
      for (const Operation& operation : thread) {
        if ((op_bit(operation.kind) & (point_reads | point_writes)) != 0) keys.insert(operation.key);
      }
    }
    EXPECT_LE(keys.size(), 4u);
    scattered += !keys.empty() && *keys.rbegin() > 4;
    seen.merge(keys);
  }
  EXPECT_GT(scattered, 350u);
  EXPECT_LT(scattered, 600u);
  EXPECT_EQ(*seen.begin(), 1);
  EXPECT_EQ(*seen.rbegin(), 99);
}

TEST(ScatteredKeys, ThoseOfAProgramStayAsDifferentAsTheyWere) {
  unsigned changed = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Program program;
    program.prefill = consecutive(1, 40);
    program.threads = {{{OpKind::find, 7, 0}, {OpKind::erase_if, 1, 0}, {OpKind::reserve, 5, 0}}};
    scatter_keys(seed, program);
    std::set<std::int64_t> keys;
    for (const auto& entry : program.prefill) keys.insert(entry.key);
    EXPECT_EQ(keys.size(), 40u);
    EXPECT_EQ(program.threads[0][0].key, program.prefill[6].key);
    EXPECT_EQ(program.threads[0][1].key, 1);
    EXPECT_EQ(program.threads[0][2].key, 5);
    changed += program.prefill[6].key != 7;
  }
  EXPECT_GT(changed, 30u);
}

TEST(ScatteredKeys, ManyKeysStayAsTheyAre) {
  Program program;
  program.prefill = consecutive(1, scattered_keys_max + 1);
  const Program before = program;
  for (std::uint64_t seed = 0; seed < 20; ++seed) scatter_keys(seed, program);
  EXPECT_EQ(program, before);
}

}  // namespace
}  // namespace mapquake
