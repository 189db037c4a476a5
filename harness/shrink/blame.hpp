// Whether a failure takes the exceptions that were injected into it: controls that do without them.
#pragma once

#include "harness/shrink/shrink.hpp"

#include <cstdint>
#include <optional>

namespace mapquake {

/// What failure_without_blame() costs at most, in executions.
inline constexpr std::uint64_t blame_runs_max = 20'000;

/// The shrunk failure has exceptions in its case, and an outcome that is told as a broken guarantee where it takes
/// them. So here it does not, and the same may happen without any.
bool may_be_met_by_exceptions(const ShrinkResult& shrunk);

struct OtherFailure {
  Case input;
  Outcome outcome = Outcome::clean;
  bool takes_no_exception = true;  ///< false: neither does it, but another fault has moved
};

/// A failure that `shrunk` may be, without exceptions: of its program with the operations that throw succeeding, left
/// out, made by their thread later, made once more with look-ups behind them, or, where the map lets all calls run
/// together, made by a thread of their own; under the same schedule or any other. Where a lost wake-up is blamed on an
/// exception, `found`, which was shrunk, may lose one as well. Counts its executions in shrunk.runs.
std::optional<OtherFailure> failure_without_blame(Executor& executor, const Program& found, ShrinkResult& shrunk,
                                                  bool all_run_together);

}  // namespace mapquake
