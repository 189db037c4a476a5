// Countdowns instead of dice: how many trials fail before the first that succeeds, drawn in one go, so that the trials
// between cost nothing. The same trick thins out samples in profilers (tcmalloc's heap sampling).
#pragma once

#include "harness/base/rng.hpp"

#include <algorithm>
#include <cmath>

namespace mapquake {

class Geometric {
 public:
  static constexpr double stretch_max = 1'000'000;

  /// Of trials that succeed with this probability, in (0, 1).
  explicit Geometric(double probability) noexcept : log_of_failing_(std::log1p(-probability)) {}

  /// At most stretch_max. Cost: one logarithm.
  std::uint32_t draw(Rng& rng) const {
    // Inversion: the least k with 1 - fail^(k+1) > u.
    const double u = (static_cast<double>(rng.next() >> 11) + 1) * 0x1p-53;
    return static_cast<std::uint32_t>(std::min(std::log(u) / log_of_failing_, stretch_max));
  }

 private:
  double log_of_failing_;
};

}  // namespace mapquake
