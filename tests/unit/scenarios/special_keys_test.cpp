#include "scenarios/special_keys.hpp"

#include "scenarios/ingredients.hpp"
#include "tests/unit/scenarios/claims_for_tests.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace mapquake {
namespace {

RC_GTEST_PROP(SpecialKeysProperty, SpecialKeysOnlyTakeThePlaceOfOthers, ()) {
  const auto all = all_scenarios();
  const Scenario& scenario = *all[*rc::gen::inRange<std::size_t>(0, all.size() - 1)];
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const int size = *rc::gen::inRange(1, 101);
  ScenarioOptions options;
  const auto generate = [&] { return scenario.generate(seed, size, everything_claimed, map_operations, options); };
  Program plain = generate();
  options.special_keys = static_cast<std::uint16_t>(*rc::gen::inRange(1, 1 << special_keys.size()));
  Program special = generate();
  const std::vector<std::int64_t*> before = keys_named(plain), after = keys_named(special);
  RC_ASSERT(before.size() == after.size());
  std::map<std::int64_t, std::int64_t> renamed;
  std::set<std::int64_t> names, numbers;
  for (const std::int64_t* const key : before) numbers.insert(*key);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto [at, is_new] = renamed.emplace(*before[i], *after[i]);
    RC_ASSERT(at->second == *after[i]);
    RC_ASSERT(!is_new || names.insert(*after[i]).second);
    if (*before[i] != *after[i]) {
      RC_ASSERT(std::ranges::any_of(special_keys, [&](const SpecialKey& special) {
        const auto bit = &special - special_keys.data();
        const bool is_it = std::ranges::any_of(numbers, [&](std::int64_t n) { return special.beside(n) == *after[i]; });
        return is_it && (options.special_keys >> bit & 1) != 0;
      }));
    }
    *after[i] = *before[i];
  }
  RC_ASSERT(special == plain);
}

TEST(SpecialKeys, ComeUpInSomeProgramsOfMost) {
  ScenarioOptions options;
  options.special_keys = (1U << special_keys.size()) - 1;
  std::set<std::int64_t> seen;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Program program =
        find_scenario("mixed-operations")->generate(seed, 50, everything_claimed, map_operations, options);
    for (const std::int64_t* const key : keys_named(program)) seen.insert(*key);
  }
  for (const SpecialKey& special : special_keys) {
    EXPECT_TRUE(special.is_offset || seen.contains(special.number)) << special.number;
  }
}

}  // namespace
}  // namespace mapquake
