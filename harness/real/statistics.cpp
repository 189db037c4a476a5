#include "harness/real/statistics.hpp"

#include "harness/base/rng.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace mapquake::real {
namespace {

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The 97.5 % quantile of Student's distribution; beyond the table the normal one's, which is 4 % less at most.
double quantile(std::size_t degrees) {
  constexpr std::array<double, 30> table{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                         2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                                         2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  return degrees <= table.size() ? table[degrees - 1] : 1.960;
}

double resampled_mean(std::span<const double> values, Rng& random) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    sum += values[random.below(static_cast<std::uint32_t>(values.size()))];
  return sum / static_cast<double>(values.size());
}

}  // namespace

Estimate estimate(std::span<const double> values) {
  MQ_ASSERT(!values.empty());
  Estimate result{mean_of(values), 0};
  if (values.size() < 2) return result;
  double squares = 0;
  for (const double value : values) squares += (value - result.mean) * (value - result.mean);
  const auto count = static_cast<double>(values.size());
  result.half_width = quantile(values.size() - 1) * std::sqrt(squares / (count - 1) / count);
  return result;
}

Interval ratio_of_means(std::span<const double> a, std::span<const double> b) {
  MQ_ASSERT(!a.empty() && !b.empty());
  constexpr std::size_t samples = 4000;
  Rng random(samples);
  std::vector<double> ratios;
  ratios.reserve(samples);
  for (std::size_t i = 0; i < samples; ++i) ratios.push_back(resampled_mean(a, random) / resampled_mean(b, random));
  std::ranges::sort(ratios);
  return {mean_of(a) / mean_of(b), ratios[samples / 40], ratios[samples - 1 - samples / 40]};
}

}  // namespace mapquake::real
