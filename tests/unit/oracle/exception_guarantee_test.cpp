#include "harness/oracle/exception_guarantee.hpp"

#include "harness/history/reason_words.hpp"
#include "harness/oracle/oracles.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

constexpr Claims strong{.on_bad_alloc = ExceptionGuarantee::strong};
constexpr Claims none{.on_bad_alloc = ExceptionGuarantee::none};

/// insert(1) threw; find(1) and find(2) came after it.
History after_a_throw() {
  History history;
  history.calls = {
      {.thread = 1,
       .operation = {OpKind::insert, 1, 11},
       .invoked = 1,
       .returned = 2,
       .status = CallStatus::threw_bad_alloc},
      {.thread = 0,
       .op = 1,
       .operation = {OpKind::find, 1, 0},
       .invoked = 3,
       .returned = 4,
       .status = CallStatus::returned},
      {.thread = 0,
       .op = 2,
       .operation = {OpKind::find, 2, 0},
       .invoked = 5,
       .returned = 6,
       .status = CallStatus::returned},
  };
  history.quiescent_from = 1;
  return history;
}

Violation lost_key(std::uint32_t call) {
  return {Outcome::not_linearizable, "lost key", {reason::PhantomKey{CallRef{call}, 1}}, {call}};
}

TEST(ExceptionGuarantee, TheKeyOfTheCallThatThrew) {
  const Violation told = as_broken_guarantee(lost_key(1), after_a_throw(), strong);
  EXPECT_EQ(told.outcome, Outcome::exception_guarantee_broken);
  EXPECT_EQ(told.label, "effect after a throw");
  EXPECT_EQ(in_words(told.reasons, after_a_throw()),
            "After A's insert(1, 11) threw bad_alloc: Nothing ever inserted 1, yet the final find(1) says absent.");
}

TEST(ExceptionGuarantee, AnotherKey) {
  EXPECT_EQ(as_broken_guarantee(lost_key(2), after_a_throw(), strong).label, "untouched key harmed");
}

TEST(ExceptionGuarantee, AnyKeyOfATransactionThatThrew) {
  History history = after_a_throw();
  history.calls[0].operation = {OpKind::transact, 5, 11, 2};
  EXPECT_EQ(as_broken_guarantee(lost_key(2), history, strong).label, "effect after a throw");
  EXPECT_EQ(as_broken_guarantee(lost_key(1), history, strong).label, "untouched key harmed");
}

TEST(ExceptionGuarantee, ADeadlockIsALockLeftHeld) {
  const Violation told =
      as_broken_guarantee({Outcome::deadlock, "lock never released", {}, {}}, after_a_throw(), strong);
  EXPECT_EQ(told.outcome, Outcome::exception_guarantee_broken);
  EXPECT_EQ(told.label, "lock left held");
}

TEST(ExceptionGuarantee, TerminateIsNotAllowedButAbortIsAnotherMatter) {
  const Violation terminate{Outcome::abort, "terminate", {}, {}};
  EXPECT_EQ(as_broken_guarantee(terminate, after_a_throw(), strong).outcome, Outcome::exception_guarantee_broken);
  const Violation abort{Outcome::abort, "SIGABRT", {}, {}};
  EXPECT_EQ(as_broken_guarantee(abort, after_a_throw(), strong).outcome, Outcome::abort);
}

TEST(ExceptionGuarantee, WhereNothingIsGuaranteedNothingIsRenamed) {
  EXPECT_EQ(as_broken_guarantee(lost_key(1), after_a_throw(), none).outcome, Outcome::not_linearizable);
}

TEST(ExceptionGuarantee, CrashesStayCrashes) {
  for (const Outcome outcome : {Outcome::crash, Outcome::double_free, Outcome::use_after_free, Outcome::hang}) {
    EXPECT_FALSE(may_follow_from_exception(outcome));
    EXPECT_EQ(as_broken_guarantee({outcome, "x", {}, {}}, after_a_throw(), strong).outcome, outcome);
  }
}

/// 2 is there, an erase_if of the even keys ends by `status`, and 2 is gone.
std::optional<Violation> verdict_on_erase_if(CallStatus status) {
  History history;
  history.calls = {
      {.operation = {OpKind::insert, 2, 20}, .invoked = 1, .returned = 2, .status = CallStatus::returned, .flag = true},
      {.thread = 1, .operation = {OpKind::erase_if, 0, 0}, .invoked = 3, .returned = 4, .status = status},
      {.op = 1, .operation = {OpKind::find, 2, 0}, .invoked = 5, .returned = 6, .status = CallStatus::returned}};
  history.quiescent_from = 2;
  Claims claims = strong;
  claims.whole_map = WholeMap::linearizable;
  return check_history({}, history, claims);
}

TEST(ExceptionGuarantee, WhatAPredicateThrowsMayComeAfterSomeErasures) {
  EXPECT_FALSE(verdict_on_erase_if(CallStatus::threw_injected));
  EXPECT_TRUE(verdict_on_erase_if(CallStatus::threw_bad_alloc));
}

TEST(ExceptionGuarantee, ALeakKeepsWhatIsSaidOfIt) {
  const Violation leak{Outcome::leak, "block never freed", {reason::NeverFreed{.blocks = 1, .bytes = 8}}, {}};
  const Violation told = leak_after_exception(leak, after_a_throw());
  EXPECT_EQ(told.outcome, Outcome::exception_guarantee_broken);
  EXPECT_EQ(told.label, "leak after a throw");
  EXPECT_EQ(told.calls, std::vector<std::uint32_t>{0});
  const std::string why = in_words(told.reasons, after_a_throw());
  EXPECT_TRUE(why.starts_with("After ") && why.ends_with(in_words(leak.reasons, after_a_throw()))) << why;
}

}  // namespace
}  // namespace mapquake
