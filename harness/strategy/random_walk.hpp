// Uniform random scheduling with a switch probability that differs from execution to execution. A naive random walk
// switches at every other point, which keeps structures small and hides bugs that need a thread to get far ahead
// (Thomson, Donaldson, Betts: "Concurrency testing using controlled schedulers", TOPC 2016, section 6, find a plain
// random walk a strong baseline; the knob removes its bias against long uninterrupted stretches).
#pragma once

#include "harness/strategy/exploring.hpp"
#include "harness/strategy/geometric.hpp"

namespace mapquake {

class RandomWalk final : public ExploringStrategy {
 public:
  /// `fault_mask`: see FaultDice.
  explicit RandomWalk(std::uint32_t fault_mask = 0);

  void begin(std::uint64_t seed, unsigned thread_count) override;
  /// A thread that can go on is preempted with this execution's probability, by any of the others alike. A forced
  /// switch takes any ready thread; a yielding one stays only where nobody else is ready.
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;
  std::uint32_t quiet_points() override { return until_switch_; }
  void passed(std::uint32_t count) override;

 private:
  Geometric switches_;              ///< of this execution
  std::uint32_t until_switch_ = 0;  ///< how often a thread goes on before it is preempted
};

}  // namespace mapquake
