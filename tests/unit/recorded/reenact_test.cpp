#include "harness/recorded/reenact.hpp"

#include "harness/recorded/reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace mapquake::recorded {
namespace {

Log log_of(const std::string& rows) {
  std::istringstream csv("start,end,thread,op,key,value,result\n" + rows);
  auto log = read_log(csv, "log.csv", BadLines::refuse);
  EXPECT_TRUE(log);
  return std::move(*log);
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
    for (std::size_t op = 0; op < cut.row_of[thread].size(); ++op, ++calls) {
      EXPECT_EQ(log.rows[cut.row_of[thread][op]].kind, cut.program.threads[thread][op].kind);
    }
  }
  EXPECT_EQ(calls, cut.rows.size());
}

TEST(Reenact, AnswersAreComparedAsFarAsTheLogTells) {
  Call call;
  call.status = CallStatus::returned;
  call.has_value = call.flag = true;
  call.value = 7;
  Row row;
  const auto alike = [&](Told told, std::int64_t answer) {
    row.told = told;
    return answers_alike(call, row, answer);
  };
  EXPECT_TRUE(alike(Told::value, 7));
  EXPECT_FALSE(alike(Told::value, 8));
  EXPECT_FALSE(alike(Told::absent, 0));
  EXPECT_TRUE(alike(Told::yes, 0));
  EXPECT_FALSE(alike(Told::no, 0));
  EXPECT_TRUE(alike(Told::nothing, 0));
  call.has_value = call.flag = false;
  EXPECT_TRUE(alike(Told::absent, 0));
  EXPECT_TRUE(alike(Told::no, 0));
  call.status = CallStatus::threw;
  EXPECT_FALSE(alike(Told::no, 0));
  EXPECT_TRUE(alike(Told::unfinished, 0));
}

}  // namespace
}  // namespace mapquake::recorded
