// What the operations of many executions used, in memory of a fixed size: a histogram for each kind of operation and
// figure. Plain data without pointers, so that it can lie in memory that processes share.
#pragma once

#include "harness/history/history.hpp"
#include "harness/history/slow_calls.hpp"

#include <array>
#include <cstdint>

namespace mapquake {

/// Log-linear buckets, as in HdrHistogram (Tene): values below 16 are exact, others fall into one of 16 buckets for
/// each power of two and are read back as the greatest value of theirs, which is too much by less than a sixteenth. The
/// greatest value of all is exact.
class LogHistogram {
 public:
  static constexpr unsigned precision_bits = 4;
  static constexpr unsigned bucket_count = (64 - precision_bits + 1) << precision_bits;

  void clear();
  void add(std::uint64_t value);
  void merge(const LogHistogram& other);

  std::uint64_t count() const { return count_; }
  std::uint64_t max() const { return max_; }
  /// By nearest rank: what at least so many percent of the values do not exceed; 0 where there are none. Requires
  /// 0 < percent <= 100.
  std::uint64_t percentile(unsigned percent) const;
  /// How many values have so many bits: from 2^(bits - 1) to 2^bits - 1; 0 is the only one without any. Requires
  /// bits <= 64.
  std::uint64_t count_of_width(unsigned bits) const;

 private:
  std::array<std::uint64_t, bucket_count> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

/// 1.8 MB, of which only the pages of operations that were called are touched.
class UsageRecord {
 public:
  void clear();
  /// The calls of the program's threads that came back, as budgets count them (history/figures.hpp), and which of them
  /// overlapped. Cost: O(calls + overlapping pairs).
  void add(const History& history);
  void merge(const UsageRecord& other);

  /// Of one kind of operation; of `live_bytes`, the executions that came to an end, whatever the kind.
  const LogHistogram& of(OpKind operation, Figure figure) const;
  std::uint64_t calls(OpKind operation) const { return of(operation, Figure::steps).count(); }
  /// How often a call of the one kind and a call of the other, on different threads, overlapped in time. Symmetric. Of
  /// one kind with itself, each pair of calls counts once.
  std::uint64_t meetings(OpKind a, OpKind b) const;
  /// Figure::latency_ns of those calls of a kind that took as long as they did for this cause.
  const LogHistogram& latency_of(OpKind operation, SlowCause cause) const;

 private:
  void add_meetings(const History& history);

  std::array<std::array<LogHistogram, slow_cause_count>, op_kind_count> latency_by_cause_{};
  std::array<std::array<LogHistogram, figure_count - 1>, op_kind_count> per_call_{};
  LogHistogram live_bytes_;
  std::array<std::array<std::uint64_t, op_kind_count>, op_kind_count> meetings_{};  ///< lower kind first
};

}  // namespace mapquake
