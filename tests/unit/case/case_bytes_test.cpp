#include "harness/case/case_bytes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace mapquake {
namespace {

using testing::HasSubstr;

Case any_case() {
  Case one;
  Program& program = one.program;
  program.hash = static_cast<abi::HashMode>(*rc::gen::inRange(0, 4));
  program.construct_from_range = *rc::gen::arbitrary<bool>();
  program.capacity_hint = *rc::gen::inRange<std::uint64_t>(0, bytes_capacity_max + 1);
  program.capacity = *rc::gen::inRange<std::uint64_t>(0, bytes_capacity_max + 1);
  program.races_passed = *rc::gen::arbitrary<std::uint32_t>();
  program.steps_max = *rc::gen::inRange(steps_max_min, steps_max_max + 1);
  program.memory_limit = std::uint64_t{*rc::gen::inRange(256u, 4097u)} << 20;
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
    program.prefill.push_back({*rc::gen::arbitrary<std::int64_t>(), *rc::gen::arbitrary<std::int64_t>()});
  }
  program.threads.resize(static_cast<std::size_t>(*rc::gen::inRange(1, 17)));
  for (auto& operations : program.threads) {
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
      operations.push_back({static_cast<OpKind>(*rc::gen::inRange(0, static_cast<int>(op_kind_count))),
                            *rc::gen::arbitrary<std::int64_t>(), *rc::gen::arbitrary<std::int64_t>(),
                            *rc::gen::arbitrary<std::int64_t>()});
      if (operations.back().kind == OpKind::sleep) operations.back().key %= bytes_sleep_ms_max;
      if (operations.back().kind == OpKind::reserve) operations.back().key &= bytes_capacity_max - 1;
    }
  }
  for (int i = *rc::gen::inRange(0, 9); i > 0; --i) {
    one.choices.push_back({.thread = static_cast<ThreadId>(*rc::gen::inRange(0u, threads_max)),
                           .op = *rc::gen::arbitrary<std::uint16_t>(),
                           .event = *rc::gen::arbitrary<std::uint32_t>(),
                           .kind = static_cast<ChoiceKind>(*rc::gen::inRange(0u, choice_kind_count)),
                           .take = *rc::gen::arbitrary<std::uint32_t>()});
  }
  std::ranges::sort(one.choices);
  return one;
}

void assert_same(const Case& a, const Case& b) {
  RC_ASSERT(a.program == b.program);
  RC_ASSERT(a.choices == b.choices);
}

RC_GTEST_PROP(CaseBytes, HoldTheWholeCase, ()) {
  const Case one = any_case();
  const auto bytes = to_bytes(one);
  RC_ASSERT(static_cast<bool>(bytes));
  assert_same(from_bytes(*bytes), one);
}

RC_GTEST_PROP(CaseBytes, OfAnySortAreACase, (const std::vector<std::uint8_t>& bytes)) {
  const Case one = from_bytes(bytes);
  const auto again = to_bytes(one);
  RC_ASSERT(static_cast<bool>(again));
  assert_same(from_bytes(*again), one);
}

RC_GTEST_PROP(CaseBytes, ThatAreCutOffAreACase, ()) {
  auto bytes = *to_bytes(any_case());
  bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
  const Case one = from_bytes(bytes);
  RC_ASSERT(!one.program.threads.empty());
  assert_same(from_bytes(*to_bytes(one)), one);
}

TEST(CaseBytes, SleepWithinVirtualTime) {
  // Options, no prefill, one thread, one operation: `sleep`, of as many milliseconds as nine bytes can say.
  std::vector<std::uint8_t> bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, static_cast<std::uint8_t>(OpKind::sleep)};
  bytes.insert(bytes.end(), 8, 0xfe);
  const Case one = from_bytes(bytes);
  ASSERT_EQ(one.program.operation_count(), 1u);
  EXPECT_EQ(one.program.threads[0][0].kind, OpKind::sleep);
  EXPECT_GT(one.program.threads[0][0].key, 0);
  EXPECT_LE(one.program.threads[0][0].key, bytes_sleep_ms_max);
}

TEST(CaseBytes, ReserveNoMoreThanMemoryCanHold) {
  // A hint, a capacity and a number to reserve for, of as many entries as nine bytes can say: a right map throws.
  std::vector<std::uint8_t> bytes{0, 0};
  for (int times = 0; times < 2; ++times) {
    bytes.insert(bytes.end(), 8, 0xfe);
    bytes.push_back(0x7f);
  }
  bytes.insert(bytes.end(), {0, 0, 0, 0, 0, 1, static_cast<std::uint8_t>(OpKind::reserve)});
  bytes.insert(bytes.end(), 8, 0xfe);
  bytes.push_back(0x7f);
  const Case one = from_bytes(bytes);
  ASSERT_EQ(one.program.operation_count(), 1u);
  EXPECT_LE(one.program.capacity_hint, bytes_capacity_max);
  EXPECT_LE(one.program.capacity, bytes_capacity_max);
  EXPECT_GE(one.program.threads[0][0].key, 0);
  EXPECT_LE(one.program.threads[0][0].key, static_cast<std::int64_t>(bytes_capacity_max));
  Case large = one;
  large.program.capacity_hint = bytes_capacity_max + 1;
  EXPECT_FALSE(to_bytes(large));
}

TEST(CaseBytes, AskForNoMoreThanTheyAre) {
  // Every count at its greatest, and nothing behind it.
  const std::vector<std::uint8_t> greedy(64, 0xff);
  const Case one = from_bytes(greedy);
  EXPECT_LE(one.program.prefill.size(), greedy.size());
  EXPECT_LE(one.program.operation_count(), greedy.size());
}

TEST(CaseBytes, RefuseWhatTheyCannotHold) {
  Case one;
  const auto why = [&] {
    const auto bytes = to_bytes(one);
    return bytes ? std::string() : bytes.error().what;
  };
  EXPECT_THAT(why(), HasSubstr("no thread"));
  one.program.threads.resize(bytes_threads_max);
  EXPECT_EQ(why(), "");
  one.program.threads.resize(bytes_threads_max + 1);
  EXPECT_THAT(why(), HasSubstr("too many threads"));
  one.program.threads.resize(1);
  one.program.memory_limit += 1;
  EXPECT_THAT(why(), HasSubstr("memory limit"));
  one.program.memory_limit -= 1;
  one.program.budgets = {*parse_budget("max_waits=0")};
  EXPECT_THAT(why(), HasSubstr("budgets"));
  one.program.budgets.clear();
  one.program.threads[0] = {{OpKind::sleep, bytes_sleep_ms_max + 1, 0, 0}};
  EXPECT_THAT(why(), HasSubstr("eleven days"));
  one.program.threads[0].clear();
  one.choices.resize(bytes_choices_max + 1);
  EXPECT_THAT(why(), HasSubstr("choices"));
  one.choices.resize(bytes_choices_max);
  EXPECT_EQ(why(), "");
}

}  // namespace
}  // namespace mapquake
