#include "scenarios/breeding.hpp"

#include "scenarios/ingredients.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

namespace mapquake {
namespace {

Program of_threads(std::initializer_list<std::vector<Operation>> threads) {
  Program program;
  program.threads = threads;
  return program;
}

const Program kept = [] {
  Program program = of_threads({{{OpKind::insert, 5}, {OpKind::erase, 6}}, {{OpKind::find, 7}}});
  program.prefill = {{6, 6}, {8, 8}};
  return program;
}();
const Program other = of_threads({{{OpKind::assign, 1}}, {{OpKind::contains, 2}, {OpKind::size}}});

Program bred(std::uint64_t seed, Freedom freedom = {}) {
  Draw draw(rc::Random(seed), 50);
  return breed(draw, kept, other, freedom);
}

TEST(Breeding, OnlyThreadsOfOrdinaryKeysBreed) {
  EXPECT_TRUE(can_breed(kept));
  EXPECT_FALSE(can_breed(of_threads({{{OpKind::insert, 5}}})));
  EXPECT_FALSE(can_breed(of_threads({{{OpKind::insert, 5}}, {}})));
  EXPECT_FALSE(can_breed(of_threads({{{OpKind::insert, -1}}, {{OpKind::find, 1}}})));
  EXPECT_FALSE(can_breed(of_threads({{{OpKind::insert, INT64_MAX}}, {{OpKind::find, 1}}})));
  EXPECT_TRUE(can_breed(of_threads({{{OpKind::sleep, 100'000}}, {{OpKind::find, 1}}})));
}

TEST(Breeding, NothingIsMadeUp) {
  const std::set<OpKind> kinds{OpKind::insert, OpKind::erase,    OpKind::find,
                               OpKind::assign, OpKind::contains, OpKind::size};
  const std::set<std::int64_t> keys{1, 2, 5, 6, 7, 8};
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    Program program = bred(seed);
    ASSERT_TRUE(can_breed(program));
    ASSERT_EQ(program.threads.size(), 2u);
    for (const auto& thread : program.threads) {
      for (const Operation& operation : thread) ASSERT_TRUE(kinds.contains(operation.kind));
    }
    for (const std::int64_t* const key : keys_named(program)) ASSERT_TRUE(keys.contains(*key)) << *key;
    std::set<std::int64_t> filled;
    for (const abi::Entry& entry : program.prefill) ASSERT_TRUE(filled.insert(entry.key).second);
  }
}

TEST(Breeding, EveryKindOfChangeIsMade) {
  const auto some = [](auto test) {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
      if (test(bred(seed))) return true;
    }
    return false;
  };
  EXPECT_TRUE(some([](const Program& p) {
    return p.threads[0] == std::vector{kept.threads[0][1], kept.threads[0][0]};
  }));
  EXPECT_TRUE(some([](const Program& p) { return p.threads[1] == other.threads[1]; }));
  EXPECT_TRUE(some([](const Program& p) { return p.threads[0].size() == 1 && p.threads[1] == kept.threads[1]; }));
  EXPECT_TRUE(some([](const Program& p) { return p.operation_count() > 3; }));
  EXPECT_TRUE(some([](const Program& p) { return p.threads[1][0] == Operation{OpKind::find, 8}; }));
  EXPECT_TRUE(some([](const Program& p) { return p.threads[1][0].kind == OpKind::erase; }));
  EXPECT_TRUE(some([](const Program& p) { return p.threads == kept.threads && p.prefill.size() == 1; }));
  EXPECT_TRUE(some([](const Program& p) { return p.threads == kept.threads && p.prefill.size() == 3; }));
  EXPECT_TRUE(some([](const Program& p) { return p.threads == kept.threads && p.prefill.front().key == 8; }));
}

TEST(Breeding, SizesThatTheUserAskedForStay) {
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    const Program program = bred(seed, {.resize = false, .refill = false});
    ASSERT_EQ(program.threads[0].size(), 2u);
    ASSERT_EQ(program.threads[1].size(), 1u);
    ASSERT_EQ(program.prefill.size(), 2u);
  }
}

TEST(Breeding, ManyGenerationsStaySmall) {
  Program program = kept;
  for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
    Draw draw(rc::Random(seed), 50);
    program = breed(draw, program, other, {});
    ASSERT_TRUE(can_breed(program));
  }
  EXPECT_LE(program.operation_count(), 16u);
}

}  // namespace
}  // namespace mapquake
