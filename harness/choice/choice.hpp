// A choice is the only way nondeterminism enters an execution. 0 is always the harmless answer, so an execution
// is described by its non-zero choices alone.
#pragma once

#include <compare>
#include <cstdint>

namespace mapquake {

/// The number of an operation in its thread's program, from 0; of the main thread: of what it does, prefill included.
using OpIndex = std::uint32_t;
/// Every OpIndex is below it: what a program may hold (history/program.hpp), and much of the harness's own behind that.
inline constexpr OpIndex op_index_end = OpIndex{1} << 28;

/// The highest number of a part that a program's thread divides its work into (runtime/execution.hpp, begin_part).
inline constexpr std::uint32_t op_part_max = 1'023;

/// 0 is the thread that constructs, prefills and finally examines the map ("main"); 1, 2, … are the program's
/// threads A, B, …, and after them threads that the map itself starts, in order of creation.
using ThreadId = std::uint16_t;
inline constexpr ThreadId main_thread = 0;
/// The most threads that an execution has at a time, main included: every ThreadId is below it.
inline constexpr unsigned threads_max = 264;

enum class ChoiceKind : std::uint8_t {
  schedule,       ///< take = thread to run next, 0 = go on (or, where the thread cannot go on, the lowest one ready)
  adapter,        ///< take = the answer to the map's own Host::choose
  alloc_fail,     ///< take = 1: this allocation fails; 2: this one and all later ones of the operation fail
  user_throw,     ///< take = 1: this call into user code throws
  delay,          ///< take = virtual ticks that this thread stands still, as a power of two
  pause,          ///< take = virtual ticks that all threads stand still, as a power of two
  spurious_wake,  ///< take = 1: the wait returns without a notification
  spurious_cas,   ///< take = 1: the weak compare-exchange fails although the value matches
  try_fail,       ///< take = 1: try_lock fails although the lock is free
  timeout,        ///< take = 1: a timed wait runs out at once
  clock_jump,     ///< take = power of two of milliseconds that the clock jumps ahead
  declared,       ///< take = 1: a failure point that the map declares through libfiu fires
  reuse,          ///< take = 1: this allocation gets the block that was freed last, instead of a fresh one
  stale_read,     ///< take = n: read the n-th newest store that the memory model allows; store in front of n or more
  crash,          ///< take = 1: the thread stops here until nobody else can run; 2: for good, its operation half done
  place,       ///< take = 1: this block ends where a page ends; 2: 64 KiB times n from the last; 3: below earlier ones
  processors,  ///< take = n: the machine has another number of processors, from here on
  seed,        ///< take = n: random numbers are another sequence
  thread_ids,  ///< take = 1: thread identities are far apart, equal in their low bits
  thread_reuse,  ///< take = 1: the new thread is one that has ended: identity and addresses of thread_locals
  reader_waits,  ///< take = 1: a lock that readers hold lets no further one in while a writer waits
  wake_order,    ///< take = n: of several that wait for a notification, the n-th behind the longest waiting one gets it
};
inline constexpr unsigned choice_kind_count = 22;

/// The kind's place in a mask of kinds.
constexpr std::uint32_t fault_bit(ChoiceKind kind) {
  return std::uint32_t{1} << static_cast<unsigned>(kind);
}

/// Faults that make the operation throw, or fail as its code decides.
inline constexpr std::uint32_t exception_kinds =
    fault_bit(ChoiceKind::alloc_fail) | fault_bit(ChoiceKind::user_throw) | fault_bit(ChoiceKind::declared);

/// What a platform leaves open, and a map may neither rely on nor complain of. Asked of the main thread, too.
inline constexpr std::uint32_t environment_kinds =
    fault_bit(ChoiceKind::place) | fault_bit(ChoiceKind::processors) | fault_bit(ChoiceKind::seed) |
    fault_bit(ChoiceKind::thread_ids) | fault_bit(ChoiceKind::thread_reuse) | fault_bit(ChoiceKind::reader_waits) |
    fault_bit(ChoiceKind::wake_order);

/// One recorded choice. Its address (thread, op, event) is logical: `event` counts the instrumented events of
/// that thread within that operation, from 1, whatever the other threads do meanwhile.
struct Choice {
  ThreadId thread = 0;
  OpIndex op = 0;  ///< index of the operation in the thread's program, from 0
  std::uint32_t event = 0;
  ChoiceKind kind = ChoiceKind::schedule;
  std::uint32_t take = 0;

  friend auto operator<=>(const Choice&, const Choice&) = default;
};

}  // namespace mapquake
