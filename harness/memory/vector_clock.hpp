// Vector clocks: up to which time of every thread something is ordered behind (Mattern 1989; FastTrack, PLDI 2009,
// section 2.2).
#pragma once

#include "harness/choice/choice.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace mapquake::memory {

/// A thread's own clock. Grows with every release, and from one execution to the next: what is older than an
/// execution's first time needs no clearing away.
using Time = std::uint32_t;

/// Only the first `count` times of a clock mean anything, where `count` is the number of threads there have been.
class VectorClock {
 public:
  Time operator[](ThreadId thread) const { return times_[thread]; }
  Time& operator[](ThreadId thread) { return times_[thread]; }
  const Time* times() const { return times_.data(); }
  void fill(Time time) { times_.fill(time); }

  /// Behind everything that `times` is behind as well. Requires: count <= threads_max.
  void join(const Time* times, unsigned count) {
    for (unsigned t = 0; t < count; ++t) times_[t] = std::max(times_[t], times[t]);
  }
  void join(const VectorClock& other, unsigned count) { join(other.times(), count); }

 private:
  std::array<Time, threads_max> times_{};
};

/// How an atomic operation orders, from the numbers that compilers pass (0 relaxed … 5 seq_cst).
constexpr bool acquires(int order) {
  return order == 1 || order == 2 || order == 4 || order == 5;
}
constexpr bool releases(int order) {
  return order >= 3 && order <= 5;
}

}  // namespace mapquake::memory
