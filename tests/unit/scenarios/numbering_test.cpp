// What the map's types cannot hold is given to no map: it would come back as something else.
#include "scenarios/ingredients.hpp"

#include "harness/history/program_numbers.hpp"
#include "scenarios/scenario.hpp"
#include "tests/unit/scenarios/claims_for_tests.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

namespace mapquake {
namespace {

constexpr Numbers byte{0, 255};
constexpr Numbers signed_byte{-128, 127};
constexpr Numbers word{0, 4'294'967'295};

RC_GTEST_PROP(Numbering, NothingIsAskedOfATypeThatItCannotHold, ()) {
  const Numbers keys = *rc::gen::element(byte, signed_byte, word, Numbers{0, 1}, Numbers{-5, -1});
  const Numbers values = *rc::gen::element(byte, signed_byte, word, Numbers{0, 1}, Numbers{0, 0}, Numbers{-7, -3});
  const auto all = all_scenarios();
  const Scenario& scenario = *all[*rc::gen::inRange<std::size_t>(0, all.size() - 1)];
  ScenarioOptions options;
  options.key_numbers = keys;
  options.value_numbers = values;
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const int size = *rc::gen::inRange(1, 101);
  Program program = scenario.generate(seed, size, everything_claimed, all_ops, options);
  program = scenario.breed(program, seed + 1, size, everything_claimed, all_ops, options);
  for (const std::int64_t* const key : keys_named(program)) RC_ASSERT(keys.contains(*key));
  RC_ASSERT(keys_within(keys, program));
  // Where nothing can be added to the least value, what upsert begins with (0) may not be held either.
  if (values.last > 0) RC_ASSERT(values_within(values, program));
}

TEST(Numbering, WhereAllCanBeHeldNothingChanges) {
  Program wide;
  wide.prefill = {{1, 0}, {2, 0}};
  wide.threads = {{{OpKind::insert, 3}, {OpKind::update, 1}}, {{OpKind::update, 2}}};
  Program stated = wide;
  number_values(wide);
  number_values(stated, word);
  EXPECT_EQ(wide, stated);
  fit_keys(word, stated);
  EXPECT_EQ(wide, stated);
}

TEST(Numbering, AByteKeepsDistinctValuesAsLongAsThereAreSome) {
  Program program;
  program.threads = {std::vector<Operation>(100, {OpKind::insert, 1}),
                     std::vector<Operation>(100, {OpKind::insert, 2})};
  number_values(program, byte);
  std::set<std::int64_t> values;
  for (const auto& thread : program.threads) {
    for (const Operation& operation : thread) EXPECT_TRUE(values.insert(operation.value).second);
  }
  EXPECT_TRUE(std::ranges::all_of(values, [](std::int64_t value) { return byte.contains(value) && value != 0; }));
}

TEST(Numbering, KeysThatFoldIntoOneAreFilledInOnce) {
  Program program;
  for (std::int64_t key = 1; key <= 300; ++key) program.prefill.push_back({key, key});
  program.threads = {{{OpKind::find, 300}}};
  fit_keys(byte, program);
  EXPECT_EQ(program.prefill.size(), 255u);
  EXPECT_EQ(program.threads[0][0].key, 300 % 255 + 1);
}

}  // namespace
}  // namespace mapquake
