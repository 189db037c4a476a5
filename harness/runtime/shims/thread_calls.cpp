// pthread_create, _join, _detach, _self and what else takes a pthread_t.
#include "harness/history/outcome.hpp"
#include "harness/runtime/shims/environment.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/threads.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <cerrno>
#include <cstring>

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*start)(void*),
                                 void* argument) noexcept {
  if (!in_map) return MQ_REAL(pthread_create)(handle, attributes, start, argument);
  const HarnessScope scope;
  int detach_state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &detach_state);
  point(EventKind::thread_create, nullptr, MQ_CALLER);
  return start_thread(*handle, detach_state == PTHREAD_CREATE_DETACHED, start, argument, MQ_CALLER);
}

MQ_INTERPOSED int pthread_join(pthread_t handle, void** result) {
  if (!in_map) return MQ_REAL(pthread_join)(handle, result);
  const HarnessScope scope;
  return join_thread(handle, result, never, MQ_CALLER);
}

MQ_INTERPOSED int pthread_tryjoin_np(pthread_t handle, void** result) noexcept {
  if (!in_map) return MQ_REAL(pthread_tryjoin_np)(handle, result);
  const HarnessScope scope;
  const int error = join_thread(handle, result, 0, MQ_CALLER);
  return error == ETIMEDOUT ? EBUSY : error;
}

MQ_INTERPOSED int pthread_timedjoin_np(pthread_t handle, void** result, const timespec* time) {
  if (!in_map) return MQ_REAL(pthread_timedjoin_np)(handle, result, time);
  const HarnessScope scope;
  if (time == nullptr) return join_thread(handle, result, never, MQ_CALLER);
  return valid(*time) ? join_thread(handle, result, deadline_of(CLOCK_REALTIME, *time), MQ_CALLER) : EINVAL;
}

MQ_INTERPOSED int pthread_clockjoin_np(pthread_t handle, void** result, clockid_t clock, const timespec* time) {
  if (!in_map) return MQ_REAL(pthread_clockjoin_np)(handle, result, clock, time);
  const HarnessScope scope;
  if (time == nullptr) return join_thread(handle, result, never, MQ_CALLER);
  return valid(*time) ? join_thread(handle, result, deadline_of(clock, *time), MQ_CALLER) : EINVAL;
}

MQ_INTERPOSED int pthread_detach(pthread_t handle) noexcept {
  if (!in_map) return MQ_REAL(pthread_detach)(handle);
  const HarnessScope scope;
  return detach_thread(handle);
}

MQ_INTERPOSED pthread_t pthread_self() noexcept {
  if (!in_map) return MQ_REAL(pthread_self)();
  const HarnessScope scope;
  return handle_of(current_thread(), spaced_identities(MQ_CALLER));
}

MQ_INTERPOSED int pthread_setname_np(pthread_t handle, const char* name) noexcept {
  if (!in_map) return MQ_REAL(pthread_setname_np)(handle, name);
  const auto thread = thread_of(handle);
  return thread ? name_thread(*thread, name) : ESRCH;
}

MQ_INTERPOSED int pthread_getname_np(pthread_t handle, char* name, size_t size) noexcept {
  if (!in_map) return MQ_REAL(pthread_getname_np)(handle, name, size);
  const auto thread = thread_of(handle);
  if (!thread) return ESRCH;
  if (std::strlen(thread_name_of(*thread)) >= size) return ERANGE;
  std::strcpy(name, thread_name_of(*thread));
  return 0;
}

// Priorities mean nothing to a schedule that is explored.

MQ_INTERPOSED int pthread_setschedparam(pthread_t handle, int policy, const sched_param* parameters) noexcept {
  if (!in_map) return MQ_REAL(pthread_setschedparam)(handle, policy, parameters);
  return thread_of(handle) ? 0 : ESRCH;
}

MQ_INTERPOSED int pthread_getschedparam(pthread_t handle, int* policy, sched_param* parameters) noexcept {
  if (!in_map) return MQ_REAL(pthread_getschedparam)(handle, policy, parameters);
  if (!thread_of(handle)) return ESRCH;
  *policy = SCHED_OTHER;
  *parameters = sched_param{};
  return 0;
}

MQ_INTERPOSED int pthread_setschedprio(pthread_t handle, int priority) noexcept {
  if (!in_map) return MQ_REAL(pthread_setschedprio)(handle, priority);
  return thread_of(handle) ? 0 : ESRCH;
}

MQ_INTERPOSED int pthread_getcpuclockid(pthread_t handle, clockid_t* clock) noexcept {
  if (!in_map) return MQ_REAL(pthread_getcpuclockid)(handle, clock);
  if (!thread_of(handle)) return ESRCH;
  *clock = CLOCK_THREAD_CPUTIME_ID;
  return 0;
}

/// The attributes, and the stack bounds, are those of the helper thread whose thread_locals the fiber borrows.
MQ_INTERPOSED int pthread_getattr_np(pthread_t handle, pthread_attr_t* attributes) noexcept {
  if (!in_map) return MQ_REAL(pthread_getattr_np)(handle, attributes);
  const HarnessScope scope;
  if (!thread_of(handle)) return ESRCH;
  return MQ_REAL(pthread_getattr_np)(MQ_REAL(pthread_self)(), attributes);
}

MQ_INTERPOSED int pthread_kill(pthread_t handle, int signal) noexcept {
  if (!in_map) return MQ_REAL(pthread_kill)(handle, signal);
  const HarnessScope scope;
  const auto thread = thread_of(handle);
  if (!thread) return ESRCH;
  if (signal == 0) return finished(*thread) ? ESRCH : 0;
  if (*thread == current_thread()) {
    const MapScope map;
    return raise(signal) == 0 ? 0 : errno;
  }
  abandon(Outcome::nondeterministic, Symptom::unsupported, reason::UnsupportedCall{reason::Unsupported::pthread_kill});
}

MQ_INTERPOSED int pthread_cancel(pthread_t handle) {
  if (!in_map) return MQ_REAL(pthread_cancel)(handle);
  const HarnessScope scope;
  if (!thread_of(handle)) return ESRCH;
  abandon(Outcome::nondeterministic, Symptom::unsupported,
          reason::UnsupportedCall{reason::Unsupported::pthread_cancel});
}
