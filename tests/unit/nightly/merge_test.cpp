// Merging stores is a join: machines may be merged in any order, in groups, and again.
#include "harness/nightly/record_text.hpp"
#include "harness/nightly/status.hpp"
#include "harness/nightly/store_value.hpp"
#include "tests/unit/nightly/stores.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mapquake::nightly {
namespace {

RC_GTEST_PROP(Merge, Commutes, ()) {
  const StoreValue a = *any_store(), b = *any_store();
  RC_ASSERT(merge(a, b) == merge(b, a));
}

RC_GTEST_PROP(Merge, IsAssociative, ()) {
  const StoreValue a = *any_store(), b = *any_store(), c = *any_store();
  RC_ASSERT(merge(merge(a, b), c) == merge(a, merge(b, c)));
}

RC_GTEST_PROP(Merge, IsIdempotent, ()) {
  const StoreValue a = *any_store(), b = *any_store();
  RC_ASSERT(merge(a, a) == a);
  RC_ASSERT(merge(merge(a, b), b) == merge(a, b));
  RC_ASSERT(merge(a, StoreValue{}) == a);
}

RC_GTEST_PROP(Merge, KeepsTheSmallerCaseOfEachDefectAndLosesNone, ()) {
  const StoreValue a = *any_store(), b = *any_store();
  const StoreValue both = merge(a, b);
  for (const StoreValue* const part : {&a, &b}) {
    for (const auto& [key, defect] : part->defects) RC_ASSERT(both.defects.at(key).size <= defect.size);
    for (const auto& [id, run] : part->runs) RC_ASSERT(both.runs.at(id).saves >= run.saves);
  }
  for (const auto& [key, defect] : both.defects) {
    const auto in_a = a.defects.find(key), in_b = b.defects.find(key);
    RC_ASSERT((in_a != a.defects.end() && in_a->second == defect) ||
              (in_b != b.defects.end() && in_b->second == defect));
  }
}

TEST(Merge, CountsARunOnceWhateverItsState) {
  RunRecord early = run_of("0000000000000001", 100), late = run_of("0000000000000001", 250);
  early.saves = 3, late.saves = 7;
  StoreValue a, b;
  add(a, early), add(b, late);
  EXPECT_EQ(status_of(merge(a, b)).executions, 250u);
  EXPECT_EQ(status_of(merge(merge(b, a), a)).executions, 250u);
  add(b, run_of("0000000000000002", 1));
  EXPECT_EQ(status_of(merge(a, b)).executions, 251u);
}

RC_GTEST_PROP(Record, IsReadAsItWasWritten, ()) {
  const StoreValue store = *any_store();
  for (const auto& [id, run] : store.runs) {
    const auto read = parse_record(to_json(run), "run.json");
    RC_ASSERT(bool(read));
    RC_ASSERT(*read == run);
  }
}

RC_GTEST_PROP(Record, ReadsWhateverThereIs, ()) {
  std::string text = to_json(run_of("0000000000000001", 100));
  const auto changes = *rc::gen::inRange(1, 8);
  for (int i = 0; i < changes; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const auto byte = *rc::gen::arbitrary<char>();
    if (*rc::gen::arbitrary<bool>())
      text[at] = byte;
    else if (*rc::gen::arbitrary<bool>())
      text.erase(at, *rc::gen::inRange<std::size_t>(1, 40));
    else
      text.insert(at, 1, byte);
    if (text.empty()) break;
  }
  const auto read = parse_record(text, "run.json");
  if (!read) RC_ASSERT(read.error().what.starts_with("run.json: "));
}

TEST(Record, RefusesWithAReason) {
  const auto reason = [](std::string_view text) { return parse_record(text, "r").error().what; };
  EXPECT_EQ(reason("{"), "r: line 1 is not JSON");
  EXPECT_EQ(reason("{}"), "r: it is not the record of a run");
  EXPECT_EQ(reason(R"({"mapquake_run": 2})"), "r: it has format 2; this mapquake reads 1");
  EXPECT_NE(reason(R"({"mapquake_run": 1, "id": "xyz"})").find("16 lower-case"), std::string::npos);
  EXPECT_NE(reason(std::string(100'000, '[')).find("nested"), std::string::npos);
  EXPECT_EQ(parse_record("{", "r").error().code, ExitCode::bad_input);
}

RC_GTEST_PROP(SeedOfRun, IsTheRunsOwn, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto a = *rc::gen::inRange<std::uint64_t>(1, 10'000), b = *rc::gen::inRange<std::uint64_t>(1, 10'000);
  const auto shards = *rc::gen::inRange(1u, 100u);
  RC_ASSERT((seed_of_run(seed, a, shards) == seed_of_run(seed, b, shards)) == (a == b));
  RC_ASSERT(seed_of_run(seed, a, shards) != seed_of_run(seed, a, shards + 1));
}

}  // namespace
}  // namespace mapquake::nightly
