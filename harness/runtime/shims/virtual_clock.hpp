// Virtual time as timespec, and waiting until an instant of it. All clocks run at the same rate from the scheduler's
// now_ns(); CLOCK_REALTIME (and TAI) starts at 2024-01-01T00:00:00Z, all others at the scheduler's origin.
#pragma once

#include "harness/runtime/scheduler.hpp"

#include <cstdint>
#include <ctime>

namespace mapquake::runtime {

inline constexpr std::uint64_t epoch_s = 1'704'067'200;  // 2024-01-01T00:00:00Z

/// What a system call that a loop may repeat (reading a clock, yielding) costs in virtual time, in addition to the
/// scheduler's nanosecond: a loop that polls for a millisecond then takes a thousand rounds and not a million.
inline constexpr std::uint64_t poll_cost_ns = 1'000;

/// The reading of a clock. Any clock id is accepted.
timespec read_clock(clockid_t clock);

/// The instant in scheduler time at which the clock shows `time`: 0 for the past beyond the origin, `never` for times
/// that overflow (year 2554 and later). Requires: valid(time).
std::uint64_t deadline_of(clockid_t clock, const timespec& time);
/// now_ns() + duration, saturating at `never`. Requires: valid(duration), tv_sec >= 0.
std::uint64_t deadline_after(const timespec& duration);
bool valid(const timespec& time);

/// Whether a wait with this deadline is over before it begins: the deadline has passed, or a timeout is injected (then
/// the clock has moved to the deadline). Consults ChoiceKind::timeout, so ask once per wait.
bool out_of_time(std::uint64_t deadline_ns);

/// The scheduling point of reading a clock: time passes, and jumps where the choice clock_jump says so.
void clock_point(std::uint64_t pc);

/// sched_yield: a poll that asks to be put back.
void give_way(std::uint64_t pc);

/// A sleep: a scheduling point, then the current thread is blocked until then. A deadline that has passed yields.
void sleep_until(std::uint64_t deadline_ns, std::uint64_t pc);

}  // namespace mapquake::runtime
