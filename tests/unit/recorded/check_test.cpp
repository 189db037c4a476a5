#include "harness/recorded/check.hpp"

#include "harness/recorded/claims_text.hpp"
#include "harness/recorded/reader.hpp"
#include "harness/recorded/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace mapquake::recorded {
namespace {

using testing::HasSubstr;

/// A log of lines "START END THREAD OPERATION KEY VALUE RESULT" ("-": nothing there), and what is said of it.
struct Checked {
  Log log;
  CheckReport report;

  Checked(const std::string& lines, const std::string& claims = "", Initially initially = Initially::empty) {
    std::string csv = "start,end,thread,op,key,value,result\n";
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);) {
      std::istringstream words(line);
      std::string row;
      for (std::string word; words >> word;) row += (row.empty() ? "" : ",") + (word == "-" ? "" : word);
      csv += row + "\n";
    }
    std::istringstream text(csv);
    auto read = read_log(text, "log", BadLines::refuse);
    EXPECT_TRUE(read) << (read ? "" : read.error().what);
    log = std::move(*read);
    report = check(log, {.claims = *parse_claims(claims), .initially = initially});
  }

  std::string why() const { return report.contradictions.empty() ? "" : sentence(log, report.contradictions[0]); }
  std::vector<std::uint32_t> lines() const {
    std::vector<std::uint32_t> all;
    for (const std::uint32_t row : report.contradictions.at(0).rows) all.push_back(log.rows[row].line);
    return all;
  }
};

TEST(RecordedCheck, ALostKeyIsToldInOneSentence) {
  const std::string before = "1 4 w1 insert 5 50 true\n2 3 w2 insert 6 60 true\n";
  EXPECT_EQ(Checked(before + "5 6 w2 get 5 - 50\n").report.verdict(), Verdict::legal);
  const Checked lost(before + "5 6 w2 get 5 - absent\n");
  EXPECT_EQ(lost.report.verdict(), Verdict::illegal);
  EXPECT_EQ(lost.why(),
            "Line 4: w2's find(5) says absent, but line 2: w1's insert(5, 50) returned true; no order of the calls on "
            "key 5 explains that.");
  EXPECT_EQ(lost.lines(), (std::vector<std::uint32_t>{2, 4}));
}

TEST(RecordedCheck, AnEraseBetweenOrBesideExplainsIt) {
  EXPECT_EQ(Checked("1 2 a insert 5 50 true\n3 4 b erase 5 - true\n5 6 c get 5 - absent\n").report.verdict(),
            Verdict::legal);
  EXPECT_EQ(Checked("1 2 a insert 5 50 true\n3 9 b erase 5 - true\n5 6 c get 5 - absent\n").report.verdict(),
            Verdict::legal);
  EXPECT_EQ(Checked("1 2 a insert 5 50 true\n7 9 b erase 5 - true\n5 6 c get 5 - absent\n").report.verdict(),
            Verdict::illegal);
}

TEST(RecordedCheck, ACallWithoutAnEndMayHaveHappenedAtAnyTimeAfter) {
  const std::string put = "1 2 a put 5 50 -\n3 - b put 5 60 -\n";
  EXPECT_EQ(Checked(put + "4 5 c get 5 - 50\n6 7 c get 5 - 60\n").report.verdict(), Verdict::legal);
  EXPECT_EQ(Checked(put + "4 5 c get 5 - 60\n6 7 c get 5 - 50\n").report.verdict(), Verdict::illegal);
  EXPECT_EQ(Checked("1 2 a put 5 50 -\n9 - b put 5 60 -\n4 5 c get 5 - 60\n").report.verdict(), Verdict::illegal);
}

TEST(RecordedCheck, EqualStampsOrderNothing) {
  EXPECT_EQ(Checked("1 5 a insert 5 50 true\n5 6 b get 5 - absent\n").report.verdict(), Verdict::legal);
  EXPECT_EQ(Checked("1 5 a insert 5 50 true\n6 6 b get 5 - absent\n").report.verdict(), Verdict::illegal);
}

TEST(RecordedCheck, WhatWasThereBeforeTheLogIsUnknownUnlessSaid) {
  const std::string found = "1 2 a get 5 - 50\n3 4 a get 6 - absent\n";
  EXPECT_EQ(Checked(found, "", Initially::unknown).report.verdict(), Verdict::legal);
  const Checked empty(found);
  EXPECT_EQ(empty.why(),
            "Line 2: a's find(5) says 50, but the key was absent before; no order of the calls on key 5 "
            "explains that.");
  EXPECT_EQ(Checked("1 2 a get 5 - 50\n3 4 b get 5 - 51\n", "", Initially::unknown).report.verdict(), Verdict::illegal);
}

TEST(RecordedCheck, CallsThatDoNotMatterAreLeftOutAndCounted) {
  std::string lines;
  int time = 0;
  const auto add = [&](const std::string& call) {
    lines += std::to_string(time + 1) + " " + std::to_string(time + 2) + " " + call + "\n";
    time += 2;
  };
  for (int i = 0; i < 1000; ++i) {
    add("a put 5 " + std::to_string(i) + " -");
    add("b get 5 - " + std::to_string(i));
  }
  add("c delete 5 - 999");
  add("b get 5 - 999");
  const Checked checked(lines);
  EXPECT_EQ(checked.lines(), (std::vector<std::uint32_t>{2002, 2003}));
  EXPECT_EQ(checked.report.contradictions[0].left_out, 2000U);
  EXPECT_THAT(checked.why(), HasSubstr("whatever the other 2000 calls on it did"));
}

TEST(RecordedCheck, ClaimsDecideWhatIsHeldAgainstALog) {
  const std::string stale = "1 2 a put 5 50 -\n3 4 a put 5 60 -\n5 6 b get 5 - 50\n";
  EXPECT_EQ(Checked(stale).report.verdict(), Verdict::illegal);
  EXPECT_EQ(Checked(stale, "look-ups=lag").report.verdict(), Verdict::legal);
  const std::string evicted = "1 2 a put 5 50 -\n3 4 b get 5 - absent\n";
  EXPECT_EQ(Checked(evicted).report.verdict(), Verdict::illegal);
  EXPECT_EQ(Checked(evicted, "entries=evicted").report.verdict(), Verdict::legal);
  EXPECT_EQ(Checked(evicted + "5 6 b get 5 - 50\n", "entries=evicted").report.verdict(), Verdict::illegal);
}

TEST(RecordedCheck, SizesAndTraversalsAreJudgedWhereSomethingIsClaimed) {
  const std::string size = "1 2 a insert 5 50 true\n3 4 b size - - 2\n";
  EXPECT_EQ(Checked(size).report.verdict(), Verdict::legal);
  EXPECT_EQ(Checked(size).report.unclaimed, 1U);
  const Checked wrong(size, "size=quiescent");
  EXPECT_THAT(wrong.why(), HasSubstr("Line 3: b's size() says 2"));
  EXPECT_THAT(wrong.why(), HasSubstr("wrong size"));
  EXPECT_EQ(Checked("1 2 a insert 5 50 true\n3 4 b size - - 1\n", "size=quiescent").report.verdict(), Verdict::legal);
  const Checked unknown(size, "size=quiescent", Initially::unknown);
  EXPECT_EQ(unknown.report.verdict(), Verdict::undecided);
  EXPECT_THAT(sentence(unknown.log, unknown.report.undecided[0]), HasSubstr("--initial empty"));
  const std::string range = "1 2 a insert 5 50 true\n3 4 a insert 6 60 true\n5 6 b range - - ";
  EXPECT_EQ(Checked(range + "5=50;6=60\n", "iteration=weakly-consistent").report.verdict(), Verdict::legal);
  EXPECT_THAT(Checked(range + "6=60\n", "iteration=weakly-consistent").why(), HasSubstr("missed key"));
}

TEST(RecordedCheck, ClearErasesEveryKey) {
  const std::string log = "1 2 a insert 5 50 true\n3 4 b clear - - -\n5 6 b get 5 - ";
  EXPECT_EQ(Checked(log + "absent\n").report.verdict(), Verdict::legal);
  const Checked kept(log + "50\n");
  EXPECT_THAT(kept.why(), HasSubstr("line 3: b's clear() returned"));
}

TEST(RecordedCheck, WhatIsTooEntangledIsUndecidedAndExplained) {
  std::string lines;
  for (int i = 0; i < 70; ++i) lines += "1 - w" + std::to_string(i) + " put 5 " + std::to_string(i) + " -\n";
  const Checked wide(lines + "2 3 b get 5 - 7\n", "", Initially::unknown);
  EXPECT_EQ(wide.report.verdict(), Verdict::undecided);
  EXPECT_EQ(wide.report.undecided_keys, 1U);
  EXPECT_THAT(sentence(wide.log, wide.report.undecided[0]), HasSubstr("more than 64 calls on it were open"));
  EXPECT_EQ(Checked(lines + "2 3 b get 5 - 7\n").report.verdict(), Verdict::legal);
}

TEST(RecordedClaims, UnknownWordsAreRefusedWithWhatThereIs) {
  const auto wrong = parse_claims("size=exact");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().what, "check: unknown claim \"size=exact\"");
  EXPECT_THAT(wrong.error().hint, HasSubstr("size=quiescent"));
  EXPECT_TRUE(parse_claims("size=quiescent, iteration=snapshot"));
}

}  // namespace
}  // namespace mapquake::recorded
