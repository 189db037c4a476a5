// <threads.h>, as a map written in C uses it.
#include "probe.hpp"

#include <threads.h>

#include <cstdlib>
#include <ctime>

namespace {

struct C11Queue {
  mtx_t mutex;
  cnd_t changed;
  int items = 0;
};

int produce(void* argument) {
  auto& queue = *static_cast<C11Queue*>(argument);
  for (int i = 0; i < 3; ++i) {
    CHECK(mtx_lock(&queue.mutex) == thrd_success);
    ++queue.items;
    CHECK(cnd_signal(&queue.changed) == thrd_success);
    CHECK(mtx_unlock(&queue.mutex) == thrd_success);
    thrd_yield();
  }
  thrd_exit(-7);
}

struct C11Threads {
  static constexpr const char* about = "C11 threads, mutexes and condition variables";
  static void run() {
    C11Queue queue;
    CHECK(mtx_init(&queue.mutex, mtx_timed) == thrd_success);
    CHECK(cnd_init(&queue.changed) == thrd_success);
    thrd_t producer;
    CHECK(thrd_create(&producer, produce, &queue) == thrd_success);
    CHECK(!thrd_equal(producer, thrd_current()));
    CHECK(mtx_lock(&queue.mutex) == thrd_success);
    while (queue.items < 3) CHECK(cnd_wait(&queue.changed, &queue.mutex) == thrd_success);
    CHECK(mtx_trylock(&queue.mutex) == thrd_busy);
    timespec now;
    CHECK(timespec_get(&now, TIME_UTC) == TIME_UTC);
    ++now.tv_sec;
    int answer;
    while ((answer = cnd_timedwait(&queue.changed, &queue.mutex, &now)) == thrd_success) continue;
    CHECK(answer == thrd_timedout);
    CHECK(mtx_unlock(&queue.mutex) == thrd_success);
    int result = 0;
    CHECK(thrd_join(producer, &result) == thrd_success);
    CHECK(result == -7);
    cnd_destroy(&queue.changed);
    mtx_destroy(&queue.mutex);
  }
};
MAPQUAKE_MAP("probe_c11_threads", probe::Probe<C11Threads>);

struct C11Storage {
  static constexpr const char* about = "C11 thread-specific storage, call_once, recursive mutex, sleep";
  static inline thread_local int once_count = 0;
  static void count() { ++once_count; }
  static void run() {
    tss_t key;
    CHECK(tss_create(&key, std::free) == thrd_success);
    CHECK(tss_get(key) == nullptr);
    const auto use = [](void* argument) -> int {
      const tss_t key = *static_cast<tss_t*>(argument);
      CHECK(tss_get(key) == nullptr);
      CHECK(tss_set(key, std::malloc(8)) == thrd_success);
      return 3;
    };
    thrd_t user;
    CHECK(thrd_create(&user, use, &key) == thrd_success);
    int result = 0;
    CHECK(thrd_join(user, &result) == thrd_success && result == 3);
    CHECK(tss_get(key) == nullptr);
    tss_delete(key);

    once_flag flag = ONCE_FLAG_INIT;
    const int before = once_count;
    call_once(&flag, count);
    call_once(&flag, count);
    CHECK(once_count == before + 1);

    mtx_t mutex;
    CHECK(mtx_init(&mutex, mtx_plain | mtx_recursive) == thrd_success);
    CHECK(mtx_lock(&mutex) == thrd_success && mtx_lock(&mutex) == thrd_success);
    CHECK(mtx_unlock(&mutex) == thrd_success && mtx_unlock(&mutex) == thrd_success);
    CHECK(mtx_unlock(&mutex) == thrd_error);
    const timespec duration{.tv_sec = 0, .tv_nsec = 1000};
    CHECK(thrd_sleep(&duration, nullptr) == 0);
  }
};
MAPQUAKE_MAP("probe_c11_storage", probe::Probe<C11Storage>);

}  // namespace
