#include "reports/slow_calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

namespace mapquake::reports {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// An insert that grows, and a find that waits for it.
std::unique_ptr<UsageRecord> record_of_a_growth() {
  History history;
  history.calls.push_back({.thread = 1,
                           .operation = {.kind = OpKind::insert},
                           .invoked = 0,
                           .returned = 3,
                           .status = CallStatus::returned,
                           .usage = {.steps = 1500, .latency_ns = 1500, .allocated_bytes = 2048, .allocations = 1}});
  history.calls.push_back({.thread = 2,
                           .operation = {.kind = OpKind::find},
                           .invoked = 1,
                           .returned = 2,
                           .status = CallStatus::returned,
                           .usage = {.steps = 9, .latency_ns = 1400, .waits = 1}});
  history.quiescent_from = 2;
  auto record = std::make_unique<UsageRecord>();
  record->add(history);
  return record;
}

TEST(SlowCallsTable, NamesTheCauseOfEachOperationsLatency) {
  const std::string text = slow_calls_table(*record_of_a_growth());
  EXPECT_THAT(text, ContainsRegex("insert +grew +1 .* 1,500 "));
  EXPECT_THAT(text, ContainsRegex("find +waited while another call grew +1 .* 1,400 "));
  EXPECT_THAT(text, Not(HasSubstr("their own steps")));
  EXPECT_THAT(text, HasSubstr("from 1,024 ns"));
  EXPECT_THAT(text, HasSubstr("█"));
}

TEST(SlowCallsTable, IsEmptyWhereNothingWasCalled) {
  EXPECT_EQ(slow_calls_table(*std::make_unique<UsageRecord>()), "");
}

TEST(SlowCallsTable, JsonHasTheSameFigures) {
  const auto json = slow_calls_json(*record_of_a_growth(), OpKind::find);
  EXPECT_EQ(json.dump(), R"({"behind_growth":{"calls":1,"p50":1400,"p99":1400,"max":1400}})");
}

}  // namespace
}  // namespace mapquake::reports
