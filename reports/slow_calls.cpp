#include "reports/slow_calls.hpp"

#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace mapquake::reports {
namespace {

/// Bits of the least and the greatest latency of all.
struct Widths {
  unsigned first = 64;
  unsigned last = 0;
};

template <class Visit>
void for_each_cause(const UsageRecord& usage, OpKind operation, Visit visit) {
  for (unsigned i = 0; i < slow_cause_count; ++i) {
    const auto cause = static_cast<SlowCause>(i);
    const LogHistogram& latencies = usage.latency_of(operation, cause);
    if (latencies.count() > 0) visit(cause, latencies);
  }
}

template <class Visit>
void for_each_operation(const UsageRecord& usage, Visit visit) {
  for (unsigned kind = 0; kind < op_kind_count; ++kind) {
    if (usage.calls(static_cast<OpKind>(kind)) > 0) visit(static_cast<OpKind>(kind));
  }
}

Widths widths_of(const UsageRecord& usage) {
  Widths widths;
  for_each_operation(usage, [&](OpKind operation) {
    for_each_cause(usage, operation, [&](SlowCause, const LogHistogram& latencies) {
      for (unsigned bits = 0; bits <= 64; ++bits) {
        if (latencies.count_of_width(bits) == 0) continue;
        widths = {std::min(widths.first, bits), std::max(widths.last, bits)};
      }
    });
  });
  return widths;
}

/// A column for each power of two, as high as its share of the calls.
std::string plot(const LogHistogram& latencies, const Widths& widths) {
  constexpr std::array<std::string_view, 9> heights{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string text;
  for (unsigned bits = widths.first; bits <= widths.last; ++bits) {
    const std::uint64_t count = latencies.count_of_width(bits);
    const auto eighths =
        static_cast<std::size_t>(static_cast<double>(count) / static_cast<double>(latencies.count()) * 8);
    text += heights[count == 0 ? 0 : std::clamp<std::size_t>(eighths, 1, heights.size() - 1)];
  }
  return text;
}

std::string line(std::string_view operation, std::string_view cause, std::string_view calls, std::string_view p50,
                 std::string_view p99, std::string_view max) {
  return fmt::format("  {}  {}  {:>11}  {:>11}  {:>11}  {:>13}", padded(std::string(operation), 13),
                     padded(std::string(cause), 36), calls, p50, p99, max);
}

}  // namespace

std::string slow_calls_table(const UsageRecord& usage) {
  const Widths widths = widths_of(usage);
  if (widths.first > widths.last) return {};
  const std::uint64_t least = widths.first == 0 ? 0 : std::uint64_t{1} << (widths.first - 1);
  std::string text = line("operation", "calls that", "calls", "p50 ns", "p99 ns", "max ns") +
                     fmt::format("  from {} ns, a column for each power of two\n", grouped(least));
  for_each_operation(usage, [&](OpKind operation) {
    std::string_view name = name_of(operation);
    for_each_cause(usage, operation, [&](SlowCause cause, const LogHistogram& latencies) {
      text += line(name, in_words(cause), grouped(latencies.count()), grouped(latencies.percentile(50)),
                   grouped(latencies.percentile(99)), grouped(latencies.max())) +
              "  " + plot(latencies, widths) + '\n';
      name = "";
    });
  });
  return text;
}

nlohmann::ordered_json slow_calls_json(const UsageRecord& usage, OpKind operation) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for_each_cause(usage, operation, [&](SlowCause cause, const LogHistogram& latencies) {
    json[std::string(name_of(cause))] = {{"calls", latencies.count()},
                                         {"p50", latencies.percentile(50)},
                                         {"p99", latencies.percentile(99)},
                                         {"max", latencies.max()}};
  });
  return json;
}

}  // namespace mapquake::reports
