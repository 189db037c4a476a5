// A case as a string of bytes, for engines that work on such: libFuzzer, AFL++. Any bytes are a case, a small change of
// the bytes is a small change of the case, and what comes behind the end reads as 0.
//
// The string is a sequence of numbers, each as in LEB128 (DWARF 5, section 7.6), signed ones by turns (0, -1, 1, -2,
// …):
//   hash, flags (1: construct from range), capacity hint, capacity, races passed, memory limit in MiB and steps (0: the
//   default), prefill entries, key and value of each, threads, then of each thread operations, and kind, key, value,
//   extra of each, then choices to the end: thread, operation, event, kind, take of each.
#pragma once

#include "harness/base/result.hpp"
#include "harness/case/executor.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mapquake {

/// Of a case that comes as bytes. Small, because engines grow what they are given.
inline constexpr std::size_t bytes_prefill_max = 4096, bytes_threads_max = 16, bytes_operations_max = 4096,
                             bytes_choices_max = 4096;
/// No capacity, hint of one, or number to reserve for is greater: a map may refuse what no memory can hold.
inline constexpr std::uint64_t bytes_capacity_max = std::uint64_t{1} << 16;
/// No memory limit is lower, in MiB: what fits into less depends on the map.
inline constexpr std::uint64_t bytes_memory_mib_min = 256;
/// An operation `sleep` takes no longer, so that no program sleeps until after the end of virtual time (584 years),
/// which would be a deadlock of any map.
inline constexpr std::int64_t bytes_sleep_ms_max = 1'000'000'000;

/// Errors (bad_input): it is larger than the above, states budgets, or has a memory limit that is low or no whole
/// number of mebibytes, a capacity that is too large or a sleep that is too long.
Result<std::vector<std::uint8_t>> to_bytes(const Case& one);

/// Never fails, and allocates no more than the limits above and the bytes ask for. Numbers that are too large are taken
/// modulo what there is; choices are sorted. from_bytes(to_bytes(x)) is x, where x's choices are sorted.
Case from_bytes(std::span<const std::uint8_t> bytes);

}  // namespace mapquake
