// What an exploration looks at once more before it calls an execution a failure: is it one as the case that it has
// become, and is it more than long?
#pragma once

#include "harness/worker/judged_run.hpp"

namespace mapquake {

/// A program that takes no more steps than this when its threads run one after the other is not given up for its
/// length.
inline constexpr std::uint64_t serial_steps_max = 10'000'000;
/// So many times that may an interleaving of it take.
inline constexpr std::uint64_t steps_over_serial = 8;

/// The case is one of interleaving where no load read an older value, although loads could have. There, without the
/// edges between operations (docs/memory-model.md), more is a data race. So what the execution showed need not be what
/// its case shows.
bool was_weak_in_vain(const runtime::Recording& recording, const runtime::FaultPlan& faults);

/// A failure of which settled() may say otherwise.
bool may_look_otherwise(const Violation& failure, const runtime::Recording& recording,
                        const runtime::FaultPlan& faults);

/// The execution again, as its case. Where all it did was to take more steps than `program` allows, nobody has asked
/// for that limit, and the program is long when its threads run one after the other, too: clean, and `program` allows
/// it more from now on. Cost: an execution, and for such a one up to serial_steps_max steps.
const Violation& settled(JudgedRuns& runs, Program& program, const runtime::Recording& recording, bool limit_is_asked);

}  // namespace mapquake
