#include "scenarios/scenario.hpp"

#include "scenarios/allowed.hpp"
#include "scenarios/equal_values.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/special_keys.hpp"
#include "tests/unit/scenarios/claims_for_tests.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>
#include <string>

namespace mapquake {
namespace {

Claims any_claims() {
  Claims claims;
  claims.concurrent_use = *rc::gen::element(ConcurrentUse::none, ConcurrentUse::readers, ConcurrentUse::all_operations,
                                            ConcurrentUse::all_operations);
  claims.iteration = *rc::gen::element(Iteration::none, Iteration::exclusive, Iteration::weakly_consistent,
                                       Iteration::fail_fast, Iteration::snapshot);
  claims.exclusive_operations = *rc::gen::element<OpMask>(0, 0, ops(OpKind::clear), ops(OpKind::size, OpKind::reserve),
                                                          ops(OpKind::iterate, OpKind::erase_if), all_ops);
  return claims;
}

ScenarioOptions any_options() {
  ScenarioOptions options;
  if (*rc::gen::arbitrary<bool>()) return options;
  options.threads = *rc::gen::inRange(0u, 6u);
  options.operations = *rc::gen::inRange(0u, 6u);
  options.keys = *rc::gen::inRange(0u, 9u);
  if (const unsigned prefill = *rc::gen::inRange(0u, 10u); prefill != 9) options.prefill = prefill;
  options.write_percent = *rc::gen::inRange(0u, 101u);
  options.hash_given = *rc::gen::arbitrary<bool>();
  options.hash = abi::HashMode::few;
  options.spike = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) options.growth_sizes = {1, 7, 100};
  if (*rc::gen::arbitrary<bool>()) options.special_keys = (1U << special_keys.size()) - 1;
  return options;
}

const Scenario& any_scenario() {
  // The last one is for programs, which have nothing to draw.
  const auto all = all_scenarios();
  return *all[*rc::gen::inRange<std::size_t>(0, all.size() - 1)];
}

OpMask used_by(const Program& program) {
  OpMask used = 0;
  for (const auto& thread : program.threads) {
    for (const Operation& operation : thread) used |= op_bit(operation.kind);
  }
  return used;
}

/// A program of any scenario that applies, with the arguments it was made from.
struct Sample {
  const Scenario& scenario = any_scenario();
  Claims claims = any_claims();
  OpMask operations = *rc::gen::inRange<OpMask>(0, all_ops + 1);
  ScenarioOptions options = any_options();
  std::uint64_t seed = *rc::gen::arbitrary<std::uint64_t>();
  int size = *rc::gen::inRange(1, 101);
  bool applies = scenario.applies(operations);
  bool claimed = scenario.claimed(claims, operations);
  unsigned ancestors = *rc::gen::element(0u, 0u, 1u, 5u);

  /// As it is drawn, or bred of one that is: what is promised of the one is promised of the other.
  Program generate() const {
    Program program = scenario.generate(seed, size, claims, operations, options);
    for (unsigned n = 1; n <= ancestors; ++n) {
      program = scenario.breed(program, seed + n, size, claims, operations, options);
    }
    return program;
  }
};

RC_GTEST_PROP(ScenarioProperty, IsDeterminedByItsArguments, ()) {
  const Sample sample;
  RC_PRE(sample.applies);
  RC_ASSERT(sample.generate() == sample.generate());
}

RC_GTEST_PROP(ScenarioProperty, WhatIsClaimedApplies, ()) {
  const Sample sample;
  if (sample.claimed) RC_ASSERT(sample.applies);
}

RC_GTEST_PROP(ScenarioProperty, UsesOnlyOperationsThatTheMapHas, ()) {
  const Sample sample;
  RC_PRE(sample.applies);
  RC_ASSERT((used_by(sample.generate()) & ~sample.operations) == 0u);
}

RC_GTEST_PROP(ScenarioProperty, ClaimedProgramsKeepToTheClaims, ()) {
  const Sample sample;
  RC_PRE(sample.claimed);
  const Program program = sample.generate();
  if (program.threads.size() == 1) return;
  const OpMask used = used_by(program);
  RC_ASSERT(sample.claims.concurrent_use != ConcurrentUse::none);
  RC_ASSERT((used & sample.claims.exclusive_operations) == 0u);
  if (sample.claims.concurrent_use == ConcurrentUse::readers) {
    RC_ASSERT((used & ~const_ops) == 0u);
    return;
  }
  const bool traversal_alone =
      sample.claims.iteration == Iteration::exclusive || sample.claims.iteration == Iteration::fail_fast;
  if (traversal_alone) RC_ASSERT((used & traversals) == 0u);
}

RC_GTEST_PROP(ScenarioProperty, OptionsAreObeyed, ()) {
  const Sample sample;
  RC_PRE(sample.applies && !sample.options.spike);
  const Program program = sample.generate();
  const bool concurrent = sample.claims.concurrent_use == ConcurrentUse::all_operations;
  const bool single =
      sample.scenario.name() == "single-thread" || (sample.scenario.name() == "allocation-sweep" && !concurrent);
  if (single) RC_ASSERT(program.threads.size() == 1u);
  if (sample.options.threads != 0 && !single) RC_ASSERT(program.threads.size() == sample.options.threads);
  for (const auto& thread : program.threads) {
    RC_ASSERT(!thread.empty());
    if (sample.options.operations != 0) RC_ASSERT(thread.size() == sample.options.operations);
  }
  if (sample.options.prefill && (sample.operations & adding_ops) != 0) {
    RC_ASSERT(program.prefill.size() == *sample.options.prefill);
  }
  if (sample.options.hash_given) RC_ASSERT(program.hash == sample.options.hash);
}

RC_GTEST_PROP(ScenarioProperty, ASpikeOnlyAdds, ()) {
  Sample sample;
  sample.ancestors = 0;
  RC_PRE(sample.applies);
  sample.options.spike = false;
  Program calm = sample.generate();
  // Which key is replaced by a special one depends on all that there are.
  RC_PRE(std::ranges::none_of(keys_named(calm), [](const std::int64_t* key) { return *key < 0 || *key > 400; }));
  sample.options.spike = true;
  const Program spiked = sample.generate();
  RC_ASSERT(spiked.threads.size() >= calm.threads.size());
  RC_ASSERT(calm.threads.size() > 1 || spiked.threads.size() == 1);
  for (std::size_t thread = 0; thread < calm.threads.size(); ++thread) {
    RC_ASSERT(spiked.threads[thread].size() >= calm.threads[thread].size());
    for (std::size_t op = 0; op < calm.threads[thread].size(); ++op) {
      RC_ASSERT(spiked.threads[thread][op].kind == calm.threads[thread][op].kind);
      RC_ASSERT(spiked.threads[thread][op].key == calm.threads[thread][op].key);
    }
  }
}

RC_GTEST_PROP(ScenarioProperty, EveryWrittenValueTellsItsWriter, ()) {
  const Sample sample;
  RC_PRE(sample.applies && !gets_equal_values(sample.seed + sample.ancestors));
  const Program program = sample.generate();
  std::set<std::int64_t> values, keys;
  for (const auto& entry : program.prefill) {
    RC_ASSERT(values.insert(entry.value).second);
    // A range that constructs the map may have a key twice.
    RC_ASSERT(keys.insert(entry.key).second || (program.construct_from_range && &entry == &program.prefill.back()));
  }
  std::int64_t most = 0;
  std::vector<std::int64_t> amounts;
  for (const auto& thread : program.threads) {
    for (const Operation& operation : thread) {
      if (adds_amount(operation.kind)) amounts.push_back(operation.value);
      if (!writes_value(operation.kind)) continue;
      RC_ASSERT(values.insert(operation.value).second);
      most = std::max(most, operation.value);
    }
  }
  std::set<std::int64_t> distinct(amounts.begin(), amounts.end());
  RC_ASSERT(distinct.size() == std::min<std::size_t>(amounts.size(), 20));
  for (const std::int64_t amount : amounts) RC_ASSERT(amount > most);
}

RC_GTEST_PROP(ScenarioProperty, SomethingIsWrittenWhereverWritingIsAllowed, ()) {
  const Sample sample;
  RC_PRE(sample.applies && sample.claims.concurrent_use == ConcurrentUse::all_operations);
  RC_PRE(sample.claimed && sample.scenario.name() != "single-thread");
  RC_PRE((concurrent_ops(sample.claims, sample.operations) & point_writes) != 0u);
  RC_PRE(sample.options.threads != 1u);
  RC_ASSERT((used_by(sample.generate()) & (point_writes | whole_map_writes)) != 0u);
}

TEST(ScenarioTest, TwelveOfThemAndEachIsFoundByItsName) {
  EXPECT_EQ(all_scenarios().size(), 12u);
  for (const Scenario* scenario : all_scenarios()) {
    EXPECT_EQ(find_scenario(scenario->name()), scenario);
    EXPECT_FALSE(scenario->about().empty());
  }
  EXPECT_EQ(find_scenario("mixed"), nullptr);
  EXPECT_EQ(find_scenario(""), nullptr);
}

TEST(ScenarioTest, AProgramHasOneScenarioAndNoMapHasIt) {
  constexpr OpMask run = ops(OpKind::run);
  for (const Scenario* scenario : all_scenarios()) {
    const bool of_programs = scenario->name() == "program";
    EXPECT_EQ(scenario->applies(run), of_programs) << scenario->name();
    EXPECT_EQ(scenario->applies(map_operations), !of_programs) << scenario->name();
  }
  const Program program = find_scenario("program")->generate(7, 100, {}, run, {.threads = 9, .operations = 9});
  EXPECT_EQ(program.threads, (std::vector<std::vector<Operation>>{{{OpKind::run, 0, 0}}}));
  EXPECT_TRUE(program.prefill.empty());
}

TEST(ScenarioTest, ClaimsDecideWhatADefaultCampaignRuns) {
  const auto claimed_by = [](ConcurrentUse use, Iteration iteration, OpMask exclusive = 0) {
    std::set<std::string> names;
    for (const Scenario* scenario : all_scenarios()) {
      const Claims claims{.concurrent_use = use, .iteration = iteration, .exclusive_operations = exclusive};
      if (scenario->claimed(claims, all_ops)) names.emplace(scenario->name());
    }
    return names;
  };
  using Names = std::set<std::string>;
  EXPECT_EQ(claimed_by(ConcurrentUse::none, Iteration::exclusive), (Names{"single-thread", "allocation-sweep"}));
  EXPECT_EQ(claimed_by(ConcurrentUse::readers, Iteration::exclusive),
            (Names{"single-thread", "read-mostly", "allocation-sweep"}));
  EXPECT_EQ(claimed_by(ConcurrentUse::all_operations, Iteration::exclusive),
            (Names{"single-thread", "mixed-operations", "read-mostly", "rehash-pressure", "load-spike", "get-or-create",
                   "moving-window", "allocation-sweep"}));
  EXPECT_EQ(claimed_by(ConcurrentUse::all_operations, Iteration::weakly_consistent).size(), 11u);
  EXPECT_EQ(claimed_by(ConcurrentUse::all_operations, Iteration::snapshot,
                       op_bit(OpKind::iterate) | op_bit(OpKind::cursor_open))
                .count("iterate-while-writing"),
            0u);
}

TEST(ScenarioTest, ANamedScenarioRunsInFullOnAMapThatDoesNotClaimIt) {
  const Scenario& scenario = *find_scenario("iterate-while-writing");
  const Claims none{.concurrent_use = ConcurrentUse::none, .exclusive_operations = op_bit(OpKind::iterate)};
  ASSERT_FALSE(scenario.claimed(none, all_ops));
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Program program = scenario.generate(seed, 50, none, all_ops, {});
    EXPECT_GE(program.threads.size(), 2u);
    EXPECT_NE(used_by(program) & traversals, 0u);
    EXPECT_NE(used_by(program) & (point_writes | whole_map_writes), 0u);
  }
}

TEST(ScenarioTest, RehashPressureCrossesGrowthBoundaries) {
  const Scenario& scenario = *find_scenario("rehash-pressure");
  std::set<std::size_t> crossed;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Program program = scenario.generate(seed, 1 + static_cast<int>(seed % 100), everything_claimed, all_ops, {});
    std::set<std::int64_t> present, fresh;
    for (const auto& entry : program.prefill) present.insert(entry.key);
    for (const auto& thread : program.threads) {
      for (const Operation& operation : thread) {
        const bool adds = (op_bit(operation.kind) & adding_ops) != 0;
        if (adds && present.count(operation.key) == 0) fresh.insert(operation.key);
      }
    }
    ASSERT_FALSE(fresh.empty());
    for (std::size_t i = 0; i < fresh.size(); ++i) crossed.insert(program.prefill.size() + i);
  }
  for (const std::size_t boundary : {4, 6, 7, 8, 13, 16, 26, 32}) EXPECT_EQ(crossed.count(boundary), 1u) << boundary;
}

TEST(ScenarioTest, MixedOperationsHasTinyHotAndCollidingPrograms) {
  const Scenario& scenario = *find_scenario("mixed-operations");
  unsigned tiny = 0, hot = 0, colliding = 0, whole = 0;
  std::map<std::size_t, unsigned> threads;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Program program = scenario.generate(seed, 40, everything_claimed, all_ops, {});
    ++threads[program.threads.size()];
    std::size_t operations = 0;
    std::set<std::int64_t> keys;
    for (const auto& thread : program.threads) {
      operations += thread.size();
      for (const Operation& operation : thread) {
        if ((op_bit(operation.kind) & (point_reads | point_writes)) != 0) keys.insert(operation.key);
      }
    }
    tiny += operations <= 4 ? 1 : 0;
    hot += keys.size() == 1 ? 1 : 0;
    colliding += program.hash == abi::HashMode::constant || program.hash == abi::HashMode::few ? 1 : 0;
    whole += (used_by(program) & whole_map_writes) != 0 ? 1 : 0;
  }
  EXPECT_GT(tiny, 200u);
  EXPECT_GT(hot, 200u);
  EXPECT_GT(colliding, 100u);
  EXPECT_GT(whole, 100u);
  EXPECT_GT(threads[2], threads[3]);
  EXPECT_EQ(threads.count(1), 0u);
}

TEST(ScenarioTest, LoadSpikeIsLargerThanMixedOperations) {
  const auto operations = [](const char* name) {
    std::size_t sum = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const Program program = find_scenario(name)->generate(seed, 60, everything_claimed, all_ops, {});
      for (const auto& thread : program.threads) sum += thread.size();
    }
    return sum;
  };
  EXPECT_GT(operations("load-spike"), 2 * operations("mixed-operations"));
}

TEST(ScenarioTest, ManyEntriesHaveHashesThatTellThemApart) {
  ScenarioOptions options;
  for (const bool many : {false, true}) {
    options.prefill = many ? 1'000 : 8;
    std::set<abi::HashMode> seen;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      seen.insert(find_scenario("mixed-operations")->generate(seed, 100, everything_claimed, all_ops, options).hash);
    }
    EXPECT_EQ(seen.contains(abi::HashMode::constant), !many);
    EXPECT_EQ(seen.contains(abi::HashMode::few), !many);
  }
}

TEST(ScenarioTest, ThreeFibersOfFourOperationsOnRequest) {
  const Program program =
      find_scenario("mixed-operations")->generate(1, 10, everything_claimed, all_ops, {.threads = 3, .operations = 4});
  ASSERT_EQ(program.threads.size(), 3u);
  for (const auto& thread : program.threads) EXPECT_EQ(thread.size(), 4u);
}

TEST(ScenarioTest, TheStressPresetIsWithinTheLimits) {
  const ScenarioOptions stress{.threads = 100, .operations = 10'000};
  const Program program = find_scenario("load-spike")->generate(1, 10, everything_claimed, all_ops, stress);
  EXPECT_EQ(program.threads.size() * program.threads.front().size(), 1'000'000u);
}

TEST(ScenarioTest, MoreThanTheLimitsIsCutDownToThem) {
  const ScenarioOptions absurd{.threads = 4'000'000'000u, .operations = 20'000, .keys = 4'000'000'000u};
  const Program program = find_scenario("load-spike")->generate(1, 10, everything_claimed, all_ops, absurd);
  EXPECT_EQ(program.threads.size(), program_threads_max);
  EXPECT_LE(program.threads.size() * program.threads.front().size(), program_operations_max);
}

}  // namespace
}  // namespace mapquake
