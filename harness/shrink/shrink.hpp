// Finds the smallest case with the same outcome and label: threads, operations, arguments, prefill, preemptions
// and faults together.
#pragma once

#include "harness/case/executor.hpp"

#include <atomic>
#include <cstdint>
#include <functional>

namespace mapquake {

struct ShrinkOptions {
  std::uint32_t runs_max = 50'000;  ///< executions, searches included
  double seconds_max = 20;          ///< wall time after which the best case so far is returned
  std::uint64_t seed = 0;
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
  bool minimal = false;  ///< no single removal keeps the outcome (budget did not run out before that was known)
  /// Moreover, all schedules with as few preemptions were run for each removal of an operation, prefill entry or fault,
  /// and all with fewer for `best` itself: the counts of the report are proven, under this one's faults.
  bool exhaustive = false;
};

/// Prefers fewer threads, then operations, preemptions and faults, prefill entries, then small arguments (measure.hpp).
/// Requires: `failing` fails with `outcome` and `label` when executed by `executor`. The answer does so too: where
/// executions differ from run to run, it is the smallest case found that failed again at the end. An empty `label`
/// stands for any: a smaller case may show the same outcome by another symptom.
/// An exception to that: where a guarantee is broken only by an exception and another fault together, and that fault
/// breaks the same program without the exception as well, the answer is what happens then, under its own outcome.
ShrinkResult shrink(Executor& executor, const Case& failing, Outcome outcome, const std::string& label,
                    const ShrinkOptions& options);

}  // namespace mapquake
