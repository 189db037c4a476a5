#include "harness/case/stepped_over.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

constexpr Operation insert{OpKind::insert, 1, 10}, erase{OpKind::erase, 1, 0}, find{OpKind::find, 1, 0};

Program program_of(std::vector<std::vector<Operation>> threads) {
  Program program;
  program.threads = std::move(threads);
  return program;
}

Call call_of(CallId id, CallStatus status) {
  Call call;
  call.thread = id.thread;
  call.op = id.op;
  call.status = status;
  return call;
}

/// Main's look-up has returned, and so has A's first call; these have not.
History ended_in(std::vector<CallId> calls) {
  History history;
  for (const CallId& returned : {CallId{main_thread, 0}, CallId{1, 0}}) {
    history.calls.push_back(call_of(returned, CallStatus::returned));
  }
  for (const CallId& pending : calls) history.calls.push_back(call_of(pending, CallStatus::pending));
  return history;
}

TEST(SteppedOver, TakesOutTheCallThatDidNotReturn) {
  Program program = program_of({{insert, erase, find}, {find}});
  SteppedOver over;
  EXPECT_TRUE(over.step_over(ended_in({{1, 1}}), false, 0, program));
  EXPECT_EQ(program, program_of({{insert, find}, {find}}));
  EXPECT_EQ(over.count(), 1u);
}

TEST(SteppedOver, TakesOutAThreadThatHasNoOtherCall) {
  Program program = program_of({{insert, erase}, {find}});
  SteppedOver over;
  EXPECT_TRUE(over.step_over(ended_in({{2, 0}}), false, 0, program));
  EXPECT_EQ(program, program_of({{insert, erase}}));
}

/// Main has added so many entries, and not come back from the next one.
History ended_in_entry(OpIndex entry) {
  History history;
  for (OpIndex op = 0; op < entry; ++op) {
    history.calls.push_back(call_of({main_thread, op + 2}, CallStatus::returned));
  }
  history.calls.push_back(call_of({main_thread, entry + 2}, CallStatus::pending));
  return history;
}

TEST(SteppedOver, TakesOutTheEntryThatCannotBeAdded) {
  Program program = program_of({{insert}, {find}});
  program.prefill = {{1, 10}, {2, 20}, {3, 30}, {4, 40}, {5, 50}, {6, 60}};
  const Program drawn = program;
  SteppedOver over;
  EXPECT_TRUE(over.step_over(ended_in_entry(1), false, 0, program));
  Program left = drawn;
  left.prefill = {{1, 10}, {3, 30}, {4, 40}, {5, 50}, {6, 60}};
  EXPECT_EQ(program, left);
  EXPECT_TRUE(over.step_over(ended_in_entry(1), false, 0, program));
  EXPECT_TRUE(over.step_over(ended_in_entry(1), false, 0, program));
  EXPECT_EQ(program.prefill.size(), 3u);
  // That is enough of them.
  EXPECT_TRUE(over.step_over(ended_in_entry(1), false, 0, program));
  left.prefill = {{1, 10}};
  EXPECT_EQ(program, left);
  // What main does behind the threads is no entry.
  EXPECT_FALSE(over.step_over(ended_in_entry(1), false, 0, program));
  Program again = drawn;
  over.apply(again);
  EXPECT_EQ(again, program);
}

TEST(SteppedOver, LeavesAProgramThatHasNothingElseOrDidNotEndInOneCall) {
  const Program one = program_of({{erase}});
  Program program = one;
  SteppedOver over;
  EXPECT_FALSE(over.step_over(ended_in({{1, 0}}), false, 0, program));
  const Program two = program_of({{insert, erase}, {find}});
  program = two;
  EXPECT_FALSE(over.step_over(ended_in({}), false, 0, program));
  EXPECT_FALSE(over.step_over(ended_in({{1, 1}, {2, 0}}), false, 0, program));
  EXPECT_FALSE(over.step_over(ended_in({{main_thread, 1}}), false, 0, program));
  EXPECT_EQ(program, two);
  EXPECT_EQ(over.count(), 0u);
}

TEST(SteppedOver, TakesOutAllOfAKindOnceSeveralCallsWereInTheWay) {
  Program program = program_of({{insert, erase, erase, erase, erase, erase, find}, {erase, find}});
  const Program drawn = program;
  SteppedOver over;
  for (unsigned i = 0; i < stepped_over_alone; ++i) {
    ASSERT_TRUE(over.step_over(ended_in({{1, 1}}), false, 0, program));
    EXPECT_EQ(program.operation_count(), 9 - i - 1);
  }
  ASSERT_TRUE(over.step_over(ended_in({{1, 1}}), false, 0, program));
  EXPECT_EQ(program, program_of({{insert, find}, {find}}));
  Program again = drawn;
  over.apply(again);
  EXPECT_EQ(again, program);
}

TEST(SteppedOver, NamesTheKindsOfDearCalls) {
  Program program = program_of({{insert, erase, find}, {find}});
  program.prefill = {{1, 10}};
  SteppedOver over;
  EXPECT_TRUE(over.step_over(ended_in({{1, 1}}), false, 0, program));
  EXPECT_EQ(over.dear_kinds(), 0u);
  EXPECT_TRUE(over.step_over(ended_in({{1, 1}}), true, 0, program));
  EXPECT_EQ(over.dear_kinds(), op_bit(OpKind::find));
  EXPECT_TRUE(over.step_over(ended_in_entry(0), true, 0, program));
  EXPECT_EQ(over.dear_kinds(), op_bit(OpKind::find) | prefill_kind);
}

TEST(SteppedOver, TakesOutAllOfAHopelessKindAtOnceIfItsCallIsDear) {
  const Program drawn = program_of({{insert, erase, find, erase}, {erase}, {find}});
  Program program = drawn;
  SteppedOver over;
  EXPECT_TRUE(over.step_over(ended_in({{1, 1}}), false, op_bit(OpKind::erase), program));
  EXPECT_EQ(program, program_of({{insert, find, erase}, {erase}, {find}}));
  EXPECT_TRUE(over.step_over(ended_in({{2, 0}}), true, op_bit(OpKind::erase), program));
  EXPECT_EQ(program, program_of({{insert, find}, {find}}));
  Program again = drawn;
  over.apply(again);
  EXPECT_EQ(again, program);
}

TEST(SteppedOver, EndsWhereTooManyAreInTheWay) {
  std::vector<Operation> each_kind_once;
  for (unsigned kind = 0; kind < stepped_over_max + 2; ++kind) {
    each_kind_once.push_back({static_cast<OpKind>(kind), 1, 10});
  }
  Program program = program_of({each_kind_once});
  SteppedOver over;
  for (unsigned i = 0; i < stepped_over_max; ++i) EXPECT_TRUE(over.step_over(ended_in({{1, 0}}), false, 0, program));
  EXPECT_FALSE(over.step_over(ended_in({{1, 0}}), false, 0, program));
  EXPECT_EQ(program.operation_count(), 2u);
}

}  // namespace
}  // namespace mapquake
