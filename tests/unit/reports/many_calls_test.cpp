#include "reports/many_calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mapquake::reports {
namespace {

using testing::ElementsAre;

/// A's calls on an object, each told from its begin to its end, the last one without an end.
struct Calls {
  void add(const std::string& text, EventKind kind = EventKind::told) {
    TraceEvent event{};
    event.thread = 1;
    event.kind = kind;
    steps.push_back({1, StepKind::inside, text, {}, 0, {}, execution.trace.events.size()});
    execution.trace.events.push_back(event);
  }
  std::vector<std::string> summed() const {
    std::vector<std::string> texts;
    for (const Step& step : many_calls_summed(steps, execution)) texts.push_back(step.text);
    return texts;
  }

  Execution execution;
  std::vector<Step> steps;
};

TEST(ManyCalls, AreToldByTheirNumbers) {
  Calls calls;
  for (int i = 0; i < 30; ++i) {
    calls.add("push(" + std::to_string(i) + ") = yes");
    if (i % 2 == 0) calls.add("pop = 1");
  }
  calls.add("push(30)");
  EXPECT_THAT(calls.summed(),
              ElementsAre("… before: push 29 times, pop 15 times …", "push(29) = yes", "push(30), call 31 of push"));
}

TEST(ManyCalls, AFewAreToldOneByOne) {
  Calls calls;
  for (int i = 0; i < 12; ++i) calls.add("pop = 1");
  EXPECT_EQ(calls.summed().size(), 12u);
  EXPECT_EQ(calls.summed().back(), "pop = 1");
}

TEST(ManyCalls, WhatHappensInACallStaysBehindIt) {
  Calls calls;
  for (int i = 0; i < 13; ++i) calls.add("pop = 1");
  calls.add("write", EventKind::write);
  calls.add("push(1)");
  EXPECT_THAT(calls.summed(),
              ElementsAre("… before: pop 11 times …", "pop = 1", "pop = 1, call 13 of pop", "write", "push(1)"));
}

}  // namespace
}  // namespace mapquake::reports
