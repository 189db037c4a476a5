// Cursors: one traversal, from the call that opens one to its last step.
#include "harness/history/phrases.hpp"
#include "tests/unit/oracle/claims_for_tests.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

using namespace histories;

Claims snapshots() {
  Claims claims = weak_claims();
  claims.iteration = Iteration::snapshot;
  return claims;
}

/// Of a map with the entries 1: 10, 2: 20 and 3: 30, of which the cursor has shown the first.
HistoryBuilder at_the_first() {
  HistoryBuilder h;
  h.prefill(1, 10).prefill(2, 20).prefill(3, 30);
  h.call(A, cursor_open(), done()).call(A, cursor_step(1), stepped(false, {{1, 10}}));
  return h;
}

TEST(Cursors, MeetWhatIsThereThroughout) {
  EXPECT_EQ(verdict(at_the_first().call(A, cursor_step(9), stepped(true, {{2, 20}, {3, 30}}))), "");
  EXPECT_EQ(verdict(at_the_first().call(A, cursor_step(9), stepped(true, {{3, 30}}))), "iteration broken: missed key");
  EXPECT_EQ(verdict(at_the_first().call(A, cursor_step(9), stepped(true, {{2, 20}, {1, 10}, {3, 30}}))),
            "iteration broken: key visited twice");
  EXPECT_EQ(verdict(at_the_first().call(A, cursor_step(9), stepped(true, {{2, 20}, {3, 31}}))),
            "iteration broken: stale value visited");
}

TEST(Cursors, ThatAreGivenUpMissNothing) {
  EXPECT_EQ(verdict(at_the_first()), "");
  EXPECT_EQ(verdict(at_the_first().call(A, cursor_close(), done())), "");
  EXPECT_EQ(verdict(at_the_first().call(A, cursor_step(1), stepped(false, {{3, 30}}))), "");
  // But what they have shown must have been there.
  EXPECT_EQ(verdict(at_the_first().call(A, cursor_step(1), stepped(false, {{4, 40}}))),
            "iteration broken: phantom key visited");
}

TEST(Cursors, MayMissOrMeetWhatIsWrittenMeanwhile) {
  for (const ThreadId writer : {A, B}) {
    HistoryBuilder erased, added;
    erased = at_the_first();
    erased.call(writer, erase(2), yes()).call(A, cursor_step(9), stepped(true, {{3, 30}}));
    EXPECT_EQ(verdict(erased), "");
    added = at_the_first();
    added.call(writer, insert(4, 40), yes());
    added.call(A, cursor_step(9), stepped(true, {{2, 20}, {3, 30}, {4, 40}}));
    EXPECT_EQ(verdict(added), "");
  }
}

/// Of a cursor that was opened before, a new one knows nothing.
TEST(Cursors, BeginAnew) {
  HistoryBuilder h = at_the_first();
  h.call(A, erase(1), yes()).call(A, cursor_open(), done());
  h.call(A, cursor_step(9), stepped(true, {{2, 20}, {3, 30}}));
  EXPECT_EQ(verdict(h), "");
  HistoryBuilder stale = at_the_first();
  stale.call(A, erase(1), yes()).call(A, cursor_open(), done());
  stale.call(A, cursor_step(9), stepped(true, {{1, 10}, {2, 20}, {3, 30}}));
  EXPECT_EQ(verdict(stale), "iteration broken: phantom key visited");
}

TEST(Cursors, OfThreadsAreTheirOwn) {
  HistoryBuilder h = at_the_first();
  h.call(B, cursor_open(), done()).call(B, cursor_step(9), stepped(true, {{1, 10}, {2, 20}, {3, 30}}));
  h.call(B, cursor_step(1), done());  // its end has closed it
  h.call(A, cursor_step(9), stepped(true, {{2, 20}, {3, 30}}));
  EXPECT_EQ(verdict(h), "");
}

TEST(Cursors, ThatAreSnapshotsShowOneInstantOfTheirLife) {
  // 4 comes before 2 goes.
  const auto written = [](std::initializer_list<std::pair<std::int64_t, std::int64_t>> rest) {
    HistoryBuilder h = at_the_first();
    h.call(B, insert(4, 40), yes()).call(B, erase(2), yes()).call(A, cursor_step(9), stepped(true, rest));
    return h;
  };
  EXPECT_EQ(verdict(written({{2, 20}, {3, 30}}), snapshots()), "");
  EXPECT_EQ(verdict(written({{2, 20}, {3, 30}, {4, 40}}), snapshots()), "");
  EXPECT_EQ(verdict(written({{3, 30}, {4, 40}}), snapshots()), "");
  EXPECT_EQ(verdict(written({{3, 30}}), snapshots()), "iteration broken: not a snapshot");
  EXPECT_EQ(verdict(written({{3, 30}})), "");
}

TEST(Cursors, MayBeRefusedAfterAWriteWhereTheyFailFast) {
  HistoryBuilder h = at_the_first();
  h.call(B, erase(2), yes()).call(A, cursor_step(1), ended(CallStatus::refused));
  Claims claims = weak_claims();
  EXPECT_NE(verdict(h, claims), "");
  claims.iteration = Iteration::fail_fast;
  EXPECT_EQ(verdict(h, claims), "");
}

TEST(Cursors, AreToldByTheirSteps) {
  const HistoryBuilder h =
      at_the_first().call(A, cursor_step(9), stepped(true, {{3, 30}})).call(A, cursor_step(1), done());
  EXPECT_EQ(statement(h.history(), 4), "A's cursor_step(1) reports {1: 10}");
  EXPECT_EQ(statement(h.history(), 5), "A's cursor_step(9) reports {3: 30}, to the end");
  EXPECT_EQ(statement(h.history(), 6), "A's cursor_step(1) had no cursor");
  EXPECT_EQ(statement(h.history(), 3), "A's cursor_open() showed {1: 10, 3: 30}, to the end");
  EXPECT_EQ(why(h),
            "The prefill insert(2, 20) returned true and nothing erased 2 before the traversal ended; A's "
            "cursor_open() left it out.");
}

}  // namespace
}  // namespace mapquake
