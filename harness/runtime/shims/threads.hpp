// Threads that the map starts, as pthread_* knows them.
#pragma once

#include "harness/runtime/scheduler.hpp"

#include <pthread.h>

#include <optional>

namespace mapquake::runtime {

/// pthread_t of a fiber: its number above this. Never the address of anything.
inline constexpr pthread_t handle_base = 0x1000;

constexpr pthread_t handle_of(ThreadId thread) {
  return handle_base + thread;
}

/// Nothing for handles that are no fiber's.
constexpr std::optional<ThreadId> thread_of(pthread_t handle) {
  if (handle < handle_base || handle - handle_base >= fibers_max) return std::nullopt;
  return static_cast<ThreadId>(handle - handle_base);
}

/// What Linux would call the thread: its kernel id and that of the process, here 1000 and up.
inline constexpr int process_id = 1000;
constexpr int kernel_id_of(ThreadId thread) {
  return process_id + thread;
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
