// The last line of a replay file, `checksum = "…"`: XXH3-64 over all bytes before it. It guards against accidents
// (a cut-off download, an edit that was forgotten), not against forgery.
#pragma once

#include <string>
#include <string_view>

namespace mapquake {

/// `body` followed by the checksum line. Requires: body is empty or ends in a line feed.
std::string sealed(std::string body);

struct Seal {
  bool intact = false;    ///< the last line is exactly the one that sealed() writes
  bool present = false;   ///< the last line claims to be a checksum
  std::string_view body;  ///< what stands before the checksum line; all of the text where there is none
};
Seal read_seal(std::string_view text);

}  // namespace mapquake
