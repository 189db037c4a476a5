// What the answers to ChoiceKind::pause mean.
#pragma once

#include <cstdint>

namespace mapquake {

/// Below it, a pause lasts 2^answer nanoseconds of virtual time; this one lasts a nanosecond for each live byte, as
/// that of a collector that stops the world.
inline constexpr std::uint32_t pause_for_live_bytes = 41;

}  // namespace mapquake
