// What operations used over a whole campaign: what a user reads to choose a budget.
#pragma once

#include "harness/history/usage_record.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace mapquake::reports {

/// A line for each kind of operation and figure that is not always 0: p50, p90, p95, p99 and the greatest.
std::string usage_table(const UsageRecord& usage);

/// {"insert": {"calls": 12, "steps": {"p50": 40, …, "max": 97}, …}, "live_bytes": {…}}, with every figure.
nlohmann::ordered_json usage_json(const UsageRecord& usage);

}  // namespace mapquake::reports
