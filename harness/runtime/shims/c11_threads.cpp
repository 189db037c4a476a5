// <threads.h>. In glibc its types have the layout of the POSIX ones, so these are the same objects under other names
// and with other numbers for the answers.
#include "harness/runtime/shims/cond.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/mutex.hpp"
#include "harness/runtime/shims/once.hpp"
#include "harness/runtime/shims/threads.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"
#include "harness/runtime/shims/wait_table.hpp"

#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>

namespace mapquake::runtime {
namespace {

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t));

pthread_mutex_t& mutex_of(mtx_t* mutex) {
  return *reinterpret_cast<pthread_mutex_t*>(mutex);
}
pthread_cond_t& cond_of(cnd_t* cond) {
  return *reinterpret_cast<pthread_cond_t*>(cond);
}

int answer_of(int error) {
  switch (error) {
    case 0:
      return thrd_success;
    case EBUSY:
      return thrd_busy;
    case ETIMEDOUT:
      return thrd_timedout;
    default:
      return thrd_error;
  }
}

void* pointer_of(int result) {
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(result));
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int mtx_init(mtx_t* mutex, int type) {
  if (!in_map) return MQ_REAL(mtx_init)(mutex, type);
  if ((type & ~(mtx_recursive | mtx_timed)) != 0) return thrd_error;
  mutex_of(mutex) = pthread_mutex_t{};
  if ((type & mtx_recursive) != 0) mutex_of(mutex).__data.__kind = PTHREAD_MUTEX_RECURSIVE;
  return thrd_success;
}

MQ_INTERPOSED void mtx_destroy(mtx_t* mutex) {
  if (!in_map) return MQ_REAL(mtx_destroy)(mutex);
  pthread_mutex_destroy(&mutex_of(mutex));
}

MQ_INTERPOSED int mtx_lock(mtx_t* mutex) {
  if (!in_map) return MQ_REAL(mtx_lock)(mutex);
  const HarnessScope scope;
  point(EventKind::lock, mutex, MQ_CALLER);
  return answer_of(told_outcome(EventKind::lock, lock_mutex(mutex_of(mutex), never, MQ_CALLER)));
}

MQ_INTERPOSED int mtx_timedlock(mtx_t* mutex, const timespec* time) {
  if (!in_map) return MQ_REAL(mtx_timedlock)(mutex, time);
  const HarnessScope scope;
  if (!valid(*time)) return thrd_error;
  point(EventKind::lock, mutex, MQ_CALLER);
  const int error = lock_mutex(mutex_of(mutex), deadline_of(CLOCK_REALTIME, *time), MQ_CALLER);
  return answer_of(told_outcome(EventKind::lock, error));
}

MQ_INTERPOSED int mtx_trylock(mtx_t* mutex) {
  if (!in_map) return MQ_REAL(mtx_trylock)(mutex);
  const HarnessScope scope;
  point(EventKind::try_lock, mutex, MQ_CALLER);
  return answer_of(told_outcome(EventKind::try_lock, try_lock_mutex(mutex_of(mutex), MQ_CALLER)));
}

MQ_INTERPOSED int mtx_unlock(mtx_t* mutex) {
  if (!in_map) return MQ_REAL(mtx_unlock)(mutex);
  const HarnessScope scope;
  point(EventKind::unlock, mutex, MQ_CALLER);
  return answer_of(unlock_mutex(mutex_of(mutex), MQ_CALLER));
}

MQ_INTERPOSED int cnd_init(cnd_t* cond) {
  if (!in_map) return MQ_REAL(cnd_init)(cond);
  cond_of(cond) = pthread_cond_t{};
  return thrd_success;
}

MQ_INTERPOSED void cnd_destroy(cnd_t* cond) {
  if (!in_map) MQ_REAL(cnd_destroy)(cond);
}

MQ_INTERPOSED int cnd_wait(cnd_t* cond, mtx_t* mutex) {
  if (!in_map) return MQ_REAL(cnd_wait)(cond, mutex);
  const HarnessScope scope;
  return answer_of(wait_cond(cond_of(cond), mutex_of(mutex), never, MQ_CALLER));
}

MQ_INTERPOSED int cnd_timedwait(cnd_t* cond, mtx_t* mutex, const timespec* time) {
  if (!in_map) return MQ_REAL(cnd_timedwait)(cond, mutex, time);
  const HarnessScope scope;
  if (!valid(*time)) return thrd_error;
  return answer_of(wait_cond(cond_of(cond), mutex_of(mutex), deadline_of(CLOCK_REALTIME, *time), MQ_CALLER));
}

MQ_INTERPOSED int cnd_signal(cnd_t* cond) {
  if (!in_map) return MQ_REAL(cnd_signal)(cond);
  const HarnessScope scope;
  point(EventKind::cond_signal, cond, MQ_CALLER);
  wake_any(cond);
  return thrd_success;
}

MQ_INTERPOSED int cnd_broadcast(cnd_t* cond) {
  if (!in_map) return MQ_REAL(cnd_broadcast)(cond);
  const HarnessScope scope;
  point(EventKind::cond_broadcast, cond, MQ_CALLER);
  wake_all(cond);
  return thrd_success;
}

MQ_INTERPOSED void call_once(once_flag* flag, void (*routine)()) {
  if (!in_map) return MQ_REAL(call_once)(flag, routine);
  run_once(flag->__data, routine, MQ_CALLER);
}

// A start routine that returns int is called as if it returned a pointer, as glibc does: the upper half is never used.
MQ_INTERPOSED int thrd_create(thrd_t* handle, thrd_start_t start, void* argument) {
  if (!in_map) return MQ_REAL(thrd_create)(handle, start, argument);
  const HarnessScope scope;
  point(EventKind::thread_create, nullptr, MQ_CALLER);
  void* const routine = reinterpret_cast<void*>(start);
  return answer_of(start_thread(*handle, false, reinterpret_cast<void* (*)(void*)>(routine), argument, MQ_CALLER));
}

MQ_INTERPOSED int thrd_join(thrd_t handle, int* result) {
  if (!in_map) return MQ_REAL(thrd_join)(handle, result);
  const HarnessScope scope;
  void* returned = nullptr;
  const int error = join_thread(handle, &returned, never, MQ_CALLER);
  if (error == 0 && result != nullptr) *result = static_cast<int>(reinterpret_cast<std::intptr_t>(returned));
  return answer_of(error);
}

MQ_INTERPOSED int thrd_detach(thrd_t handle) {
  if (!in_map) return MQ_REAL(thrd_detach)(handle);
  const HarnessScope scope;
  return answer_of(detach_thread(handle));
}

MQ_INTERPOSED void thrd_exit(int result) {
  if (in_map) exit_thread(pointer_of(result));
  MQ_REAL(thrd_exit)(result);
  __builtin_unreachable();
}

MQ_INTERPOSED thrd_t thrd_current() {
  return pthread_self();
}

MQ_INTERPOSED int thrd_sleep(const timespec* duration, timespec* left) {
  if (!in_map) return MQ_REAL(thrd_sleep)(duration, left);
  const HarnessScope scope;
  if (!valid(*duration) || duration->tv_sec < 0) return -2;  // any negative number other than -1 (C11 7.26.5.7)
  sleep_until(deadline_after(*duration), MQ_CALLER);
  return 0;
}

MQ_INTERPOSED void thrd_yield() {
  if (!in_map) return MQ_REAL(thrd_yield)();
  const HarnessScope scope;
  give_way(MQ_CALLER);
}

MQ_INTERPOSED int tss_create(tss_t* key, tss_dtor_t destructor) {
  return answer_of(pthread_key_create(key, destructor));
}

MQ_INTERPOSED void* tss_get(tss_t key) {
  return pthread_getspecific(key);
}

MQ_INTERPOSED int tss_set(tss_t key, void* value) {
  return answer_of(pthread_setspecific(key, value));
}

MQ_INTERPOSED void tss_delete(tss_t key) {
  pthread_key_delete(key);
}
