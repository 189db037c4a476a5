// A run whose failure is told as what it is. Where it read memory that nothing had written, it is run again with other
// contents of such memory (fresh_memory.hpp). Where exceptions were injected, the same program with the same schedule
// is run without them, and once more without the calls that they ended; what happens only with them is a broken
// exception guarantee.
#pragma once

#include "harness/worker/fresh_memory.hpp"
#include "harness/worker/map_runner.hpp"

#include <span>
#include <unordered_map>
#include <vector>

namespace mapquake {

class JudgedRuns {
 public:
  explicit JudgedRuns(MapRunner& runner) : runner_(runner), fresh_memory_(runner) {}

  /// Clean executions are tested for uninitialised reads only now and then (FreshMemory::sample).
  void sample_fresh_memory() { fresh_memory_.sample(); }

  /// As MapRunner::run. The answer depends on the program and the choices that were made alone. Runs that fail after an
  /// injected exception, or end with more blocks allocated than before, are repeated two or three times; all others
  /// cost nothing.
  const Violation& run(const Program& program, Strategy& strategy, std::uint64_t seed,
                       const runtime::Recording& recording, const runtime::FaultPlan& faults);

  /// From now on, failures that look like others which were judged in full several times, always alike, are taken for
  /// the same: most are not repeated. Then the verdict that run() answers is what the runner saw.
  void recognise_failures() { recognises_ = true; }
  /// Of the last run.
  const Violation& violation() const { return runner_.violation(); }
  const History& history() const { return runner_.history(); }
  /// Requires: the last run failed. Of its failure as it is, or would be, judged in full.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  struct Judged {
    std::uint64_t as = 0;
    std::uint32_t times = 0;
  };
  const Violation& judge(const Program& program, const runtime::Recording& recording);

  MapRunner& runner_;
  FreshMemory fresh_memory_;
  std::vector<Choice> unused_choices_;
  bool recognises_ = false;
  std::uint64_t fingerprint_ = 0;
  std::unordered_map<std::uint64_t, Judged> judged_;  ///< by fingerprint before judging
};

/// Those of the run that went into `recording`; valid until the next.
inline std::span<const Choice> choices_made(const runtime::Recording& recording) {
  return recording.choices.first(recording.choice_count->load());
}

/// The plan of a replay: the kinds of the given choices, as many as there are.
runtime::FaultPlan plan_for(std::span<const Choice> choices);
/// The plan of an exploration.
runtime::FaultPlan plan_for(const Plan& plan);

/// Of the last execution, which was judged to end so: Execution::trace_hash.
std::uint64_t trace_hash(Outcome outcome);

}  // namespace mapquake
