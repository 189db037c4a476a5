// Threads that the map starts, as pthread_* knows them.
#pragma once

#include "harness/runtime/scheduler.hpp"

#include <pthread.h>

#include <optional>

namespace mapquake::runtime {

// pthread_t of a fiber: its number above a base, never the address of anything. Identities that are `spaced` lie as far
// apart as glibc's, whose threads have stacks of 8 MiB, and are equal in their low bits.
inline constexpr pthread_t handle_base = 0x1000;
inline constexpr pthread_t spaced_handle_base = 0x7f00'0000'0000;
inline constexpr unsigned spaced_handle_shift = 23;

constexpr pthread_t handle_of(ThreadId thread, bool spaced) {
  return spaced ? spaced_handle_base + (pthread_t{thread} << spaced_handle_shift) : handle_base + thread;
}

/// Nothing for handles that are no fiber's.
constexpr std::optional<ThreadId> thread_of(pthread_t handle) {
  const pthread_t id =
      handle < spaced_handle_base ? handle - handle_base : (handle - spaced_handle_base) >> spaced_handle_shift;
  if (id >= threads_max || (handle_of(static_cast<ThreadId>(id), handle >= spaced_handle_base) != handle)) {
    return std::nullopt;
  }
  return static_cast<ThreadId>(id);
}

/// What Linux would call the thread: its kernel id and that of the process, here 1000 and up. Spaced ones are equal in
/// their low six bits.
inline constexpr int process_id = 1000;
constexpr int kernel_id_of(ThreadId thread, bool spaced) {
  return process_id + (spaced ? thread << 6 : thread);
}

/// As pthread_create, without its scheduling point: 0 or EAGAIN.
int start_thread(pthread_t& handle, bool detached, void* (*start)(void*), void* argument, std::uint64_t pc);

/// As pthread_clockjoin_np, with its scheduling point: 0, ESRCH, EDEADLK, EINVAL or ETIMEDOUT.
int join_thread(pthread_t handle, void** result, std::uint64_t deadline_ns, std::uint64_t pc);

int detach_thread(pthread_t handle);

/// Ends the current thread: unwinds its stack where possible, runs its destructors, wakes its joiners. Called by map
/// code, outside of any HarnessScope.
[[noreturn]] void exit_thread(void* result);

/// Whether pthread_exit, called now, can unwind the stack, and down to which frame (0: it cannot).
std::uintptr_t entry_frame_of(ThreadId thread);

/// At most 15 characters; empty unless the map gave it one.
const char* thread_name_of(ThreadId thread);
/// 0 or ERANGE.
int name_thread(ThreadId thread, const char* name);

}  // namespace mapquake::runtime
