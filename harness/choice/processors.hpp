// What the answers to ChoiceKind::processors mean.
#pragma once

#include <array>

namespace mapquake {

/// How many processors the machine has. The usual number first; then the fewest, and more than most maps have shards
/// for.
inline constexpr std::array<unsigned, 4> processor_counts{2, 1, 64, 3};

}  // namespace mapquake
