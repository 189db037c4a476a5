#include "reports/drawn.hpp"

#include <gtest/gtest.h>

namespace mapquake::reports {
namespace {

Execution two_calls() {
  Execution execution;
  execution.history.calls.push_back({.thread = main_thread, .op = 2, .operation = {OpKind::insert, 1, 10}});
  execution.history.calls.push_back({.thread = 1, .op = 0, .operation = {OpKind::erase, 1, 0}});
  execution.history.quiescent_from = 2;
  return execution;
}

TEST(Drawn, TellsTheAnswersOfEachCallInTheirOrder) {
  Execution execution = two_calls();
  execution.choices = {{main_thread, 2, 16, ChoiceKind::adapter, 1},
                       {main_thread, 2, 19, ChoiceKind::adapter, 3},
                       {1, 0, 4, ChoiceKind::schedule, 2},
                       {1, 0, 5, ChoiceKind::adapter, 2}};
  EXPECT_EQ(drawn_text(execution, 200),
            "Drawn: The prefill insert(1, 10): choose() answered 1, 3; A's erase(1): choose() answered 2; everywhere "
            "else 0.\n");
}

TEST(Drawn, WhereNothingWasDrawnNothingIsTold) {
  Execution execution = two_calls();
  EXPECT_EQ(drawn_text(execution, 200), "");
  execution.choices = {{1, 0, 4, ChoiceKind::schedule, 2}};
  EXPECT_EQ(drawn_text(execution, 200), "");
}

}  // namespace
}  // namespace mapquake::reports
