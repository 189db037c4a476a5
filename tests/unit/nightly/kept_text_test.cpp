#include "harness/nightly/kept_text.hpp"

#include "harness/nightly/record_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mapquake::nightly {
namespace {

Program program_of_key(std::int64_t key) {
  Program program;
  program.prefill = {{key, key}};
  program.threads = {{{OpKind::insert, key, 11}}, {{OpKind::find, key}, {OpKind::erase, key}}};
  program.hash = abi::HashMode::few;
  return program;
}

KeptPrograms of_keys(std::initializer_list<std::int64_t> keys) {
  KeptPrograms kept;
  for (const std::int64_t key : keys) kept.push_back(program_of_key(key));
  return kept;
}

RunRecord run_that_kept(const char* id, std::int64_t started_s, const KeptPrograms& kept) {
  RunRecord run;
  run.id = id;
  run.started_s = started_s;
  run.cells[{"map", "mixed"}].kept = kept_texts(kept);
  return run;
}

TEST(KeptText, ComesBackWithTheRecord) {
  const RunRecord run = run_that_kept("0000000000000001", 5, of_keys({1, 2, 3}));
  const auto read = parse_record(to_json(run), "run");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, run);
  EXPECT_EQ(kept_by({{run.id, *read}}).at({"map", "mixed"}), of_keys({1, 2, 3}));
}

TEST(KeptText, TheLatestOfAllRunsAreKeptEachOnce) {
  const RunRecord old = run_that_kept("0000000000000001", 5, of_keys({1, 2, 3}));
  const RunRecord young = run_that_kept("0000000000000002", 9, of_keys({2, 4}));
  const auto kept = kept_by({{old.id, old}, {young.id, young}});
  EXPECT_EQ(kept.at({"map", "mixed"}), of_keys({1, 3, 2, 4}));
  EXPECT_EQ(kept.size(), 1u);
}

TEST(KeptText, ThereIsABoundForEachRecordAndForAll) {
  std::map<std::string, RunRecord> runs;
  for (int run = 0; run < 9; ++run) {
    KeptPrograms kept;
    for (int key = 1; key <= 40; ++key) kept.push_back(program_of_key(run * 100 + key));
    const std::string id = "000000000000000" + std::to_string(run);
    runs[id] = run_that_kept(id.c_str(), run, kept);
    EXPECT_EQ((runs[id].cells.at({"map", "mixed"}).kept.size()), kept_in_record_max);
  }
  const KeptPrograms kept = kept_by(runs).at({"map", "mixed"});
  ASSERT_EQ(kept.size(), kept_programs_max);
  EXPECT_EQ(kept.back(), program_of_key(840));
  EXPECT_EQ(kept.front(), program_of_key(525));
}

TEST(KeptText, ARecordOfOtherTextIsRefused) {
  for (const char* const text : {"0", "0g", "AB", "01 2"}) {
    RunRecord run = run_that_kept("0000000000000001", 5, {});
    run.cells[{"map", "mixed"}].kept = {text};
    EXPECT_FALSE(parse_record(to_json(run), "run")) << text;
  }
  RunRecord run = run_that_kept("0000000000000001", 5, {});
  run.cells[{"map", "mixed"}].kept.assign(kept_in_record_max + 1, "00");
  EXPECT_FALSE(parse_record(to_json(run), "run"));
}

RC_GTEST_PROP(KeptText, AnyDigitsAreAProgram, ()) {
  std::string text;
  const auto pairs = *rc::gen::inRange(0, 200);
  for (int i = 0; i < 2 * pairs; ++i) text += "0123456789abcdef"[*rc::gen::inRange(0, 16)];
  RunRecord run = run_that_kept("0000000000000001", 5, {});
  run.cells[{"map", "mixed"}].kept = {text};
  RC_ASSERT(kept_by({{run.id, run}}).at({"map", "mixed"}).size() == 1u);
}

}  // namespace
}  // namespace mapquake::nightly
