// Which growth or pause made which call slow: calls that took long, held against what their thread did in them and what
// the other threads did at the same time.
#pragma once

#include "harness/real/job.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mapquake::real {

enum class Cause : std::uint8_t {
  growth,         ///< the call itself allocated much: it grew, copied or rebuilt
  pause,          ///< the kernel took the processor away in it
  behind_growth,  ///< it waited, and another thread's call grew the map at that time
  behind_pause,   ///< it waited, and another thread was without a processor in a call at that time
  wait,           ///< it waited, for what is not known: a lock that others hold in turn
  page_faults,    ///< memory that was touched for the first time
  unknown,        ///< none of these: interrupts, the hypervisor, spinning
};
inline constexpr std::size_t cause_count = 7;

struct Explained {
  SlowCall call;
  Cause cause = Cause::unknown;
  /// behind_growth and behind_pause: what it waited for, the one that it shares most time with.
  std::optional<Growth> growth = {};
  std::optional<SlowCall> pause = {};
};

/// Each slow call in the order given. A call that was preempted and grew counts as preempted where both are there: a
/// time slice is longer than any growth. Waiting behind another call is an inference from time and not from the lock.
/// Cost: slow calls times growths.
std::vector<Explained> explain(const Repetition& repetition);

/// How many of them, by Cause.
std::array<std::uint64_t, cause_count> count_causes(std::span<const Explained> calls);

}  // namespace mapquake::real
