// pthread_rwlock_*. The state lies in the padding that glibc leaves alone: the number of readers in __pad3, the
// writer's number + 1 in __pad4. Readers go first, as glibc's default has it, unless ChoiceKind::reader_waits says
// otherwise: neither POSIX (XSH 2.9.9, pthread_rwlock_rdlock) nor the standard [thread.sharedmutex.requirements] says
// who goes first. A lock initialised with PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP always holds new readers back
// while a writer waits.
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/meter.hpp"
#include "harness/runtime/shims/foreign_lock.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/lock_fairness.hpp"
#include "harness/runtime/shims/lock_holds.hpp"
#include "harness/runtime/shims/lock_misuse.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"
#include "harness/runtime/shims/wait_table.hpp"

#include <pthread.h>

#include <cerrno>
#include <climits>

namespace mapquake::runtime {
namespace {

constexpr std::uint32_t reader = 1, writer = 2;  // kinds of waiters

unsigned& readers(pthread_rwlock_t& lock) {
  return lock.__data.__pad3;
}
unsigned& writer_of(pthread_rwlock_t& lock) {
  return lock.__data.__pad4;
}
/// Whom the lock is handed over to next, + 1; 0: whoever comes first.
int& next_holder(pthread_rwlock_t& lock) {
  return lock.__data.__cur_writer;
}
unsigned self() {
  return current_thread() + 1u;
}
bool is_promised_to_another(pthread_rwlock_t& lock) {
  return next_holder(lock) != 0 && next_holder(lock) != static_cast<int>(self());
}

/// Readers are ordered behind writers, and writers behind both; readers are not ordered with each other.
const void* released_by_readers(const pthread_rwlock_t& lock) {
  return &lock.__data.__pad3;
}

bool writers_go_first(const pthread_rwlock_t& lock) {
  return lock.__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}
/// A reader to whom it was promised waits no longer: the writers wait for that reader.
bool readable_behind_writers(pthread_rwlock_t& lock) {
  if (writer_of(lock) != 0 || is_promised_to_another(lock)) return false;
  return next_holder(lock) != 0 || !anyone_waits(&lock, writer);
}
bool readable(pthread_rwlock_t& lock) {
  if (is_promised_to_another(lock)) return false;
  return writers_go_first(lock) ? readable_behind_writers(lock) : writer_of(lock) == 0;
}
bool writable(pthread_rwlock_t& lock) {
  return !is_promised_to_another(lock) && writer_of(lock) == 0 && readers(lock) == 0;
}

/// False: it was not promised to the current thread.
bool end_promise(pthread_rwlock_t& lock) {
  if (next_holder(lock) != static_cast<int>(self())) return false;
  next_holder(lock) = 0;
  return true;
}

/// Somebody has let go of it: whoever can have it now may try.
void pass_on(pthread_rwlock_t& lock) {
  if (next_holder(lock) == 0) {
    if (const ThreadId starved = longest_waiter(&lock, starving); starved != UINT16_MAX) {
      next_holder(lock) = starved + 1;
    }
  }
  if (next_holder(lock) != 0) {
    wake_longest(&lock, UINT32_MAX, starving);
  } else if (readers(lock) == 0) {
    wake_all(&lock);
  }
}

/// Requires: readable().
int take_shared(pthread_rwlock_t& lock) {
  before_change(&lock, sizeof lock);
  if (readers(lock) == UINT_MAX) return EAGAIN;
  ++readers(lock);
  end_promise(lock);
  hold_shared(&lock);
  acquired(&lock, Effect::reads);
  note_lock();
  return 0;
}

/// Requires: writable().
int take_exclusive(pthread_rwlock_t& lock) {
  before_change(&lock, sizeof lock);
  writer_of(lock) = self();
  end_promise(lock);
  hold_alone(&lock, LockKind::rwlock);
  acquired(&lock);
  acquired(released_by_readers(lock));
  note_lock();
  return 0;
}

/// Who keeps a thread from `lock` now: the writer, else a reader, else (for a reader) the writer in front of it.
ThreadId holder_of(const void* object, ThreadId waiter) {
  const pthread_rwlock_t& lock = *static_cast<const pthread_rwlock_t*>(object);
  const unsigned writing = lock.__data.__pad4;
  return writing != 0 ? static_cast<ThreadId>(writing - 1) : shared_holder(object, waiter);
}
ThreadId writer_in_front(const void* object, ThreadId waiter) {
  const pthread_rwlock_t& lock = *static_cast<const pthread_rwlock_t*>(object);
  return lock.__data.__pad4 != 0 ? holder_of(object, waiter) : longest_waiter(object, writer);
}

/// Waits until `free` or the deadline; answers 0 or ETIMEDOUT.
template <class Free>
int wait_until(pthread_rwlock_t& lock, Free free, std::uint32_t kind, std::uint64_t deadline_ns, std::uint64_t pc) {
  if (!free(lock) && out_of_time(deadline_ns)) return ETIMEDOUT;
  const LockPatience patience;
  while (!free(lock)) {
    if (now_ns() >= deadline_ns) {
      if (end_promise(lock)) pass_on(lock);
      return ETIMEDOUT;
    }
    const bool is_behind = kind == reader && writer_of(lock) == 0;
    wait_on({.what = kind == reader ? Awaited::shared_lock : Awaited::exclusive_lock,
             .object = &lock,
             .holder_now = kind == reader ? writer_in_front : holder_of,
             .is_behind = is_behind,
             .deadline_ns = deadline_ns,
             .pc = pc},
            patience.is_over() ? kind | starving : kind);
    check_lock_lives(&lock, pc);
  }
  return 0;
}

int lock_shared(pthread_rwlock_t& lock, std::uint64_t deadline_ns, std::uint64_t pc) {
  point(EventKind::lock_shared, &lock, pc);
  if (writer_of(lock) == self()) return told_outcome(EventKind::lock_shared, EDEADLK);
  const bool may_wait = !writers_go_first(lock) && readers(lock) != 0 && anyone_waits(&lock, writer);
  const bool waits = may_wait && choose(ChoiceKind::reader_waits, 2) != 0;
  if (const int error = wait_until(lock, waits ? readable_behind_writers : readable, reader, deadline_ns, pc)) {
    return told_outcome(EventKind::lock_shared, error);
  }
  return told_outcome(EventKind::lock_shared, take_shared(lock));
}

int lock_exclusive(pthread_rwlock_t& lock, std::uint64_t deadline_ns, std::uint64_t pc) {
  point(EventKind::lock, &lock, pc);
  if (writer_of(lock) == self()) return told_outcome(EventKind::lock, EDEADLK);
  if (const int error = wait_until(lock, writable, writer, deadline_ns, pc)) {
    // Readers that were held back for this writer's sake.
    wake_longest(&lock, UINT32_MAX, reader);
    return told_outcome(EventKind::lock, error);
  }
  return take_exclusive(lock);
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int pthread_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes) noexcept {
  if (!in_map) return MQ_REAL(pthread_rwlock_init)(lock, attributes);
  int preference = PTHREAD_RWLOCK_DEFAULT_NP;
  if (attributes != nullptr) pthread_rwlockattr_getkind_np(attributes, &preference);
  *lock = pthread_rwlock_t{};
  lock->__data.__flags = static_cast<unsigned>(preference);
  return 0;
}

MQ_INTERPOSED int pthread_rwlock_destroy(pthread_rwlock_t* lock) noexcept {
  if (!in_map) return MQ_REAL(pthread_rwlock_destroy)(lock);
  const HarnessScope scope;
  if (readers(*lock) == 0 && writer_of(*lock) == 0) return 0;
  if (is_exploring()) {
    misused(LockMisuse::destroys_held, LockKind::rwlock, holder_of(lock, current_thread()), MQ_CALLER);
  }
  return EBUSY;
}

MQ_INTERPOSED int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  if (!in_map) return MQ_REAL(pthread_rwlock_rdlock)(lock);
  const HarnessScope scope;
  return lock_shared(*lock, never, MQ_CALLER);
}

MQ_INTERPOSED int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* time) noexcept {
  if (!in_map) return MQ_REAL(pthread_rwlock_timedrdlock)(lock, time);
  const HarnessScope scope;
  return valid(*time) ? lock_shared(*lock, deadline_of(CLOCK_REALTIME, *time), MQ_CALLER) : EINVAL;
}

MQ_INTERPOSED int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* time) noexcept {
  if (!in_map) return MQ_REAL(pthread_rwlock_clockrdlock)(lock, clock, time);
  const HarnessScope scope;
  return valid(*time) ? lock_shared(*lock, deadline_of(clock, *time), MQ_CALLER) : EINVAL;
}

MQ_INTERPOSED int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  if (!in_map) return MQ_REAL(pthread_rwlock_wrlock)(lock);
  const HarnessScope scope;
  return lock_exclusive(*lock, never, MQ_CALLER);
}

MQ_INTERPOSED int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* time) noexcept {
  if (!in_map) return MQ_REAL(pthread_rwlock_timedwrlock)(lock, time);
  const HarnessScope scope;
  return valid(*time) ? lock_exclusive(*lock, deadline_of(CLOCK_REALTIME, *time), MQ_CALLER) : EINVAL;
}

MQ_INTERPOSED int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* time) noexcept {
  if (!in_map) return MQ_REAL(pthread_rwlock_clockwrlock)(lock, clock, time);
  const HarnessScope scope;
  return valid(*time) ? lock_exclusive(*lock, deadline_of(clock, *time), MQ_CALLER) : EINVAL;
}

MQ_INTERPOSED int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
  if (!in_map) return MQ_REAL(pthread_rwlock_tryrdlock)(lock);
  const HarnessScope scope;
  point(EventKind::try_lock_shared, lock, MQ_CALLER);
  const bool fails = !readable(*lock) || choose(ChoiceKind::try_fail, 2) != 0;
  return told_outcome(EventKind::try_lock_shared, fails ? EBUSY : take_shared(*lock));
}

MQ_INTERPOSED int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
  if (!in_map) return MQ_REAL(pthread_rwlock_trywrlock)(lock);
  const HarnessScope scope;
  point(EventKind::try_lock, lock, MQ_CALLER);
  if (!writable(*lock) || choose(ChoiceKind::try_fail, 2) != 0) return told_outcome(EventKind::try_lock, EBUSY);
  return take_exclusive(*lock);
}

MQ_INTERPOSED int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
  if (!in_map) return MQ_REAL(pthread_rwlock_unlock)(lock);
  const HarnessScope scope;
  point(writer_of(*lock) == self() ? EventKind::unlock : EventKind::unlock_shared, lock, MQ_CALLER);
  if (writer_of(*lock) != 0) {
    if (writer_of(*lock) != self() && is_known_owner(static_cast<int>(writer_of(*lock)))) {
      misused(LockMisuse::unlocks_of_other, LockKind::rwlock, holder_of(lock, current_thread()), MQ_CALLER);
    }
    released(lock);
    writer_of(*lock) = 0;
    let_go_alone(lock);
  } else if (readers(*lock) > 0) {
    released(released_by_readers(*lock), Effect::reads);
    if (!let_go_shared(lock)) {
      misused(LockMisuse::unlocks_of_other, LockKind::rwlock, shared_holder(lock, current_thread()), MQ_CALLER);
    }
    --readers(*lock);
  } else {
    if (is_exploring()) misused(LockMisuse::unlocks_free, LockKind::rwlock, UINT16_MAX, MQ_CALLER);
    return EPERM;
  }
  note_unlock();
  pass_on(*lock);
  return 0;
}
