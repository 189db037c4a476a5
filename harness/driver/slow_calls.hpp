// The calls of one thread that took longest, and those that allocated most, with what happened in them.
#pragma once

#include "harness/driver/allocations.hpp"
#include "harness/driver/counters.hpp"
#include "harness/real/job.hpp"

#include <cstdint>
#include <vector>

namespace mapquake::driver {

/// Used by one thread. A call that takes less than `noticed_ns` and allocates little costs a few comparisons; another
/// one a system call.
class SlowCalls {
 public:
  static constexpr std::size_t kept_max = 64;
  static constexpr std::size_t growths_max = 256;
  static constexpr std::uint64_t noticed_ns = 5'000;  ///< no switch of context is quicker than that

  SlowCalls(unsigned thread, const Ticks& ticks, std::uint64_t began);

  /// The call that has just ended. True where it took the time to look closer: the next call starts now, not at `end`.
  bool ended(OpKind kind, std::int64_t key, std::uint64_t begin, std::uint64_t end) {
    Allocations& now = allocations();
    const bool grew = real::allocates_much(now.largest, now.count - seen_count_);
    if (end - begin < noticed_ticks_ && !grew) {
      forget(now);
      return false;
    }
    look_closer(kind, key, begin, end);
    return true;
  }

  void give(real::Repetition& to) const;

 private:
  /// What was allocated until now is no later call's.
  void forget(Allocations& now) {
    seen_count_ = now.count;
    seen_bytes_ = now.bytes;
    now.largest = 0;
  }
  void look_closer(OpKind kind, std::int64_t key, std::uint64_t begin, std::uint64_t end);

  const Ticks& ticks_;
  const std::uint64_t began_;
  const unsigned thread_;
  const std::uint64_t noticed_ticks_;
  KernelCounts seen_;
  std::uint64_t seen_count_, seen_bytes_;
  std::vector<real::SlowCall> slow_;   ///< a heap, the quickest first
  std::vector<real::Growth> growths_;  ///< a heap, the smallest first
  std::uint64_t growth_count_ = 0;
};

}  // namespace mapquake::driver
