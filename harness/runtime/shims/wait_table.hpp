// Who waits for which object. The pthread objects of a map lie in memory that is reset between executions and may be
// statically initialised, so queues cannot lie in them: here is one entry per thread, searched by address.
#pragma once

#include "harness/runtime/scheduler.hpp"

#include <cstdint>

namespace mapquake::runtime {

/// Every kind of waiter; a caller that distinguishes (futex bitsets, readers and writers) uses its own bits.
inline constexpr std::uint32_t all_waiters = UINT32_MAX;

/// Blocks the current thread until wake_longest() picks it, or the deadline passes. A thread that was picked answers
/// `notified` even where its deadline passed meanwhile: no notification is lost. Requires: harness code.
Wake wait_on(const Wait& wait, std::uint32_t kinds = all_waiters);

/// Makes up to `count` of those ready that wait for the object with a bit of `kinds`, the longest waiting first.
/// Answers how many. Costs O(1) when nobody waits at all, else O(threads) per woken thread.
std::uint32_t wake_longest(const void* object, std::uint32_t count, std::uint32_t kinds = all_waiters);
inline void wake_all(const void* object) {
  wake_longest(object, UINT32_MAX);
}

/// Makes one ready that waits for the object: the longest waiting one, or another by choice, for nobody promises an
/// order (POSIX, pthread_cond_signal: at least one; [atomics.wait]). Answers whether anyone waited.
bool wake_any(const void* object, std::uint32_t kinds = all_waiters);

/// Lets up to `count` waiters of one object wait for another instead (futex requeue). Answers how many.
std::uint32_t requeue(const void* from, const void* to, std::uint32_t count);

bool anyone_waits(const void* object, std::uint32_t kinds = all_waiters);

/// The thread that has waited longest for it; UINT16_MAX: nobody does.
ThreadId longest_waiter(const void* object, std::uint32_t kinds = all_waiters);

/// A thread that waits for `object` and has released something else than `released`; UINT16_MAX: there is none.
ThreadId waiter_with_another(const void* object, const void* released);

/// A thread that waits for an object in this memory; UINT16_MAX: there is none. Costs O(1) when nobody waits at all.
ThreadId waiter_within(std::uint64_t begin, std::size_t bytes);

void reset_wait_table();

}  // namespace mapquake::runtime
