// What the kernel and the processor count of a thread.
#pragma once

#include "harness/real/job.hpp"

#include <cstdint>

namespace mapquake::driver {

/// Instructions, cycles and cache misses of the calling thread in user mode, by perf_event_open. Where that is not
/// allowed or there is no such hardware (most virtual machines), `stop` says so. Used by one thread.
class HardwareCounters {
 public:
  HardwareCounters();
  ~HardwareCounters();
  HardwareCounters(const HardwareCounters&) = delete;
  HardwareCounters& operator=(const HardwareCounters&) = delete;

  void start();
  real::Counters stop();

 private:
  int files_[3] = {-1, -1, -1};
  int error_ = 0;
};

/// Of the calling thread since it began. A system call.
struct KernelCounts {
  std::uint64_t waited = 0, preempted = 0, page_faults = 0;
  friend KernelCounts operator-(const KernelCounts& later, const KernelCounts& earlier) {
    return {later.waited - earlier.waited, later.preempted - earlier.preempted,
            later.page_faults - earlier.page_faults};
  }
};
KernelCounts kernel_counts();

/// Keeps the calling thread on the n-th of the processors that this process may use, counted round.
void pin_to_processor(unsigned n);

/// The processor's cycle counter where it runs at one rate, in nanoseconds by a measured rate; else the monotonic
/// clock.
class Ticks {
 public:
  Ticks();
  std::uint64_t now() const;
  std::uint64_t nanoseconds(std::uint64_t ticks) const {
    return static_cast<std::uint64_t>(static_cast<double>(ticks) * ns_per_tick_);
  }
  std::uint64_t ticks(double seconds) const { return static_cast<std::uint64_t>(seconds * 1e9 / ns_per_tick_); }

 private:
  bool cycles_ = false;
  double ns_per_tick_ = 1;
};

}  // namespace mapquake::driver
