// Text without the blanks round it.
#pragma once

#include <string_view>

namespace mapquake {

/// Spaces, tabs, and what ends lines of other systems.
inline constexpr std::string_view blanks = " \t\r";

/// `left_out`: the characters that go.
constexpr std::string_view trimmed(std::string_view text, std::string_view left_out = blanks) {
  const std::size_t first = text.find_first_not_of(left_out);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(left_out) - first + 1);
}

}  // namespace mapquake
