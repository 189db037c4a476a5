#include "tests/map_fuzzer/mutator.hpp"

#include "harness/case/case_bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace mapquake::map_fuzzer {
namespace {

TEST(MapFuzzerMutator, ChangesStayCasesAndReachEverything) {
  Rng rng(9);
  Case one = from_bytes({});
  std::size_t threads = 0, operations = 0, choices = 0, unchanged = 0;
  for (int i = 0; i < 20'000; ++i) {
    Case next = changed(one, rng);
    ASSERT_TRUE(std::ranges::is_sorted(next.choices));
    const auto bytes = to_bytes(next);
    ASSERT_TRUE(bytes) << bytes.error().what;
    const Case read = from_bytes(*bytes);
    ASSERT_EQ(read.program, next.program);
    ASSERT_EQ(read.choices, next.choices);
    unchanged += next.program == one.program && next.choices == one.choices;
    threads = std::max(threads, next.program.threads.size());
    operations = std::max(operations, next.program.operation_count());
    choices = std::max(choices, next.choices.size());
    one = std::move(next);
  }
  EXPECT_GE(threads, 3u);
  EXPECT_GE(operations, 4u);
  EXPECT_GE(choices, 5u);
  EXPECT_LT(unchanged, 6'000u);
}

TEST(MapFuzzerMutator, FollowsFromItsSeed) {
  const Case one = from_bytes({});
  Rng a(3), b(3);
  for (int i = 0; i < 100; ++i) {
    const Case x = changed(one, a), y = changed(one, b);
    ASSERT_EQ(x.program, y.program);
    ASSERT_EQ(x.choices, y.choices);
  }
}

TEST(MapFuzzerMutator, CrossesTwoCasesWithinTheLimits) {
  Case full;
  full.program.threads.resize(bytes_threads_max);
  Case other = full;
  other.choices = {{.thread = 1, .op = 0, .event = 3, .kind = ChoiceKind::schedule, .take = 2}};
  Rng rng(4);
  bool took_choices = false;
  for (int i = 0; i < 100; ++i) {
    const Case crossing = crossed(full, other, rng);
    ASSERT_TRUE(to_bytes(crossing));
    took_choices |= crossing.choices == other.choices;
  }
  EXPECT_TRUE(took_choices);
}

TEST(MapFuzzerMutator, OnBytesKeepsToTheirLimit) {
  constexpr std::size_t size_max = 60;
  const std::vector<std::uint8_t> other = *to_bytes(from_bytes({}));
  Rng rng(6);
  std::vector<std::uint8_t> one;
  std::size_t longest = 0, too_long = 0;
  for (int i = 0; i < 5'000; ++i) {
    const auto next = i % 5 == 0 ? crossed(one, other, size_max, rng) : changed(one, size_max, rng);
    ASSERT_LE(next.size(), size_max);
    longest = std::max(longest, next.size());
    too_long += next.empty();
    if (!next.empty()) one = next;
  }
  EXPECT_GT(longest, size_max - 10);
  EXPECT_GT(too_long, 0u);
  EXPECT_TRUE(changed(one, 3, rng).empty());
}

}  // namespace
}  // namespace mapquake::map_fuzzer
