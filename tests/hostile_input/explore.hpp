// Mutations of mutations, each judged.
#pragma once

#include "tests/hostile_input/formats.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mapquake::hostile {

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
