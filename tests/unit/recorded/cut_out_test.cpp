#include "harness/recorded/cut_out.hpp"

#include "harness/base/rng.hpp"
#include "harness/recorded/imported.hpp"
#include "harness/recorded/reader.hpp"
#include "harness/store/incident_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace mapquake::recorded {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Log log_with(const std::string& columns, const std::string& rows) {
  std::istringstream csv(columns + "\n" + rows);
  auto log = read_log(csv, "log.csv", BadLines::refuse);
  EXPECT_TRUE(log);
  return std::move(*log);
}
Log log_of(const std::string& rows) {
  return log_with("start,end,thread,op,key,value,result", rows);
}

/// b's look-up sees what a wrote long ago, although it was erased; c and d write beside it.
constexpr const char* stale =
    "1,2,a,insert,k,7,true\n"
    "10,11,a,erase,k,,true\n"
    "20,30,b,find,k,,7\n"
    "21,22,c,insert,k,8,true\n"
    "23,24,d,insert,other,9,true\n";

Contradiction contradiction_of(const Log& log) {
  const CheckReport report = check(log, {.claims = {}, .initially = Initially::empty});
  EXPECT_EQ(report.contradictions.size(), 1U);
  return report.contradictions.front();
}

TEST(CutOut, IsAsBroadAsAskedFor) {
  const Log log = log_of(stale);
  const Contradiction found = contradiction_of(log);
  const CutOut least = cut_out(log, found, Breadth::contradiction);
  const CutOut key = cut_out(log, found, Breadth::key);
  const CutOut all = cut_out(log, found, Breadth::all);
  EXPECT_LE(least.rows.size(), key.rows.size());
  EXPECT_EQ(std::ranges::find(least.rows, 0U), least.rows.end());
  EXPECT_NE(std::ranges::find(key.rows, 0U), key.rows.end()) << "the call that wrote what was seen";
  EXPECT_NE(std::ranges::find(key.rows, 3U), key.rows.end()) << "the one on the key beside it";
  EXPECT_EQ(std::ranges::find(key.rows, 4U), key.rows.end());
  EXPECT_NE(std::ranges::find(all.rows, 4U), all.rows.end());
}

TEST(CutOut, TellsWhichRowEachCallIs) {
  const Log log = log_of(stale);
  const CutOut cut = cut_out(log, contradiction_of(log));
  ASSERT_EQ(cut.row_of.size(), cut.program.threads.size());
  std::size_t calls = 0;
  for (std::size_t thread = 0; thread < cut.row_of.size(); ++thread) {
    ASSERT_EQ(cut.row_of[thread].size(), cut.program.threads[thread].size());
    for (std::size_t op = 0; op < cut.row_of[thread].size(); ++op) {
      const bool sleeps = cut.program.threads[thread][op].kind == OpKind::sleep;
      ASSERT_EQ(cut.row_of[thread][op] == no_row, sleeps);
      if (sleeps) continue;
      ++calls;
      EXPECT_EQ(log.rows[cut.row_of[thread][op]].kind, cut.program.threads[thread][op].kind);
    }
  }
  EXPECT_EQ(calls, cut.rows.size());
}

std::vector<OpKind> kinds_of(const std::vector<Operation>& operations) {
  std::vector<OpKind> kinds;
  for (const Operation& operation : operations) kinds.push_back(operation.kind);
  return kinds;
}

TEST(CutOut, WhatWasOverWhenACallStartedIsOverBeforeIt) {
  const Log log = log_of(
      "1,9,a,insert,x,1,true\n"
      "5,12,b,insert,y,2,true\n"
      "20,21,c,find,x,,1\n"
      "30,31,a,find,y,,2\n");
  const CutOut cut = cut_out_rows(log, {3, 2, 1, 0});
  ASSERT_EQ(cut.program.threads.size(), 3U);
  using enum OpKind;
  EXPECT_THAT(kinds_of(cut.program.threads[0]), ElementsAre(insert, sleep, find));
  EXPECT_THAT(kinds_of(cut.program.threads[1]), ElementsAre(insert)) << "it overlaps the first one";
  EXPECT_THAT(kinds_of(cut.program.threads[2]), ElementsAre(sleep, find));
  EXPECT_EQ(cut.program.threads[0][1].key, 2 * cut.program.threads[2][0].key) << "two phases later";
}

std::uint64_t few_hash(std::int64_t key) {
  return mix64(static_cast<std::uint64_t>(key)) & 3;
}
std::int64_t number_of(const Log& log, const CutOut& cut, std::string_view name) {
  const auto at = std::ranges::find(cut.keys, name, [&](const CutOut::Key& key) { return log.keys.name(key.log_key); });
  return at == cut.keys.end() ? 0 : at->number;
}

TEST(CutOut, KeysOfOneShardCollide) {
  const Log log = log_with("start,end,thread,op,key,value,result,shard",
                           "1,9,a,insert,x,1,true,s7\n"
                           "2,9,b,insert,y,2,true,s1\n"
                           "3,9,c,insert,z,3,true,s7\n"
                           "4,9,d,insert,w,4,true,\n");
  const CutOut cut = cut_out_rows(log, {0, 1, 2, 3});
  EXPECT_EQ(cut.program.hash, abi::HashMode::few);
  EXPECT_EQ(few_hash(number_of(log, cut, "x")), few_hash(number_of(log, cut, "z")));
  EXPECT_NE(few_hash(number_of(log, cut, "x")), few_hash(number_of(log, cut, "y")));
  EXPECT_NE(number_of(log, cut, "w"), 0);
  const std::string text = incident_text(log, nullptr, cut, "m", "log.csv");
  const auto incident = parse_incident(text, "i.toml");
  ASSERT_TRUE(incident) << incident.error().what;
  EXPECT_EQ(incident->cases.front().run.program, cut.program);
}

TEST(CutOut, WithoutASharedHashKeysAreNumberedFromOneOn) {
  const Log log = log_with("start,end,thread,op,key,value,result,hash",
                           "1,9,a,insert,x,1,true,77\n"
                           "2,9,b,insert,y,2,true,78\n");
  const CutOut cut = cut_out_rows(log, {0, 1});
  EXPECT_EQ(cut.program.hash, abi::HashMode::good);
  EXPECT_EQ(number_of(log, cut, "x"), 1);
  EXPECT_EQ(number_of(log, cut, "y"), 2);
}

TEST(CutOut, AnInsertThatTellsNoAnswerFillsTheMap) {
  const Log log = log_with("start,end,thread,op,key,value",
                           "1,2,a,insert,x,7\n"
                           "5,9,b,find,x,\n");
  const CutOut cut = cut_out_rows(log, {1});
  ASSERT_EQ(cut.program.prefill.size(), 1U);
  EXPECT_EQ(cut.program.prefill.front().value, 7);
}

TEST(TellingRows, AreThoseThatHadNotReturnedAndWhatIsBesideThem) {
  const Log log = log_of(
      "1,2,a,insert,x,1,\n"
      "10,,b,insert,y,2,\n"
      "11,12,c,find,x,,\n"
      "15,,d,find,y,,\n");
  EXPECT_THAT(telling_rows(log), ElementsAre(3U, 1U, 2U));
}

TEST(TellingRows, AreThoseOfTheBusiestMomentWhereAllReturned) {
  const Log log = log_of(
      "1,20,a,insert,x,1,\n"
      "2,3,b,insert,y,2,\n"
      "5,9,c,find,x,,\n"
      "6,8,d,find,y,,\n"
      "9,12,b,find,y,,\n"
      "30,31,b,find,y,,\n");
  std::vector<std::uint32_t> rows = telling_rows(log);
  std::ranges::sort(rows);
  EXPECT_THAT(rows, ElementsAre(0U, 2U, 3U)) << "at 6: the first moment at which three are open";
}

TEST(TellingRows, AreNoMoreThanAProgramHolds) {
  std::string rows;
  for (int i = 0; i < 100; ++i) rows += std::to_string(i) + ",," + "t" + std::to_string(i) + ",insert,x,1,\n";
  EXPECT_EQ(telling_rows(log_of(rows)).size(), cut_out_calls_max);
}

TEST(ImportedIncident, OfCallsThatSomebodyChoseAsksForAnyFailure) {
  const Log log = log_of("1,9,a,insert,x,1,true\n");
  EXPECT_THAT(incident_text(log, nullptr, cut_out_rows(log, {0}), "m", "log.csv"),
              HasSubstr("fails = [\"any failure\"]"));
}

}  // namespace
}  // namespace mapquake::recorded
