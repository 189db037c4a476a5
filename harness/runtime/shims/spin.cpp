// pthread_spin_*. Encoded as glibc does on x86-64: 1 is free, anything else held; here 0 - (thread + 1). A thread that
// spins in vain waits, so that a deadlock is found as one.
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/meter.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/wait_table.hpp"

#include <pthread.h>

#include <cerrno>

namespace mapquake::runtime {
namespace {

constexpr int free_lock = 1;

int held_by(ThreadId thread) {
  return -1 - thread;
}
ThreadId holder_of(int lock) {
  return lock < 0 ? static_cast<ThreadId>(-1 - lock) : ThreadId{UINT16_MAX};
}
const void* address_of(pthread_spinlock_t* lock) {
  return const_cast<int*>(lock);
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int pthread_spin_init(pthread_spinlock_t* lock, int shared) noexcept {
  if (!in_map) return MQ_REAL(pthread_spin_init)(lock, shared);
  *lock = free_lock;
  return 0;
}

MQ_INTERPOSED int pthread_spin_destroy(pthread_spinlock_t* lock) noexcept {
  if (!in_map) return MQ_REAL(pthread_spin_destroy)(lock);
  return *lock == free_lock ? 0 : EBUSY;
}

MQ_INTERPOSED int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  if (!in_map) return MQ_REAL(pthread_spin_lock)(lock);
  const HarnessScope scope;
  point(EventKind::lock, address_of(lock), MQ_CALLER);
  while (*lock != free_lock)
    wait_on({.what = Awaited::spin_lock, .object = address_of(lock), .holder = holder_of(*lock), .pc = MQ_CALLER});
  *lock = held_by(current_thread());
  acquired(lock);
  note_lock();
  return 0;
}

MQ_INTERPOSED int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
  if (!in_map) return MQ_REAL(pthread_spin_trylock)(lock);
  const HarnessScope scope;
  point(EventKind::try_lock, address_of(lock), MQ_CALLER);
  if (*lock != free_lock || choose(ChoiceKind::try_fail, 2) != 0) return told_outcome(EventKind::try_lock, EBUSY);
  *lock = held_by(current_thread());
  acquired(lock);
  note_lock();
  return 0;
}

MQ_INTERPOSED int pthread_spin_unlock(pthread_spinlock_t* lock) noexcept {
  if (!in_map) return MQ_REAL(pthread_spin_unlock)(lock);
  const HarnessScope scope;
  point(EventKind::unlock, address_of(lock), MQ_CALLER);
  released(lock);
  if (*lock != free_lock) note_unlock();
  *lock = free_lock;
  wake_all(address_of(lock));
  return 0;
}
