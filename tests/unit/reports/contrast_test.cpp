#include "reports/contrast.hpp"

#include <gtest/gtest.h>

namespace mapquake::reports {
namespace {

/// A's and B's get_or_create(1), with these answers.
Execution both_answer(std::int64_t a, std::int64_t b) {
  Execution execution;
  for (const ThreadId thread : {ThreadId{1}, ThreadId{2}}) {
    Call call;
    call.thread = thread;
    call.operation = {OpKind::get_or_create, 1, 9 + thread};
    call.status = CallStatus::returned;
    call.has_value = true;
    call.value = thread == 1 ? a : b;
    execution.history.calls.push_back(call);
  }
  execution.history.quiescent_from = 2;
  return execution;
}

StoredChoice switched_at_the_lock() {
  StoredChoice choice;
  choice.thread = 1;
  choice.event = "lock";
  choice.place = "my_map.hpp:24";
  choice.take = 2;
  return choice;
}

const Site& no_site(std::uint64_t) {
  static const Site site;
  return site;
}

TEST(Contrast, TellsTheChoiceAndTheFirstAnswerThatDiffers) {
  EXPECT_EQ(contrast_text(both_answer(10, 11), both_answer(10, 10), switched_at_the_lock(), no_site, 200),
            "Passes:  where A goes on at lock my_map.hpp:24 instead of giving way to B. First difference: B's "
            "get_or_create(1, 11) says 10; here it says 11.\n");
}

TEST(Contrast, WithoutADifferenceTellsTheChoiceAlone) {
  EXPECT_EQ(contrast_text(both_answer(10, 10), both_answer(10, 10), switched_at_the_lock(), no_site, 200),
            "Passes:  where A goes on at lock my_map.hpp:24 instead of giving way to B.\n");
}

TEST(Contrast, OfAFaultTellsWhatHappensInstead) {
  StoredChoice fault = switched_at_the_lock();
  fault.kind = ChoiceKind::alloc_fail;
  fault.event = "alloc";
  EXPECT_EQ(contrast_text(both_answer(1, 1), both_answer(1, 1), fault, no_site, 200),
            "Passes:  where the allocation succeeds at my_map.hpp:24 in A's get_or_create(1, 10).\n");
}

TEST(Contrast, OfTheEnvironmentTellsWhatItUsuallyIs) {
  StoredChoice fault = switched_at_the_lock();
  fault.thread = main_thread;
  fault.kind = ChoiceKind::processors;
  fault.event = "alloc";
  fault.place = "glue.hpp:57";
  EXPECT_EQ(contrast_text(both_answer(1, 1), both_answer(1, 1), fault, no_site, 200),
            "Passes:  where hardware_concurrency() says 2 in the construction.\n");
}

TEST(Contrast, WhatWasDrawnIsToldByItsCall) {
  StoredChoice drawn = switched_at_the_lock();
  drawn.kind = ChoiceKind::adapter;
  drawn.event = "choice";
  drawn.place = "glue.hpp:149";
  EXPECT_EQ(contrast_text(both_answer(1, 1), both_answer(1, 1), drawn, no_site, 200),
            "Passes:  where choose() answers 0 instead of 2 in A's get_or_create(1, 10).\n");
}

}  // namespace
}  // namespace mapquake::reports
