// Where code lies in a file that is loaded somewhere.
#pragma once

#include <cstdint>

namespace mapquake {

/// Offsets from where the file is loaded, as ELF has them; `end` is the first one behind it.
struct CodeRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  friend bool operator==(const CodeRange&, const CodeRange&) = default;
};

}  // namespace mapquake
