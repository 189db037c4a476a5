// A run whose failure is told as what it is. Where it read memory that nothing had written, it is run again with other
// contents of such memory (fresh_memory.hpp). Where exceptions were injected, the same program with the same schedule
// is run without them, and what happens only with them is a broken exception guarantee.
#pragma once

#include "harness/worker/fresh_memory.hpp"
#include "harness/worker/map_runner.hpp"

#include <vector>

namespace mapquake {

class JudgedRuns {
 public:
  explicit JudgedRuns(MapRunner& runner) : runner_(runner), fresh_memory_(runner) {}

  /// Clean executions are tested for uninitialised reads only now and then (FreshMemory::sample).
  void sample_fresh_memory() { fresh_memory_.sample(); }

  /// As MapRunner::run. The answer depends on the program and the choices that were made alone. Runs that fail after an
  /// injected exception, or end with more blocks allocated than before, are repeated twice; all others cost nothing.
  const Violation& run(const Program& program, Strategy& strategy, std::uint64_t seed,
                       const runtime::Recording& recording, std::uint64_t steps_max, const runtime::FaultPlan& faults);

 private:
  MapRunner& runner_;
  FreshMemory fresh_memory_;
  std::vector<Choice> unused_choices_;
};

/// The plan of a replay: the kinds of the given choices, as many as there are.
runtime::FaultPlan plan_for(std::span<const Choice> choices);
/// The plan of an exploration.
runtime::FaultPlan plan_for(std::uint32_t fault_mask, std::uint32_t faults_max, std::uint64_t pressure_bytes);

}  // namespace mapquake
