// Finds the smallest case with the same outcome and label: threads, operations, arguments, prefill, preemptions
// and faults together.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/case/minimality.hpp"
#include "harness/history/program_numbers.hpp"

#include <atomic>
#include <cstdint>
#include <functional>

namespace mapquake {

struct ShrinkOptions {
  std::uint32_t runs_max = 500'000;  ///< executions, searches included
  /// Of those: what the last stage may cost, which looks at all schedules below the best case's size to find a
  /// smaller one or to prove that there is none.
  std::uint32_t proof_runs_max = 200'000;
  double seconds_max = 20;  ///< wall time after which the best case so far is returned
  std::uint64_t seed = 0;
  /// Of the map. No smaller case asks for others, where the failing one does not.
  HeldNumbers numbers = {};
  /// Any call of the map may run beside any other. Else no case asks for more threads than the failing one.
  bool all_run_together = false;
  /// Called now and then with the best case so far; for progress displays. May be empty.
  std::function<void(const Case&, std::uint64_t runs)> progress = {};
  /// Where set and true: come back soon with the best case so far. May be null.
  const std::atomic<bool>* stop = nullptr;
};

struct ShrinkResult {
  Case best;
  Execution execution;  ///< of `best`, with trace
  std::uint64_t runs = 0;
  std::uint64_t removals_checked = 0;  ///< single removals that were tried on `best` and made it pass
  Minimality minimality = Minimality::best_so_far;
};

/// Prefers fewer threads, then operations, preemptions and faults, prefill entries, then small arguments (measure.hpp).
/// Requires: `failing` fails with `outcome` and `label` when executed by `executor`. The answer does so too: where
/// executions differ from run to run, it is the smallest case found that failed again at the end. An empty `label`
/// stands for any: a smaller case may show the same outcome by another symptom.
/// An exception to that: where a guarantee is said to be broken, and the case fails without its exceptions as well, or
/// the program does by another schedule, or without the call that threw, or with that call at the end of its thread,
/// the answer is what happens then, under its own outcome. So it is where it takes an exception and another fault
/// together, and that fault breaks the same program without the exception. Answers that are wrong are looked at alike.
ShrinkResult shrink(Executor& executor, const Case& failing, Outcome outcome, const std::string& label,
                    const ShrinkOptions& options);

}  // namespace mapquake
