// What a few repetitions say of a figure.
#pragma once

#include <span>

namespace mapquake::real {

/// A mean with the half-width of its 95 % confidence interval by Student's t; 0 of a single value.
struct Estimate {
  double mean = 0;
  double half_width = 0;
};
/// Requires at least one value.
Estimate estimate(std::span<const double> values);

/// An interval of 95 %.
struct Interval {
  double value = 0, low = 0, high = 0;
};
/// The ratio of the means, a / b, with percentiles of 4,000 bootstrap samples (B. Efron 1979). The same arguments give
/// the same answer. Requires values on both sides, positive ones in `b`.
Interval ratio_of_means(std::span<const double> a, std::span<const double> b);

}  // namespace mapquake::real
