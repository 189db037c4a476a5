#include "reports/usage.hpp"

#include "harness/history/figures.hpp"
#include "reports/slow_calls.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

namespace mapquake::reports {
namespace {

constexpr auto per_call = static_cast<unsigned>(Figure::live_bytes);  // the figures before it are those of a call
constexpr std::array shown{Statistic::p50, Statistic::p90, Statistic::p95, Statistic::p99, Statistic::max};

std::string line(std::string_view operation, std::string_view calls, Figure figure, const LogHistogram& values) {
  std::string text = fmt::format("  {}  {:>12}  {}", padded(std::string(operation), 13), calls,
                                 padded(std::string(name_of(figure)), 15));
  for (const Statistic statistic : shown) {
    text += fmt::format("  {:>9}", grouped(values.percentile(percent_of(statistic))));
  }
  return text + '\n';
}

nlohmann::ordered_json statistics(const LogHistogram& values) {
  nlohmann::ordered_json json;
  for (const Statistic statistic : shown) {
    json[std::string(name_of(statistic))] = values.percentile(percent_of(statistic));
  }
  return json;
}

}  // namespace

std::string usage_table(const UsageRecord& usage) {
  std::string text = fmt::format("  {}  {:>12}  {}", padded("operation", 13), "calls", padded("figure", 15));
  for (const Statistic statistic : shown) text += fmt::format("  {:>9}", name_of(statistic));
  text += '\n';
  for (unsigned kind = 0; kind < op_kind_count; ++kind) {
    const auto operation = static_cast<OpKind>(kind);
    if (usage.calls(operation) == 0) continue;
    bool first = true;
    for (unsigned i = 0; i < per_call; ++i) {
      const LogHistogram& values = usage.of(operation, static_cast<Figure>(i));
      if (values.max() == 0) continue;
      text +=
          line(first ? name_of(operation) : "", first ? grouped(values.count()) : "", static_cast<Figure>(i), values);
      first = false;
    }
  }
  const LogHistogram& live = usage.of(OpKind::insert, Figure::live_bytes);
  if (live.count() > 0) text += line("(at the end)", grouped(live.count()), Figure::live_bytes, live);
  return text;
}

nlohmann::ordered_json usage_json(const UsageRecord& usage) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (unsigned kind = 0; kind < op_kind_count; ++kind) {
    const auto operation = static_cast<OpKind>(kind);
    if (usage.calls(operation) == 0) continue;
    nlohmann::ordered_json& one = json[std::string(name_of(operation))];
    one["calls"] = usage.calls(operation);
    for (unsigned i = 0; i < per_call; ++i) {
      one[std::string(name_of(static_cast<Figure>(i)))] = statistics(usage.of(operation, static_cast<Figure>(i)));
    }
    one["slow_calls"] = slow_calls_json(usage, operation);
    for (unsigned other = 0; other < op_kind_count; ++other) {
      if (usage.calls(static_cast<OpKind>(other)) == 0) continue;
      one["meets"][name_of(static_cast<OpKind>(other))] = usage.meetings(operation, static_cast<OpKind>(other));
    }
  }
  json["live_bytes"] = statistics(usage.of(OpKind::insert, Figure::live_bytes));
  return json;
}

}  // namespace mapquake::reports
