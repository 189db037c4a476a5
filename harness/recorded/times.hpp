// Stamps in logs as integers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mapquake::recorded {

/// Billionths in one: what stands behind a decimal point.
inline constexpr std::int64_t decimal_scale = 1'000'000'000;

struct Stamp {
  std::int64_t whole = 0;
  std::int64_t billionths = 0;  ///< of the same sign
  bool has_point = false;
};

/// "17", "-3.25", at most nine digits behind the point. No exponents: they are rounded already.
std::optional<Stamp> parse_stamp(std::string_view text);
/// RFC 3339, "2026-01-02T03:04:05.678+01:00": nanoseconds since 1970.
std::optional<std::int64_t> parse_date_time(std::string_view text);

}  // namespace mapquake::recorded
