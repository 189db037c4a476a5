#include "harness/real/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace mapquake::real {

Histogram::Histogram() : counts_(index_of(UINT64_MAX) + 1) {}

std::uint64_t Histogram::greatest_at(std::size_t index) {
  constexpr std::size_t half = std::size_t{1} << half_bits;
  if (index < 2 * half) return index;
  const std::size_t shift = index / half - 1;
  const std::uint64_t low = index - shift * half;
  return ((low + 1) << shift) - 1;
}

void Histogram::add(const Histogram& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  total_ += other.total_;
  max_ = std::max(max_, other.max_);
}

Histogram Histogram::corrected(std::uint64_t interval) const {
  Histogram result = *this;
  if (interval == 0) return result;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    const std::uint64_t value = std::min(greatest_at(i), max_);
    for (std::uint64_t missed = value; missed >= 2 * interval;) {
      missed -= interval;
      result.record(missed, counts_[i]);
    }
  }
  return result;
}

std::uint64_t Histogram::percentile(double percent) const {
  if (total_ == 0) return 0;
  const double exact = percent / 100 * static_cast<double>(total_);
  const std::uint64_t wanted = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::ceil(exact)), 1, total_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= wanted) return std::min(greatest_at(i), max_);
  }
  return max_;
}

double Histogram::mean() const {
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] != 0) sum += static_cast<double>(counts_[i]) * static_cast<double>(std::min(greatest_at(i), max_));
  }
  return total_ == 0 ? 0 : sum / static_cast<double>(total_);
}

}  // namespace mapquake::real
