// What made calls slow over a whole campaign, in virtual time, as a table with a plot.
#pragma once

#include "harness/history/usage_record.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace mapquake::reports {

/// A line for each kind of operation and cause: how many calls, their latencies, and a plot of these by powers of two.
/// Empty where nothing came back.
std::string slow_calls_table(const UsageRecord& usage);

/// {"growth": {"calls": 12, "p50": 40, "p99": 90, "max": 97}, …}: causes of the calls of one kind, latencies in
/// nanoseconds of virtual time.
nlohmann::ordered_json slow_calls_json(const UsageRecord& usage, OpKind operation);

}  // namespace mapquake::reports
