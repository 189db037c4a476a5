// Another strategy's decisions, except that a thread which starts threads goes on until it has started all of them. Of
// forty threads that one thread starts, the first are usually over before the last begins, and what takes many of them
// at one time is rare, while published figures for such programs are of testers that hold every thread at its beginning
// until all are there (Yuan, Yang, Gu: "Partial order aware concurrency sampling", CAV 2018, section 5).
#pragma once

#include "harness/strategy/forwarding.hpp"

#include <array>
#include <cstdint>

namespace mapquake {

/// How many threads each thread starts, as far as executions of the program have shown it: the most of any.
class StartsKnown {
 public:
  /// Another program.
  void forget() { *this = {}; }
  void begin() { now_.fill(0); }
  void note(ThreadId thread) {
    ++now_[thread];
    if (now_[thread] > most_[thread]) most_[thread] = now_[thread];
  }
  bool more_to_come(ThreadId thread) const { return now_[thread] < most_[thread]; }

 private:
  std::array<std::uint16_t, threads_max> most_{};
  std::array<std::uint16_t, threads_max> now_{};
};

class StartsFirst final : public ForwardingStrategy {
 public:
  /// `base` and `known` must outlive this.
  StartsFirst(Strategy& base, StartsKnown& known) : ForwardingStrategy(base), known_(known) {}

  /// In three executions of four; in the others, threads that were started may be over before others are.
  void begin(std::uint64_t seed, unsigned thread_count) override;
  /// `base` is asked every time, so that its view of the execution has no gaps.
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;
  std::uint32_t quiet_points() override { return overruled_ ? 0 : base().quiet_points(); }

 private:
  StartsKnown& known_;
  bool starts_first_ = false;
  bool overruled_ = false;  ///< the thread that runs is not the one that `base` chose
};

}  // namespace mapquake
