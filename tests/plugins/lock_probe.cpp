// The pthread objects: mutex, rwlock, cond, spin, barrier, semaphore.
#include "posix_thread.hpp"
#include "probe.hpp"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

#include <cerrno>
#include <ctime>

namespace {

using probe::PosixThread;

timespec after_ms(clockid_t clock, long ms) {
  timespec time;
  CHECK(clock_gettime(clock, &time) == 0);
  time.tv_nsec += ms * 1'000'000;
  time.tv_sec += time.tv_nsec / 1'000'000'000;
  time.tv_nsec %= 1'000'000'000;
  return time;
}

bool passed(clockid_t clock, const timespec& time) {
  timespec now;
  CHECK(clock_gettime(clock, &now) == 0);
  return now.tv_sec != time.tv_sec ? now.tv_sec > time.tv_sec : now.tv_nsec >= time.tv_nsec;
}

/// Reads, gives way, writes: loses an update unless it is alone.
void slow_increment(int& counter) {
  const int old = counter;
  sched_yield();
  counter = old + 1;
}

struct MutexExclusion {
  static constexpr const char* about = "a mutex lets one thread in at a time";
  static void run() {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    int counter = 0;
    const auto twice = [&] {
      for (int i = 0; i < 2; ++i) {
        CHECK(pthread_mutex_lock(&mutex) == 0);
        slow_increment(counter);
        CHECK(pthread_mutex_unlock(&mutex) == 0);
      }
    };
    {
      PosixThread a(twice), b(twice);
      twice();
    }
    CHECK(counter == 6);
    CHECK(pthread_mutex_destroy(&mutex) == 0);
  }
};
MAPQUAKE_MAP("probe_mutex_exclusion", probe::Probe<MutexExclusion>);

struct MutexTypes {
  static constexpr const char* about = "recursive and error-checking mutexes answer as POSIX says";
  static void run() {
    pthread_mutex_t from_initialiser = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
    recursive(from_initialiser);
    pthread_mutex_t from_attributes = made(PTHREAD_MUTEX_RECURSIVE);
    recursive(from_attributes);
    pthread_mutex_t checking_initialiser = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
    checking(checking_initialiser);
    pthread_mutex_t checking_attributes = made(PTHREAD_MUTEX_ERRORCHECK);
    checking(checking_attributes);
    pthread_mutex_t normal = made(PTHREAD_MUTEX_NORMAL);
    CHECK(pthread_mutex_lock(&normal) == 0);
    CHECK(pthread_mutex_trylock(&normal) == EBUSY);
    CHECK(pthread_mutex_unlock(&normal) == 0);
  }
  static pthread_mutex_t made(int type) {
    pthread_mutexattr_t attributes;
    CHECK(pthread_mutexattr_init(&attributes) == 0);
    CHECK(pthread_mutexattr_settype(&attributes, type) == 0);
    pthread_mutex_t mutex;
    CHECK(pthread_mutex_init(&mutex, &attributes) == 0);
    CHECK(pthread_mutexattr_destroy(&attributes) == 0);
    return mutex;
  }
  static void recursive(pthread_mutex_t& mutex) {
    CHECK(pthread_mutex_lock(&mutex) == 0);
    CHECK(pthread_mutex_lock(&mutex) == 0);
    CHECK(pthread_mutex_trylock(&mutex) == 0);
    const auto refused = [&] {
      CHECK(pthread_mutex_trylock(&mutex) == EBUSY);
      CHECK(pthread_mutex_unlock(&mutex) == EPERM);
    };
    { PosixThread other(refused); }
    for (int i = 0; i < 3; ++i) CHECK(pthread_mutex_unlock(&mutex) == 0);
    CHECK(pthread_mutex_unlock(&mutex) == EPERM);
    CHECK(pthread_mutex_destroy(&mutex) == 0);
  }
  static void checking(pthread_mutex_t& mutex) {
    CHECK(pthread_mutex_unlock(&mutex) == EPERM);
    CHECK(pthread_mutex_lock(&mutex) == 0);
    CHECK(pthread_mutex_lock(&mutex) == EDEADLK);
    const auto refused = [&] { CHECK(pthread_mutex_unlock(&mutex) == EPERM); };
    { PosixThread other(refused); }
    CHECK(pthread_mutex_unlock(&mutex) == 0);
    CHECK(pthread_mutex_destroy(&mutex) == 0);
  }
};
MAPQUAKE_MAP("probe_mutex_types", probe::Probe<MutexTypes>);

struct RobustMutexes {
  static constexpr const char* about = "of a robust mutex whose owner has ended the next one is told";
  static void run() {
    pthread_mutexattr_t attributes;
    CHECK(pthread_mutexattr_init(&attributes) == 0);
    CHECK(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) == 0);
    pthread_mutex_t mutex;
    CHECK(pthread_mutex_init(&mutex, &attributes) == 0);
    int guarded = 0;
    const auto ends_with_it = [&] {
      const int error = pthread_mutex_lock(&mutex);
      CHECK(error == 0 || error == EOWNERDEAD);
      if (error == EOWNERDEAD) CHECK(pthread_mutex_consistent(&mutex) == 0);
      ++guarded;
    };
    { PosixThread one(ends_with_it), other(ends_with_it); }
    CHECK(guarded == 2);
    CHECK(pthread_mutex_lock(&mutex) == EOWNERDEAD);
    CHECK(pthread_mutex_consistent(&mutex) == 0);
    CHECK(pthread_mutex_consistent(&mutex) == EINVAL);
    CHECK(pthread_mutex_unlock(&mutex) == 0);
    { PosixThread again(ends_with_it); }
    CHECK(pthread_mutex_lock(&mutex) == EOWNERDEAD);
    CHECK(pthread_mutex_unlock(&mutex) == 0);  // without having made it consistent
    CHECK(pthread_mutex_lock(&mutex) == ENOTRECOVERABLE);
    CHECK(pthread_mutex_trylock(&mutex) == ENOTRECOVERABLE);
    CHECK(pthread_mutex_destroy(&mutex) == 0);
  }
};
MAPQUAKE_MAP("probe_robust_mutexes", probe::Probe<RobustMutexes>);

struct StalledMutex {
  static constexpr const char* about = "a mutex that is not robust stays locked for ever";
  static constexpr const char* provokes = "deadlock";
  static void run() {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    {
      PosixThread ends_with_it([&] { CHECK(pthread_mutex_lock(&mutex) == 0); });
    }
    pthread_mutex_lock(&mutex);
  }
};
MAPQUAKE_MAP("probe_stalled_mutex", probe::Probe<StalledMutex>);

struct TimedLocks {
  static constexpr const char* about = "timed locks of a held lock run out, on either clock, and not early";
  static void run() {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
    CHECK(pthread_mutex_lock(&mutex) == 0);
    CHECK(pthread_rwlock_wrlock(&shared) == 0);
    const auto in_vain = [&] {
      const timespec civil = after_ms(CLOCK_REALTIME, 10);
      CHECK(pthread_mutex_timedlock(&mutex, &civil) == ETIMEDOUT);
      CHECK(passed(CLOCK_REALTIME, civil));
      const timespec steady = after_ms(CLOCK_MONOTONIC, 10);
      CHECK(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &steady) == ETIMEDOUT);
      CHECK(pthread_rwlock_clockrdlock(&shared, CLOCK_MONOTONIC, &steady) == ETIMEDOUT);
      CHECK(passed(CLOCK_MONOTONIC, steady));
      const timespec later = after_ms(CLOCK_REALTIME, 10);
      CHECK(pthread_rwlock_timedwrlock(&shared, &later) == ETIMEDOUT);
      CHECK(passed(CLOCK_REALTIME, later));
      const timespec malformed{.tv_sec = 0, .tv_nsec = 1'000'000'000};
      CHECK(pthread_mutex_timedlock(&mutex, &malformed) == EINVAL);
    };
    { PosixThread other(in_vain); }
    CHECK(pthread_mutex_unlock(&mutex) == 0);
    CHECK(pthread_rwlock_unlock(&shared) == 0);
    const timespec past{.tv_sec = 0, .tv_nsec = 0};
    CHECK(pthread_mutex_timedlock(&mutex, &past) == 0);
    CHECK(pthread_mutex_unlock(&mutex) == 0);
  }
};
MAPQUAKE_MAP("probe_timed_locks", probe::Probe<TimedLocks>);

struct RwlockSharing {
  static constexpr const char* about = "readers share a lock, a writer has it alone";
  static void run() {
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    pthread_barrier_t both_inside;
    CHECK(pthread_barrier_init(&both_inside, nullptr, 4) == 0);
    int counter = 0;
    const auto reader = [&] {
      CHECK(pthread_rwlock_rdlock(&lock) == 0);
      pthread_barrier_wait(&both_inside);  // a deadlock if readers exclude each other
      const int before = counter;
      sched_yield();
      CHECK(counter == before);
      CHECK(pthread_rwlock_trywrlock(&lock) == EBUSY);
      CHECK(pthread_rwlock_unlock(&lock) == 0);
    };
    const auto writer = [&] {
      pthread_barrier_wait(&both_inside);  // a reader may have to wait behind a writer that waits
      CHECK(pthread_rwlock_wrlock(&lock) == 0);
      slow_increment(counter);
      CHECK(pthread_rwlock_rdlock(&lock) == EDEADLK);
      CHECK(pthread_rwlock_wrlock(&lock) == EDEADLK);
      CHECK(pthread_rwlock_tryrdlock(&lock) == EBUSY);
      CHECK(pthread_rwlock_unlock(&lock) == 0);
    };
    {
      PosixThread a(reader), b(reader), c(writer);
      writer();
    }
    CHECK(counter == 2);
    CHECK(pthread_rwlock_destroy(&lock) == 0);
    CHECK(pthread_barrier_destroy(&both_inside) == 0);
  }
};
MAPQUAKE_MAP("probe_rwlock", probe::Probe<RwlockSharing>);

struct SpinLock {
  static constexpr const char* about = "a spin lock excludes";
  static void run() {
    pthread_spinlock_t lock;
    CHECK(pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE) == 0);
    int counter = 0;
    const auto once = [&] {
      CHECK(pthread_spin_lock(&lock) == 0);
      CHECK(pthread_spin_trylock(&lock) == EBUSY);
      slow_increment(counter);
      CHECK(pthread_spin_unlock(&lock) == 0);
    };
    {
      PosixThread a(once);
      once();
    }
    CHECK(counter == 2);
    CHECK(pthread_spin_destroy(&lock) == 0);
  }
};
MAPQUAKE_MAP("probe_spin", probe::Probe<SpinLock>);

struct Barrier {
  static constexpr const char* about = "a barrier holds back each round, one thread of each is told so";
  static void run() {
    pthread_barrier_t barrier;
    CHECK(pthread_barrier_init(&barrier, nullptr, 3) == 0);
    int serial = 0;
    int arrived[2] = {};
    const auto both_rounds = [&] {
      for (int& count : arrived) {
        __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
        const int answer = pthread_barrier_wait(&barrier);
        CHECK(answer == 0 || answer == PTHREAD_BARRIER_SERIAL_THREAD);
        if (answer != 0) __atomic_fetch_add(&serial, 1, __ATOMIC_RELAXED);
        CHECK(__atomic_load_n(&count, __ATOMIC_RELAXED) == 3);
      }
    };
    {
      PosixThread a(both_rounds), b(both_rounds);
      both_rounds();
    }
    CHECK(serial == 2);
    CHECK(pthread_barrier_destroy(&barrier) == 0);
  }
};
MAPQUAKE_MAP("probe_barrier", probe::Probe<Barrier>);

struct Semaphore {
  static constexpr const char* about = "a semaphore counts, blocks, and times out";
  static void run() {
    sem_t items, unused;
    CHECK(sem_init(&items, 0, 1) == 0);
    CHECK(sem_init(&unused, 0, 0) == 0);
    int value = -1;
    CHECK(sem_getvalue(&items, &value) == 0 && value == 1);
    CHECK(sem_trywait(&unused) == -1 && errno == EAGAIN);
    const timespec soon = after_ms(CLOCK_REALTIME, 5);
    CHECK(sem_timedwait(&unused, &soon) == -1 && errno == ETIMEDOUT);
    CHECK(passed(CLOCK_REALTIME, soon));
    const auto produce = [&] {
      for (int i = 0; i < 2; ++i) CHECK(sem_post(&items) == 0);
    };
    const auto consume = [&] { CHECK(sem_wait(&items) == 0); };
    {
      PosixThread a(consume), b(consume), c(produce);
      consume();
    }
    CHECK(sem_getvalue(&items, &value) == 0 && value == 0);
    CHECK(sem_destroy(&items) == 0);
  }
};
MAPQUAKE_MAP("probe_semaphore", probe::Probe<Semaphore>);

struct SelfDeadlock {
  static constexpr const char* about = "provokes: a thread locks a normal mutex twice";
  static constexpr const char* provokes = "deadlock";
  static void run() {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
    mapquake::fail("a normal mutex was locked twice");
  }
};
MAPQUAKE_MAP("probe_self_deadlock", probe::Probe<SelfDeadlock>);

struct OpposedLocks {
  static constexpr const char* about = "provokes: two threads take two mutexes in opposite order";
  static constexpr const char* provokes = "deadlock";
  static void run() {
    pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
    const auto both = [](pthread_mutex_t& first, pthread_mutex_t& second) {
      pthread_mutex_lock(&first);
      pthread_mutex_lock(&second);
      pthread_mutex_unlock(&second);
      pthread_mutex_unlock(&first);
    };
    const auto reversed = [&] { both(b, a); };
    PosixThread other(reversed);
    both(a, b);
  }
};
MAPQUAKE_MAP("probe_opposed_locks", probe::Probe<OpposedLocks>);

}  // namespace
