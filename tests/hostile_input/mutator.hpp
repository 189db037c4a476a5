// Inputs made of other inputs: deterministic, so that a seed and a number name an input on every machine.
#pragma once

#include "harness/base/rng.hpp"
#include "tests/hostile_input/formats.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace mapquake::hostile {

/// One edit of `input`: bytes flipped, removed, repeated, exchanged; numbers at their limits; words of the
/// format; pieces of `other`; or a few. Replay files are sealed again most of the time (`edited_replay`: half of
/// it): an enemy would. At most `bytes_max` long before the seal.
std::string mutated(Format format, std::string input, std::string_view other, std::size_t bytes_max, Rng& rng);

}  // namespace mapquake::hostile
