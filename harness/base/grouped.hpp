// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace mapquake {

/// "412,200"
inline std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

}  // namespace mapquake
