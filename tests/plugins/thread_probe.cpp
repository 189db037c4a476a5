// pthread_create and what depends on who runs: join, exit, keys, once, condition variables, futexes.
#include "posix_thread.hpp"
#include "probe.hpp"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <atomic>

#include <cerrno>
#include <climits>
#include <cstring>
#include <ctime>

namespace {

using probe::PosixThread;

void* number(long n) {
  return reinterpret_cast<void*>(n);
}

struct Join {
  static constexpr const char* about = "threads answer to their joiner, and joining wrongly is refused";
  static void run() {
    pthread_t waiting, quick;
    sem_t go;
    CHECK(sem_init(&go, 0, 0) == 0);
    const auto wait = [](void* semaphore) -> void* {
      CHECK(sem_wait(static_cast<sem_t*>(semaphore)) == 0);
      return number(42);
    };
    CHECK(pthread_create(&waiting, nullptr, wait, &go) == 0);
    void* result = nullptr;
    CHECK(pthread_tryjoin_np(waiting, &result) == EBUSY);
    CHECK(pthread_join(pthread_self(), nullptr) == EDEADLK);
    CHECK(pthread_equal(pthread_self(), pthread_self()) && !pthread_equal(waiting, pthread_self()));
    CHECK(pthread_setname_np(waiting, "probe") == 0);
    char name[16];
    CHECK(pthread_getname_np(waiting, name, sizeof name) == 0 && std::strcmp(name, "probe") == 0);
    CHECK(pthread_setname_np(waiting, "longer than permitted") == ERANGE);
    CHECK(sem_post(&go) == 0);
    CHECK(pthread_join(waiting, &result) == 0 && result == number(42));

    const auto self = [](void*) -> void* { return reinterpret_cast<void*>(pthread_self()); };
    CHECK(pthread_create(&quick, nullptr, self, nullptr) == 0);
    CHECK(pthread_join(quick, &result) == 0 && reinterpret_cast<pthread_t>(result) == quick);
    CHECK(pthread_create(&quick, nullptr, wait, &go) == 0);
    CHECK(pthread_detach(quick) == 0);
    CHECK(pthread_join(quick, nullptr) == EINVAL);
    CHECK(sem_post(&go) == 0);
    int left = 1;
    while (left != 0) CHECK(sem_getvalue(&go, &left) == 0), sched_yield();
  }
};
MAPQUAKE_MAP("probe_join", probe::Probe<Join>);

struct ThreadExit {
  static constexpr const char* about = "pthread_exit ends a thread from within, destroying what is on its stack";
  struct CountsDestruction {
    int& destroyed;
    ~CountsDestruction() { ++destroyed; }
  };
  __attribute__((noinline)) static void leave(int& destroyed) {
    const CountsDestruction inner{destroyed};
    pthread_exit(number(7));
  }
  static void run() {
    int destroyed = 0;
    pthread_t thread;
    const auto body = [](void* argument) -> void* {
      int& count = *static_cast<int*>(argument);
      const CountsDestruction outer{count};
      leave(count);
      mapquake::fail("pthread_exit returned");
    };
    CHECK(pthread_create(&thread, nullptr, body, &destroyed) == 0);
    void* result = nullptr;
    CHECK(pthread_join(thread, &result) == 0);
    CHECK(result == number(7));
    CHECK(destroyed == 2);
  }
};
MAPQUAKE_MAP("probe_thread_exit", probe::Probe<ThreadExit>);

struct Keys {
  static constexpr const char* about = "thread-specific values are the thread's own; destructors run, and run again";
  struct Owner {
    pthread_key_t key;
    int left;  // destructions until none sets the value anew
    int destroyed = 0;
  };
  static void destroy(void* value) {
    Owner& owner = *static_cast<Owner*>(value);
    CHECK(pthread_getspecific(owner.key) == nullptr);
    ++owner.destroyed;
    if (--owner.left > 0) CHECK(pthread_setspecific(owner.key, &owner) == 0);
  }
  static void run() {
    pthread_key_t key, plain;
    CHECK(pthread_key_create(&key, destroy) == 0);
    CHECK(pthread_key_create(&plain, nullptr) == 0);
    CHECK(key != plain);
    CHECK(pthread_getspecific(key) == nullptr);
    Owner once{.key = key, .left = 1}, thrice{.key = key, .left = 3}, for_ever{.key = key, .left = INT_MAX};
    const auto use = [&](Owner& owner) {
      CHECK(pthread_getspecific(key) == nullptr && pthread_getspecific(plain) == nullptr);
      CHECK(pthread_setspecific(key, &owner) == 0 && pthread_setspecific(plain, &owner) == 0);
      sched_yield();
      CHECK(pthread_getspecific(key) == &owner && pthread_getspecific(plain) == &owner);
    };
    const auto first = [&] { use(once); };
    const auto second = [&] { use(thrice); };
    const auto third = [&] { use(for_ever); };
    { PosixThread a(first), b(second), c(third); }
    CHECK(once.destroyed == 1);
    CHECK(thrice.destroyed == 3);
    CHECK(for_ever.destroyed >= _POSIX_THREAD_DESTRUCTOR_ITERATIONS && for_ever.destroyed < 100);
    CHECK(pthread_getspecific(key) == nullptr);
    CHECK(pthread_key_delete(key) == 0 && pthread_key_delete(plain) == 0);
  }
};
MAPQUAKE_MAP("probe_keys", probe::Probe<Keys>);

struct KeyOfALibrary {
  static constexpr const char* about = "a key made when the plugin was loaded is empty again in each execution";
  static inline std::atomic<int> destroyed{0};
  static inline const pthread_key_t key = [] {
    pthread_key_t made;
    CHECK(pthread_key_create(&made, [](void* count) { ++*static_cast<std::atomic<int>*>(count); }) == 0);
    return made;
  }();
  // Memory of the plugin is put back between executions: true exactly if this thread gave the value in this one.
  static inline thread_local bool given = false;
  static void run() {
    CHECK((pthread_getspecific(key) == &destroyed) == given);
    CHECK(pthread_setspecific(key, &destroyed) == 0);
    given = true;
    std::atomic<int> mine{0};
    const auto use = [&] {
      CHECK(pthread_getspecific(key) == nullptr);
      CHECK(pthread_setspecific(key, &mine) == 0);
    };
    { PosixThread other(use); }
    CHECK(mine == 1);
    CHECK(pthread_getspecific(key) == &destroyed);
  }
};
MAPQUAKE_MAP("probe_key_of_a_library", probe::Probe<KeyOfALibrary>);

struct Once {
  static constexpr const char* about = "pthread_once runs once, and nobody passes before it is done";
  // The routine takes no argument; each thread of the program has a place of its own.
  static inline thread_local int* const* current = nullptr;
  static void run() {
    pthread_once_t control = PTHREAD_ONCE_INIT;
    int runs = 0;
    int* const place = &runs;
    const auto call = [&] {
      current = &place;
      CHECK(pthread_once(&control, slow) == 0);
      CHECK(runs == 1);
      CHECK(pthread_once(&control, slow) == 0);
    };
    {
      PosixThread a(call), b(call);
      call();
    }
    CHECK(runs == 1);
  }
  static void slow() {
    int& runs = **current;
    sched_yield();
    ++runs;
  }
};
MAPQUAKE_MAP("probe_once", probe::Probe<Once>);

struct Condition {
  static constexpr const char* about = "no wake-up is lost: a bounded queue of one, and a broadcast";
  static void run() {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t full = PTHREAD_COND_INITIALIZER, empty = PTHREAD_COND_INITIALIZER;
    int items = 0, taken = 0;
    const auto produce = [&] {
      for (int i = 0; i < 4; ++i) {
        CHECK(pthread_mutex_lock(&mutex) == 0);
        while (items == 1) CHECK(pthread_cond_wait(&empty, &mutex) == 0);
        items = 1;
        CHECK(pthread_cond_signal(&full) == 0);
        CHECK(pthread_mutex_unlock(&mutex) == 0);
      }
    };
    const auto consume = [&] {
      for (int i = 0; i < 2; ++i) {
        CHECK(pthread_mutex_lock(&mutex) == 0);
        while (items == 0) CHECK(pthread_cond_wait(&full, &mutex) == 0);
        items = 0;
        ++taken;
        CHECK(pthread_cond_signal(&empty) == 0);
        CHECK(pthread_mutex_unlock(&mutex) == 0);
      }
    };
    {
      PosixThread a(produce), b(consume);
      consume();
    }
    CHECK(taken == 4 && items == 0);
    bool open = false;
    const auto pass = [&] {
      CHECK(pthread_mutex_lock(&mutex) == 0);
      while (!open) CHECK(pthread_cond_wait(&full, &mutex) == 0);
      CHECK(pthread_mutex_unlock(&mutex) == 0);
    };
    {
      PosixThread a(pass), b(pass), c(pass);
      CHECK(pthread_mutex_lock(&mutex) == 0);
      open = true;
      CHECK(pthread_cond_broadcast(&full) == 0);
      CHECK(pthread_mutex_unlock(&mutex) == 0);
    }
    CHECK(pthread_cond_destroy(&full) == 0 && pthread_cond_destroy(&empty) == 0);
  }
};
MAPQUAKE_MAP("probe_condition", probe::Probe<Condition>);

struct ConditionTimeout {
  static constexpr const char* about = "a timed wait runs out on the clock it was made for, with the mutex held";
  static void run() {
    pthread_condattr_t attributes;
    CHECK(pthread_condattr_init(&attributes) == 0);
    CHECK(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    pthread_cond_t steady, civil = PTHREAD_COND_INITIALIZER;
    CHECK(pthread_cond_init(&steady, &attributes) == 0);
    wait(steady, CLOCK_MONOTONIC);
    wait(civil, CLOCK_REALTIME);
    CHECK(pthread_cond_destroy(&steady) == 0 && pthread_cond_destroy(&civil) == 0);
  }
  static void wait(pthread_cond_t& cond, clockid_t clock) {
    pthread_mutex_t mutex = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
    CHECK(pthread_cond_wait(&cond, &mutex) == EPERM);
    CHECK(pthread_mutex_lock(&mutex) == 0);
    timespec end, now;
    CHECK(clock_gettime(clock, &end) == 0);
    ++end.tv_sec;
    int answer;
    while ((answer = pthread_cond_timedwait(&cond, &mutex, &end)) == 0) continue;
    CHECK(answer == ETIMEDOUT);
    CHECK(clock_gettime(clock, &now) == 0);
    CHECK(now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec));
    CHECK(pthread_mutex_unlock(&mutex) == 0);
  }
};
MAPQUAKE_MAP("probe_condition_timeout", probe::Probe<ConditionTimeout>);

struct LostWakeup {
  static constexpr const char* about = "provokes: waiting without having looked first";
  static constexpr const char* provokes = "deadlock";
  static void run() {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
    const auto notify = [&] { pthread_cond_signal(&cond); };
    PosixThread other(notify);
    pthread_mutex_lock(&mutex);
    pthread_cond_wait(&cond, &mutex);
    pthread_mutex_unlock(&mutex);
  }
};
MAPQUAKE_MAP("probe_lost_wakeup", probe::Probe<LostWakeup>);

struct Futex {
  static constexpr const char* about = "futex(2): compares, wakes by count and by bits, requeues, times out";
  template <class... More>
  static long futex(unsigned* word, int operation, unsigned value, More... more) {
    return syscall(SYS_futex, word, operation, value, more...);
  }
  static void run() {
    unsigned word = 1, other = 0;
    CHECK(futex(&word, FUTEX_WAIT_PRIVATE, 0u, nullptr) == -1 && errno == EAGAIN);
    const timespec soon{.tv_sec = 0, .tv_nsec = 1000};
    while (futex(&word, FUTEX_WAIT_PRIVATE, 1u, &soon) == 0) continue;
    CHECK(errno == ETIMEDOUT);
    CHECK(futex(&word, FUTEX_WAKE_PRIVATE, 1u) == 0);
    int passed = 0;
    const auto wait = [&] {
      while (__atomic_load_n(&word, __ATOMIC_ACQUIRE) == 1) {
        const long answer = futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 1u, nullptr, nullptr, 2u);
        CHECK(answer == 0 || errno == EAGAIN);
      }
      __atomic_fetch_add(&passed, 1, __ATOMIC_RELAXED);
    };
    {
      PosixThread a(wait), b(wait);
      sched_yield();
      CHECK(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, unsigned{INT_MAX}, nullptr, nullptr, 1u) == 0);
      CHECK(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 0u, long{INT_MAX}, &other, 0u) == -1 && errno == EAGAIN);
      CHECK(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 0u, long{INT_MAX}, &other, 1u) >= 0);
      __atomic_store_n(&word, 0, __ATOMIC_RELEASE);
      CHECK(futex(&word, FUTEX_WAKE_PRIVATE, unsigned{INT_MAX}) >= 0);
      CHECK(futex(&other, FUTEX_WAKE_PRIVATE, unsigned{INT_MAX}) >= 0);
    }
    CHECK(passed == 2);
  }
};
MAPQUAKE_MAP("probe_futex", probe::Probe<Futex>);

}  // namespace
