// Inputs made of other inputs: deterministic, so that a seed and a number name an input on every machine.
#pragma once

#include "harness/base/rng.hpp"
#include "tests/hostile_input/formats.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace mapquake::hostile {

/// One edit of `input`: bytes flipped, removed, repeated, exchanged; numbers at their limits; words of the
/// format; pieces of `other`; or a few. Replay files are sealed again most of the time (`edited_replay`: half of
/// it): an enemy would. At most `bytes_max` long before the seal.
std::string mutated(Format format, std::string input, std::string_view other, std::size_t bytes_max, Rng& rng);

struct Finding {
  std::string input;
  std::string what;
};
struct Campaign {
  std::uint64_t inputs = 0;
  std::uint64_t read = 0;  ///< of these, and not refused
  double slowest_s = 0;    ///< processor time of one input
  std::string slowest;
  std::vector<Finding> findings;  ///< the first ten
};
/// `count` mutations of the samples and of each other, from `seed`. A crash ends the process.
Campaign explore(Format format, std::span<const std::string> samples, std::uint64_t count, std::uint64_t seed);

}  // namespace mapquake::hostile
