// sem_* (unnamed semaphores). The value is glibc's: the low half of the first 64-bit word.
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"
#include "harness/runtime/shims/wait_table.hpp"

#include <semaphore.h>

#include <cerrno>
#include <climits>

namespace mapquake::runtime {
namespace {

unsigned& value_of(sem_t& semaphore) {
  return reinterpret_cast<unsigned&>(semaphore);
}

int fail(int error) {
  errno = error;
  return -1;
}
int fail(EventKind kind, int error) {
  return fail(told_outcome(kind, error));
}

int wait_until(sem_t& semaphore, std::uint64_t deadline_ns, std::uint64_t pc) {
  point(EventKind::lock, &semaphore, pc);
  if (value_of(semaphore) == 0 && out_of_time(deadline_ns)) return fail(EventKind::lock, ETIMEDOUT);
  while (value_of(semaphore) == 0) {
    if (now_ns() >= deadline_ns) return fail(EventKind::lock, ETIMEDOUT);
    wait_on({.what = Awaited::semaphore, .object = &semaphore, .deadline_ns = deadline_ns, .pc = pc});
  }
  --value_of(semaphore);
  acquired(&semaphore);
  return 0;
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int sem_init(sem_t* semaphore, int shared, unsigned value) noexcept {
  if (!in_map) return MQ_REAL(sem_init)(semaphore, shared, value);
  const HarnessScope scope;
  if (value > SEM_VALUE_MAX) return fail(EINVAL);
  *semaphore = sem_t{};
  value_of(*semaphore) = value;
  return 0;
}

MQ_INTERPOSED int sem_destroy(sem_t* semaphore) noexcept {
  if (!in_map) return MQ_REAL(sem_destroy)(semaphore);
  return 0;
}

MQ_INTERPOSED int sem_getvalue(sem_t* semaphore, int* value) noexcept {
  if (!in_map) return MQ_REAL(sem_getvalue)(semaphore, value);
  const HarnessScope scope;
  point(EventKind::try_lock, semaphore, MQ_CALLER);
  *value = static_cast<int>(value_of(*semaphore));
  return 0;
}

MQ_INTERPOSED int sem_wait(sem_t* semaphore) {
  if (!in_map) return MQ_REAL(sem_wait)(semaphore);
  const HarnessScope scope;
  return wait_until(*semaphore, never, MQ_CALLER);
}

MQ_INTERPOSED int sem_timedwait(sem_t* semaphore, const timespec* time) {
  if (!in_map) return MQ_REAL(sem_timedwait)(semaphore, time);
  const HarnessScope scope;
  return valid(*time) ? wait_until(*semaphore, deadline_of(CLOCK_REALTIME, *time), MQ_CALLER) : fail(EINVAL);
}

MQ_INTERPOSED int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* time) {
  if (!in_map) return MQ_REAL(sem_clockwait)(semaphore, clock, time);
  const HarnessScope scope;
  return valid(*time) ? wait_until(*semaphore, deadline_of(clock, *time), MQ_CALLER) : fail(EINVAL);
}

MQ_INTERPOSED int sem_trywait(sem_t* semaphore) noexcept {
  if (!in_map) return MQ_REAL(sem_trywait)(semaphore);
  const HarnessScope scope;
  point(EventKind::try_lock, semaphore, MQ_CALLER);
  if (value_of(*semaphore) == 0 || choose(ChoiceKind::try_fail, 2) != 0) return fail(EventKind::try_lock, EAGAIN);
  --value_of(*semaphore);
  acquired(semaphore);
  return 0;
}

MQ_INTERPOSED int sem_post(sem_t* semaphore) noexcept {
  if (!in_map) return MQ_REAL(sem_post)(semaphore);
  const HarnessScope scope;
  point(EventKind::unlock, semaphore, MQ_CALLER);
  if (value_of(*semaphore) >= SEM_VALUE_MAX) return fail(EOVERFLOW);
  released(semaphore);
  ++value_of(*semaphore);
  wake_all(semaphore);
  return 0;
}
