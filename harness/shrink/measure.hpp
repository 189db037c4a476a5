// Which of two failing cases is the simpler one: the order in which reports are easier to read.
#pragma once

#include "harness/case/executor.hpp"

#include <array>
#include <cstdint>

namespace mapquake {

/// Lexicographic: threads, operations, preemptions and faults together, prefill entries, faults and stale reads,
/// unusual construction, distinct keys, sum of keys, values that are not canonical, switches, choices, sizes of fault
/// answers, how far into their operations the switches are. A delay can take the place of a preemption: of the two, the
/// preemption is the simpler. Every step of the shrinker makes it smaller, so shrinking ends.
using Measure = std::array<std::uint64_t, 13>;

/// `execution` is that of `input`; preemptions and faults are counted there.
Measure measure(const Case& input, const Execution& execution);

/// The same for two cases that differ only in where and how often they switch without a preemption more.
Measure without_places(Measure measure);

/// The program with values that are easy to read and still tell their writers apart: the first one written to key k is
/// 10k, the next 10k+1, …, the prefill first, then thread by thread; updates add 1000, 2000, …
Program with_canonical_values(Program program);

}  // namespace mapquake
