// pthread_cond_*. The object itself holds only its clock, in the bit of __wrefs where glibc has it; who waits is in the
// wait table. Which thread a signal picks is a choice, and so is the spurious return that POSIX permits.
#include "harness/runtime/shims/cond.hpp"

#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/lock_misuse.hpp"
#include "harness/runtime/shims/mutex.hpp"
#include "harness/runtime/shims/vain_wakes.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"
#include "harness/runtime/shims/wait_table.hpp"
#include "harness/runtime/state.hpp"

#include <pthread.h>

#include <cerrno>

namespace mapquake::runtime {
namespace {

constexpr unsigned clock_is_monotonic = 2;  // glibc's __PTHREAD_COND_CLOCK_MONOTONIC_MASK

clockid_t clock_of(const pthread_cond_t& cond) {
  return (cond.__data.__wrefs & clock_is_monotonic) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

/// Lets others have the mutex for a moment, without waiting for a notification.
int return_early(pthread_mutex_t& mutex, std::uint64_t pc, int answer) {
  point(EventKind::lock, &mutex, pc);
  const int error = lock_mutex(mutex, never, pc);
  return error != 0 ? error : told_outcome(EventKind::cond_wait, answer);
}

}  // namespace

int wait_cond(pthread_cond_t& cond, pthread_mutex_t& mutex, std::uint64_t deadline_ns, std::uint64_t pc) {
  point(EventKind::cond_wait, &cond, pc);
  if (!holds_mutex(mutex) && !checks_its_owner(mutex)) {
    misused(LockMisuse::waits_without, LockKind::condition, UINT16_MAX, pc);
  }
  if (const ThreadId other = waiter_with_another(&cond, &mutex); other != UINT16_MAX) {
    misused(LockMisuse::waits_with_another, LockKind::condition, other, pc);
  }
  if (const int error = unlock_mutex(mutex, pc)) {
    return error;
  }
  if (out_of_time(deadline_ns)) return return_early(mutex, pc, ETIMEDOUT);
  if (choose(ChoiceKind::spurious_wake, 2) != 0) return return_early(mutex, pc, 0);
  const Wake wake = wait_on({.what = Awaited::condition_variable,
                             .object = &cond,
                             .released = &mutex,
                             .was_notified_before = was_woken_in_vain(&cond, rt.current->op_began),
                             .deadline_ns = deadline_ns,
                             .pc = pc});
  const int error = lock_mutex(mutex, never, pc);  // EOWNERDEAD of a robust one, which is held then
  if (error != 0) return error;
  return told_outcome(EventKind::cond_wait, wake == Wake::timed_out ? ETIMEDOUT : 0);
}

namespace {

int wait_until(pthread_cond_t& cond, pthread_mutex_t& mutex, clockid_t clock, const timespec& time, std::uint64_t pc) {
  return valid(time) ? wait_cond(cond, mutex, deadline_of(clock, time), pc) : EINVAL;
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int pthread_cond_init(pthread_cond_t* cond, const pthread_condattr_t* attributes) noexcept {
  if (!in_map) return MQ_REAL(pthread_cond_init)(cond, attributes);
  clockid_t clock = CLOCK_REALTIME;
  if (attributes != nullptr) pthread_condattr_getclock(attributes, &clock);
  *cond = pthread_cond_t{};
  if (clock == CLOCK_MONOTONIC) cond->__data.__wrefs = clock_is_monotonic;
  return 0;
}

MQ_INTERPOSED int pthread_cond_destroy(pthread_cond_t* cond) noexcept {
  if (!in_map) return MQ_REAL(pthread_cond_destroy)(cond);
  const HarnessScope scope;
  const ThreadId waiting = longest_waiter(cond);
  if (waiting != UINT16_MAX) misused(LockMisuse::destroys_waited, LockKind::condition, waiting, MQ_CALLER);
  return 0;
}

MQ_INTERPOSED int pthread_cond_wait(pthread_cond_t* cond, pthread_mutex_t* mutex) {
  if (!in_map) return MQ_REAL(pthread_cond_wait)(cond, mutex);
  const HarnessScope scope;
  return wait_cond(*cond, *mutex, never, MQ_CALLER);
}

MQ_INTERPOSED int pthread_cond_timedwait(pthread_cond_t* cond, pthread_mutex_t* mutex, const timespec* time) {
  if (!in_map) return MQ_REAL(pthread_cond_timedwait)(cond, mutex, time);
  const HarnessScope scope;
  return wait_until(*cond, *mutex, clock_of(*cond), *time, MQ_CALLER);
}

MQ_INTERPOSED int pthread_cond_clockwait(pthread_cond_t* cond, pthread_mutex_t* mutex, clockid_t clock,
                                         const timespec* time) {
  if (!in_map) return MQ_REAL(pthread_cond_clockwait)(cond, mutex, clock, time);
  const HarnessScope scope;
  return wait_until(*cond, *mutex, clock, *time, MQ_CALLER);
}

MQ_INTERPOSED int pthread_cond_signal(pthread_cond_t* cond) noexcept {
  if (!in_map) return MQ_REAL(pthread_cond_signal)(cond);
  const HarnessScope scope;
  point(EventKind::cond_signal, cond, MQ_CALLER);
  if (!wake_any(cond)) note_vain_wake(cond);
  return 0;
}

MQ_INTERPOSED int pthread_cond_broadcast(pthread_cond_t* cond) noexcept {
  if (!in_map) return MQ_REAL(pthread_cond_broadcast)(cond);
  const HarnessScope scope;
  point(EventKind::cond_broadcast, cond, MQ_CALLER);
  if (wake_longest(cond, UINT32_MAX) == 0) note_vain_wake(cond);
  return 0;
}
