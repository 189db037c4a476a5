#include "harness/shrink/candidates.hpp"

#include "harness/shrink/fingerprint.hpp"
#include "harness/shrink/measure.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mapquake {
namespace {

using enum OpKind;

Program sample() {
  Program program;
  program.prefill = {{4, 4}, {9, 9}};
  program.threads = {{{insert, 7, 11}, {erase_if, 1, 0}}, {{reserve, 64, 0}, {update, 9, 30}}, {{insert, 7, 31}}};
  program.hash = abi::HashMode::constant;
  program.capacity_hint = 8;
  return program;
}

bool holds(const std::vector<Program>& candidates, const Program& program) {
  return std::find(candidates.begin(), candidates.end(), program) != candidates.end();
}

TEST(CandidatesTest, NoneEqualsItsInput) {
  const Program program = sample();
  for (const auto make : {with_threads_merged, with_insert_hoisted, with_plain_construction, with_smaller_keys,
                          with_plain_values, with_threads_swapped}) {
    const std::vector<Program> candidates = make(program);
    EXPECT_FALSE(candidates.empty());
    EXPECT_FALSE(holds(candidates, program));
  }
}

TEST(CandidatesTest, MergingKeepsAllOperationsAndTheirOrder) {
  const std::vector<Program> candidates = with_threads_merged(sample());
  EXPECT_EQ(candidates.size(), 6u);
  for (const Program& candidate : candidates) {
    EXPECT_EQ(candidate.threads.size(), 2u);
    EXPECT_EQ(candidate.operation_count(), 5u);
  }
  EXPECT_EQ(candidates.front().threads[0],
            (std::vector<Operation>{{insert, 7, 11}, {erase_if, 1, 0}, {reserve, 64, 0}, {update, 9, 30}}));
}

TEST(CandidatesTest, AFirstInsertOfAnAbsentKeyMayMoveToThePrefill) {
  const std::vector<Program> candidates = with_insert_hoisted(sample());
  ASSERT_EQ(candidates.size(), 2u);
  EXPECT_EQ(candidates[0].prefill.back().key, 7);
  EXPECT_EQ(candidates[0].threads[0], (std::vector<Operation>{{erase_if, 1, 0}}));
  EXPECT_EQ(candidates[1].threads.size(), 2u);
  Program present = sample();
  present.prefill.push_back({7, 1});
  EXPECT_TRUE(with_insert_hoisted(present).empty());
  Program last;
  last.threads = {{{insert, 1, 1}}};
  EXPECT_TRUE(with_insert_hoisted(last).empty());  // a program has at least one operation
}

TEST(CandidatesTest, TheOnlyOperationMayMakeTheLastEntryOfThePrefill) {
  Program program;
  program.prefill = {{1, 10}, {2, 20}};
  program.threads = {{{OpKind::iterate, 0, 0}}};
  const std::vector<Program> candidates = with_filling_made(program);
  ASSERT_FALSE(candidates.empty());
  EXPECT_EQ(candidates[0].prefill.size(), 1u);
  EXPECT_EQ(candidates[0].threads, (std::vector<std::vector<Operation>>{{{insert, 2, 20}}}));
  Program from_range = program;
  from_range.construct_from_range = true;
  EXPECT_TRUE(with_filling_made(from_range).empty());
  EXPECT_TRUE(with_filling_made(sample()).empty()) << "what is needed stays";
}

TEST(CandidatesTest, KeysBecomeTheFirstNumbersInOrderOrByParity) {
  const std::vector<Program> candidates = with_smaller_keys(sample());
  EXPECT_EQ(candidates[0].prefill[0].key, 1);
  EXPECT_EQ(candidates[0].threads[0][0].key, 2);
  EXPECT_EQ(candidates[0].threads[1][1].key, 3);
  EXPECT_EQ(candidates[0].threads[0][1].key, 1);  // a parity is no key
  EXPECT_EQ(candidates[1].prefill[0].key, 2);
  EXPECT_EQ(candidates[1].threads[0][0].key, 1);
  EXPECT_EQ(candidates[1].threads[1][1].key, 3);
}

TEST(CandidatesTest, MergedKeysLeaveOnePrefillEntry) {
  bool seen = false;
  for (const Program& candidate : with_smaller_keys(sample())) {
    if (candidate.threads[1][1].key != 4) continue;  // 9 has become 4
    seen = true;
    EXPECT_EQ(candidate.prefill.size(), 1u);
  }
  EXPECT_TRUE(seen);
}

TEST(CandidatesTest, ReserveAsksForLess) {
  Program none = sample(), half = sample();
  none.threads[1][0].key = 0;
  half.threads[1][0].key = 32;
  EXPECT_TRUE(holds(with_smaller_keys(sample()), none));
  EXPECT_TRUE(holds(with_smaller_keys(sample()), half));
}

TEST(CandidatesTest, CanonicalValuesTellTheirWriters) {
  const Program program = with_canonical_values(sample());
  EXPECT_EQ(program.prefill[0].value, 40);
  EXPECT_EQ(program.threads[0][0].value, 70);
  EXPECT_EQ(program.threads[2][0].value, 71);
  EXPECT_EQ(program.threads[1][1].value, 1000);
  EXPECT_EQ(program.threads[0][1].value, 0);
  EXPECT_TRUE(with_plain_values(program).empty());
}

TEST(CandidatesTest, ArgumentCandidatesMeasureLess) {
  const Program program = sample();
  const Measure before = measure({program, {}}, {});
  for (const auto make : {with_threads_merged, with_insert_hoisted, with_plain_construction, with_plain_values}) {
    for (const Program& candidate : make(program)) EXPECT_LT(measure({candidate, {}}, {}), before);
  }
}

TEST(FingerprintTest, TellsPartsApart) {
  const Program program = sample();
  Program other = program;
  other.threads[0][0].value++;
  const std::vector<Choice> choices{{1, 0, 1, ChoiceKind::schedule, 2}};
  EXPECT_EQ(fingerprint(program, choices), fingerprint(sample(), choices));
  EXPECT_NE(fingerprint(program, {}), fingerprint(other, {}));
  EXPECT_NE(fingerprint(program, {}), fingerprint(program, choices));
  EXPECT_NE(fingerprint(program, {}), fingerprint(program, {}, {1}));
}

}  // namespace
}  // namespace mapquake
