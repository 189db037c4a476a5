/* A main() that knows nothing of mapquake but one macro: a value is handed over without waiting for it. */
#include <mapquake/check.h>

#include <pthread.h>
#include <stddef.h>
#include <string.h>

static int value = 0;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* hand_over(void* number) {
  pthread_mutex_lock(&mutex);
  value = *(const int*)number;
  pthread_mutex_unlock(&mutex);
  return NULL;
}

int main(int argc, char** argv) {
  pthread_t thread;
  int number = 7;
  int seen;
  if (argc != 2 || strcmp(argv[0], "hand_over") != 0 || strcmp(argv[1], "1 and \"2\"") != 0) return 1;
  argv[1][0] = '3'; /* the next execution must not see it */
  pthread_create(&thread, NULL, hand_over, &number);
  pthread_mutex_lock(&mutex);
  seen = value;
  pthread_mutex_unlock(&mutex);
  MAPQUAKE_CHECK(seen == 7);
  pthread_join(thread, NULL);
}
