/* In plain C with a main() of its own, which knows nothing of mapquake. A worker that finds no work calls exit() and so
   ends the whole process; whether it finds some depends on who comes first. The defect and its twin differ in one
   definition, given to the compiler.

   Smallest counterexample, by hand: the worker runs before main() has left the work; one preemption. */
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

#ifndef STARTS_WITH_WORK
#define STARTS_WITH_WORK 0
#endif

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int work = STARTS_WITH_WORK;

static void* worker(void* unused) {
  int found;
  (void)unused;
  pthread_mutex_lock(&mutex);
  found = work;
  pthread_mutex_unlock(&mutex);
  if (found == 0) exit(EXIT_FAILURE);
  return NULL;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, worker, NULL) != 0) return EXIT_FAILURE;
  pthread_mutex_lock(&mutex);
  work = 1;
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, NULL);
}
