// pthread_mutex_*. The fields of glibc's structure are used as glibc uses them, with a thread's number + 1 in place of
// its kernel id: static initialisers of every type work, and so does a mutex that was initialised, or used and
// released, before map code ran.
//
// Robustness, priority protocols and process sharing are ignored: they change nothing within one process that lives.
#include "harness/runtime/shims/mutex.hpp"

#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/meter.hpp"
#include "harness/runtime/shims/foreign_lock.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"
#include "harness/runtime/shims/wait_table.hpp"

#include <cerrno>
#include <climits>

namespace mapquake::runtime {
namespace {

constexpr int destroyed = -1;  // glibc's mark
constexpr int type_bits = 3;

int type_of(const pthread_mutex_t& mutex) {
  return mutex.__data.__kind & type_bits;
}
int self() {
  return current_thread() + 1;
}
bool held_by_self(const pthread_mutex_t& mutex) {
  return mutex.__data.__lock != 0 && mutex.__data.__owner == self();
}

void take(pthread_mutex_t& mutex) {
  before_change(&mutex, sizeof mutex);
  mutex.__data.__lock = 1;
  mutex.__data.__owner = self();
  mutex.__data.__count = 1;
  mutex.__data.__nusers = 1;
  acquired(&mutex);
  note_lock();
}

int take_again(pthread_mutex_t& mutex) {
  if (mutex.__data.__count == UINT_MAX) return EAGAIN;
  ++mutex.__data.__count;
  return 0;
}

}  // namespace

int lock_mutex(pthread_mutex_t& mutex, std::uint64_t deadline_ns, std::uint64_t pc) {
  if (mutex.__data.__kind == destroyed) return EINVAL;
  if (held_by_self(mutex)) {
    if (type_of(mutex) == PTHREAD_MUTEX_RECURSIVE) return take_again(mutex);
    if (type_of(mutex) == PTHREAD_MUTEX_ERRORCHECK) return EDEADLK;
  }
  if (mutex.__data.__lock != 0 && out_of_time(deadline_ns)) return ETIMEDOUT;
  while (mutex.__data.__lock != 0) {
    if (now_ns() >= deadline_ns) return ETIMEDOUT;
    wait_on({.what = Awaited::mutex,
             .object = &mutex,
             .holder = static_cast<ThreadId>(mutex.__data.__owner - 1),
             .deadline_ns = deadline_ns,
             .pc = pc});
  }
  take(mutex);
  return 0;
}

int try_lock_mutex(pthread_mutex_t& mutex) {
  if (mutex.__data.__kind == destroyed) return EINVAL;
  if (held_by_self(mutex) && type_of(mutex) == PTHREAD_MUTEX_RECURSIVE) return take_again(mutex);
  if (mutex.__data.__lock != 0 || choose(ChoiceKind::try_fail, 2) != 0) return EBUSY;
  take(mutex);
  return 0;
}

int unlock_mutex(pthread_mutex_t& mutex) {
  auto& data = mutex.__data;
  if (data.__kind == destroyed) return EINVAL;
  const int type = type_of(mutex);
  if (type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK) {
    if (!held_by_self(mutex)) return EPERM;
    if (type == PTHREAD_MUTEX_RECURSIVE && data.__count > 1) {
      --data.__count;
      return 0;
    }
  }
  released(&mutex);
  if (data.__lock != 0) note_unlock();
  data.__lock = 0;
  data.__owner = 0;
  data.__count = 0;
  data.__nusers = 0;
  wake_all(&mutex);
  return 0;
}

namespace {

int lock_until(pthread_mutex_t& mutex, clockid_t clock, const timespec& time, std::uint64_t pc) {
  if (!valid(time)) return EINVAL;
  point(EventKind::lock, &mutex, pc);
  return lock_mutex(mutex, deadline_of(clock, time), pc);
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) noexcept {
  if (!in_map) return MQ_REAL(pthread_mutex_init)(mutex, attributes);
  int type = PTHREAD_MUTEX_DEFAULT;
  if (attributes != nullptr) pthread_mutexattr_gettype(attributes, &type);
  *mutex = pthread_mutex_t{};
  mutex->__data.__kind = type & type_bits;
  return 0;
}

MQ_INTERPOSED int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
  if (!in_map) return MQ_REAL(pthread_mutex_destroy)(mutex);
  if (mutex->__data.__lock != 0) return EBUSY;
  mutex->__data.__kind = destroyed;
  return 0;
}

MQ_INTERPOSED int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  if (!in_map) return MQ_REAL(pthread_mutex_lock)(mutex);
  const HarnessScope scope;
  point(EventKind::lock, mutex, MQ_CALLER);
  return lock_mutex(*mutex, never, MQ_CALLER);
}

MQ_INTERPOSED int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  if (!in_map) return MQ_REAL(pthread_mutex_trylock)(mutex);
  const HarnessScope scope;
  point(EventKind::try_lock, mutex, MQ_CALLER);
  return try_lock_mutex(*mutex);
}

MQ_INTERPOSED int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* time) noexcept {
  if (!in_map) return MQ_REAL(pthread_mutex_timedlock)(mutex, time);
  const HarnessScope scope;
  return lock_until(*mutex, CLOCK_REALTIME, *time, MQ_CALLER);
}

MQ_INTERPOSED int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* time) noexcept {
  if (!in_map) return MQ_REAL(pthread_mutex_clocklock)(mutex, clock, time);
  const HarnessScope scope;
  return lock_until(*mutex, clock, *time, MQ_CALLER);
}

MQ_INTERPOSED int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  if (!in_map) return MQ_REAL(pthread_mutex_unlock)(mutex);
  const HarnessScope scope;
  point(EventKind::unlock, mutex, MQ_CALLER);
  return unlock_mutex(*mutex);
}
