// Partial order sampling (Yuan, Yang, Gu: "Partial order aware concurrency sampling", CAV 2018, section 4, algorithm
// 2): every pending event has a random priority, the highest ready one happens, and with it the pending events of
// others that conflict with it get new priorities. Interleavings that differ only in the order of independent events
// share their chance, so that each partial order of few conflicts comes up far sooner than under a random walk; with
// many threads, where PCT needs one priority for the whole execution, most of all.
#pragma once

#include "harness/strategy/exploring.hpp"

#include <array>

namespace mapquake {

class Pos final : public ExploringStrategy {
 public:
  /// `fault_mask`: see FaultDice.
  explicit Pos(std::uint32_t fault_mask = 0) : ExploringStrategy(fault_mask) {}

  void begin(std::uint64_t seed, unsigned thread_count) override;
  /// Asked at every point: what conflicts is only known there. A thread that yields falls behind all others until the
  /// next time it is asked. Cost: O(threads).
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;

 private:
  struct Pending {
    NextStep step;
    std::uint64_t priority = 0;  ///< 0: not drawn
  };
  std::uint64_t draw(ThreadId thread);

  /// Priorities from here on are drawn; those below were left by yields and sink from one to the next, so that threads
  /// which wait for each other's turns get them.
  static constexpr std::uint64_t drawn_min = std::uint64_t{1} << 56;

  std::uint64_t lowest_ = drawn_min;
  ThreadId running_ = main_thread;
  std::array<Pending, threads_max> pending_{};  ///< Invariant: priorities of different threads differ, once drawn.
};

}  // namespace mapquake
