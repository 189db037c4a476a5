// Latencies over nine decades in fixed memory: the layout of G. Tene's HdrHistogram (2.1.12, AbstractHistogram). Debian
// 12 has no package of its C library.
#pragma once

#include <cstdint>
#include <vector>

namespace mapquake::real {

/// Counts of values in [0, 2^40), each kept with at least three significant decimal digits; greater ones count as the
/// greatest. 240 KiB. Recording: a count of leading zeros and an increment.
class Histogram {
 public:
  Histogram();

  void record(std::uint64_t value, std::uint64_t times = 1) {
    counts_[index_of(value)] += times;
    total_ += times;
    if (value > max_) max_ = value;
  }
  void add(const Histogram& other);

  /// What a client would have seen that asked every `interval`, whatever the answers took: while one took longer,
  /// further ones would have waited, too (coordinated omission; recordValueWithExpectedInterval of HdrHistogram). 0:
  /// unchanged.
  Histogram corrected(std::uint64_t interval) const;

  std::uint64_t count() const { return total_; }
  std::uint64_t max() const { return max_; }
  /// The least value that at least this share of the records does not exceed, as the greatest of its bucket and never
  /// above max(); 0 where nothing was recorded. Requires 0 <= percent <= 100.
  std::uint64_t percentile(double percent) const;
  double mean() const;

 private:
  static constexpr unsigned half_bits = 10;  // 1,024 buckets for each doubling: 0.1 %
  static constexpr unsigned value_bits = 40;
  static std::uint64_t clamped(std::uint64_t value) {
    constexpr std::uint64_t top = (std::uint64_t{1} << value_bits) - 1;
    return value < top ? value : top;
  }
  static std::size_t index_of(std::uint64_t value) {
    value = clamped(value);
    const auto bits = static_cast<unsigned>(64 - __builtin_clzll(value | 1));
    const unsigned shift = bits > half_bits + 1 ? bits - half_bits - 1 : 0;
    return (static_cast<std::size_t>(shift) << half_bits) + static_cast<std::size_t>(value >> shift);
  }
  /// The greatest value that is counted there.
  static std::uint64_t greatest_at(std::size_t index);

  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace mapquake::real
