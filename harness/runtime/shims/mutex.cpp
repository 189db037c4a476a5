// pthread_mutex_*. The fields of glibc's structure are used as glibc uses them, with a thread's number + 1 in place of
// its kernel id: static initialisers of every type work, and so does a mutex that was initialised, or used and
// released, before map code ran.
//
// Priority protocols and process sharing are ignored: they change nothing within one process that lives.
#include "harness/runtime/shims/mutex.hpp"

#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/meter.hpp"
#include "harness/runtime/shims/foreign_lock.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/lock_fairness.hpp"
#include "harness/runtime/shims/lock_holds.hpp"
#include "harness/runtime/shims/lock_misuse.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"
#include "harness/runtime/shims/wait_table.hpp"

#include <cerrno>
#include <climits>

namespace mapquake::runtime {
namespace {

constexpr int destroyed = -1;  // glibc's mark
constexpr int type_bits = 3;
constexpr int robust = 16;  // glibc's bit
// Of robust ones; bits that glibc does not use. POSIX, pthread_mutex_lock and pthread_mutex_consistent.
constexpr int owner_has_died = 256;
constexpr int inconsistent = 512;
constexpr int not_recoverable = 1024;
constexpr int robust_bits = type_bits | robust | owner_has_died | inconsistent | not_recoverable;
constexpr std::uint32_t contender = 1;  // the kind of every waiter

int type_of(const pthread_mutex_t& mutex) {
  return mutex.__data.__kind & type_bits;
}
int self() {
  return current_thread() + 1;
}
bool held_by_self(const pthread_mutex_t& mutex) {
  return mutex.__data.__lock != 0 && mutex.__data.__owner == self();
}

/// Whom the mutex was handed over to, + 1, while it is free; 0: whoever comes first. In a field that glibc 2.36
/// leaves alone where locks are not elided.
short& next_owner(pthread_mutex_t& mutex) {
  return mutex.__data.__elision;
}
bool is_free(pthread_mutex_t& mutex) {
  return mutex.__data.__lock == 0 && (next_owner(mutex) == 0 || next_owner(mutex) == self());
}
/// REQUIRES: somebody seems to hold it.
void require_holder(const pthread_mutex_t& mutex, std::uint64_t pc) {
  if (mutex.__data.__lock == 0 || !is_of_execution(&mutex) || is_known_owner(mutex.__data.__owner)) return;
  misused(LockMisuse::waits_for_nobody, LockKind::mutex, UINT16_MAX, pc);
}
ThreadId holder_of(pthread_mutex_t& mutex) {
  return static_cast<ThreadId>((mutex.__data.__lock != 0 ? mutex.__data.__owner : next_owner(mutex)) - 1);
}

void require_not_destroyed(const pthread_mutex_t& mutex, std::uint64_t pc) {
  if (mutex.__data.__kind == destroyed) misused(LockMisuse::uses_destroyed, LockKind::mutex, UINT16_MAX, pc);
}

void take(pthread_mutex_t& mutex) {
  before_change(&mutex, sizeof mutex);
  mutex.__data.__lock = 1;
  mutex.__data.__owner = self();
  mutex.__data.__count = 1;
  mutex.__data.__nusers = 1;
  next_owner(mutex) = 0;
  hold_alone(&mutex, LockKind::mutex);
  note_effect(Effect::takes, &mutex);
  acquired(&mutex);
  note_lock();
}

/// Not what lies in memory that is no mutex any longer.
bool is_robust(const pthread_mutex_t& mutex) {
  return (mutex.__data.__kind & robust) != 0 && (mutex.__data.__kind & ~robust_bits) == 0;
}
bool is_lost(const pthread_mutex_t& mutex) {
  return is_robust(mutex) && (mutex.__data.__kind & not_recoverable) != 0;
}

/// Answers what a lock that succeeded answers.
int take_and_tell(pthread_mutex_t& mutex) {
  take(mutex);
  if (!is_robust(mutex) || (mutex.__data.__kind & owner_has_died) == 0) return 0;
  mutex.__data.__kind = (mutex.__data.__kind & ~owner_has_died) | inconsistent;
  return EOWNERDEAD;
}

void let_go(pthread_mutex_t& mutex) {
  note_effect(Effect::lets_go, &mutex);
  released(&mutex);
  if (mutex.__data.__lock != 0) note_unlock();
  let_go_alone(&mutex);
  mutex.__data.__lock = 0;
  mutex.__data.__owner = 0;
  mutex.__data.__count = 0;
  mutex.__data.__nusers = 0;
}

int take_again(pthread_mutex_t& mutex) {
  if (mutex.__data.__count == UINT_MAX) return EAGAIN;
  ++mutex.__data.__count;
  return 0;
}

}  // namespace

bool holds_mutex(const pthread_mutex_t& mutex) {
  return held_by_self(mutex) || (mutex.__data.__lock != 0 && !is_known_owner(mutex.__data.__owner));
}

bool checks_its_owner(const pthread_mutex_t& mutex) {
  return type_of(mutex) == PTHREAD_MUTEX_ERRORCHECK || type_of(mutex) == PTHREAD_MUTEX_RECURSIVE;
}

int lock_mutex(pthread_mutex_t& mutex, std::uint64_t deadline_ns, std::uint64_t pc) {
  require_not_destroyed(mutex, pc);
  if (held_by_self(mutex)) {
    if (type_of(mutex) == PTHREAD_MUTEX_RECURSIVE) return take_again(mutex);
    if (type_of(mutex) == PTHREAD_MUTEX_ERRORCHECK) return EDEADLK;
  }
  if (!is_free(mutex) && out_of_time(deadline_ns)) return ETIMEDOUT;
  const LockPatience patience;
  while (!is_free(mutex)) {
    if (is_lost(mutex)) return ENOTRECOVERABLE;
    if (now_ns() >= deadline_ns) return ETIMEDOUT;
    require_holder(mutex, pc);
    wait_on(
        {.what = Awaited::mutex, .object = &mutex, .holder = holder_of(mutex), .deadline_ns = deadline_ns, .pc = pc},
        patience.is_over() ? contender | starving : contender);
    check_lock_lives(&mutex, pc);
  }
  return is_lost(mutex) ? ENOTRECOVERABLE : take_and_tell(mutex);
}

int try_lock_mutex(pthread_mutex_t& mutex, std::uint64_t pc) {
  require_not_destroyed(mutex, pc);
  if (held_by_self(mutex) && type_of(mutex) == PTHREAD_MUTEX_RECURSIVE) return take_again(mutex);
  if (is_lost(mutex)) return ENOTRECOVERABLE;
  if (!is_free(mutex) || choose(ChoiceKind::try_fail, 2) != 0) return EBUSY;
  return take_and_tell(mutex);
}

int unlock_mutex(pthread_mutex_t& mutex, std::uint64_t pc) {
  auto& data = mutex.__data;
  require_not_destroyed(mutex, pc);
  const int type = type_of(mutex);
  if (!held_by_self(mutex)) {
    if (checks_its_owner(mutex) || is_lost(mutex)) return EPERM;
    if (data.__lock == 0 && is_exploring()) misused(LockMisuse::unlocks_free, LockKind::mutex, UINT16_MAX, pc);
    if (is_known_owner(data.__owner)) misused(LockMisuse::unlocks_of_other, LockKind::mutex, holder_of(mutex), pc);
  }
  if (type == PTHREAD_MUTEX_RECURSIVE && data.__count > 1) {
    --data.__count;
    return 0;
  }
  if (is_robust(mutex) && (data.__kind & inconsistent) != 0)
    data.__kind = (data.__kind & ~inconsistent) | not_recoverable;
  let_go(mutex);
  const ThreadId starved = longest_waiter(&mutex, starving);
  if (starved == UINT16_MAX) {
    wake_all(&mutex);
  } else {
    next_owner(mutex) = static_cast<short>(starved + 1);
    wake_longest(&mutex, 1, starving);
  }
  return 0;
}

void let_go_of_robust_mutexes() {
  for (const std::uint64_t lock : locks_held_alone(LockKind::mutex)) {
    auto& mutex = *reinterpret_cast<pthread_mutex_t*>(lock);
    if (!is_robust(mutex)) continue;
    mutex.__data.__kind = (mutex.__data.__kind & ~inconsistent) | owner_has_died;
    let_go(mutex);
    wake_all(&mutex);
  }
}

namespace {

int lock_until(pthread_mutex_t& mutex, clockid_t clock, const timespec& time, std::uint64_t pc) {
  if (!valid(time)) return EINVAL;
  point(EventKind::lock, &mutex, pc);
  return told_outcome(EventKind::lock, lock_mutex(mutex, deadline_of(clock, time), pc));
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) noexcept {
  if (!in_map) return MQ_REAL(pthread_mutex_init)(mutex, attributes);
  int type = PTHREAD_MUTEX_DEFAULT;
  int robustness = PTHREAD_MUTEX_STALLED;
  if (attributes != nullptr) {
    pthread_mutexattr_gettype(attributes, &type);
    pthread_mutexattr_getrobust(attributes, &robustness);
  }
  *mutex = pthread_mutex_t{};
  mutex->__data.__kind = (type & type_bits) | (robustness == PTHREAD_MUTEX_ROBUST ? robust : 0);
  return 0;
}

MQ_INTERPOSED int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
  if (!in_map) return MQ_REAL(pthread_mutex_destroy)(mutex);
  const HarnessScope scope;
  if (mutex->__data.__lock != 0) {
    if (is_known_owner(mutex->__data.__owner)) {
      misused(LockMisuse::destroys_held, LockKind::mutex, holder_of(*mutex), MQ_CALLER);
    }
    return EBUSY;
  }
  mutex->__data.__kind = destroyed;
  return 0;
}

MQ_INTERPOSED int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  if (!in_map) return MQ_REAL(pthread_mutex_lock)(mutex);
  const HarnessScope scope;
  point(EventKind::lock, mutex, MQ_CALLER);
  return told_outcome(EventKind::lock, lock_mutex(*mutex, never, MQ_CALLER));
}

MQ_INTERPOSED int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  if (!in_map) return MQ_REAL(pthread_mutex_trylock)(mutex);
  const HarnessScope scope;
  point(EventKind::try_lock, mutex, MQ_CALLER);
  return told_outcome(EventKind::try_lock, try_lock_mutex(*mutex, MQ_CALLER));
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
  return unlock_mutex(*mutex, MQ_CALLER);
}

MQ_INTERPOSED int pthread_mutex_consistent(pthread_mutex_t* mutex) noexcept {
  if (!in_map) return MQ_REAL(pthread_mutex_consistent)(mutex);
  const HarnessScope scope;
  require_not_destroyed(*mutex, MQ_CALLER);
  if (!is_robust(*mutex) || (mutex->__data.__kind & inconsistent) == 0 || !held_by_self(*mutex)) return EINVAL;
  before_change(mutex, sizeof *mutex);
  mutex->__data.__kind &= ~inconsistent;
  return 0;
}
