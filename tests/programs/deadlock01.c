/* Two locks, two threads, two orders: the smallest of all deadlocks, in plain C with a function of its own as the entry
   point. */
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static int counter = 0;

static void* a_then_b(void* unused) {
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  ++counter;
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  return unused;
}

static void* b_then_a(void* unused) {
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a);
  ++counter;
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return unused;
}

void take_both_locks(void) {
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, a_then_b, NULL);
  pthread_create(&second, NULL, b_then_a, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}
