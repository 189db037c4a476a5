// Defects that a campaign knows already, by fingerprint: a worker that meets one again counts it and goes on.
#pragma once

#include "harness/history/outcome.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mapquake {

/// So many different ones of a map are kept apart. Whatever comes on top is counted as one of them.
inline constexpr std::size_t known_defects_max = 512;

/// Of outcome, label and what else tells (worker/defect_fingerprint.hpp). Never 0.
std::uint64_t defect_fingerprint(Outcome outcome, std::string_view label, std::uint64_t facts);

/// At most known_defects_max, in the order in which they became known.
using KnownDefects = std::vector<std::uint64_t>;

}  // namespace mapquake
