// "10s", "5m", "250ms", "1h30m" as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mapquake::cli {

inline constexpr double duration_seconds_max = 30 * 24 * 3600.0;

/// Seconds; a number without a unit means seconds. Empty for anything else, for 0, and for more than
/// duration_seconds_max.
std::optional<double> parse_duration(std::string_view text);

/// "0.4 s", "51 s", "3 min 20 s", "2 h 5 min".
std::string duration_text(double seconds);

}  // namespace mapquake::cli
