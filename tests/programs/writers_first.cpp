// A reader behind writers that go first, for so long that the lock is handed over to it while one of them waits.
#include "tests/programs/together.hpp"

#include <pthread.h>

#include <array>

namespace {

pthread_rwlock_t lock;
std::array<int, 30> table;

void writes_again_and_again() {
  for (int round = 0; round < 330; ++round) {
    pthread_rwlock_wrlock(&lock);
    for (int& entry : table) ++entry;
    pthread_rwlock_unlock(&lock);
  }
}

void reads_behind_writers() {
  pthread_rwlockattr_t attributes;
  pthread_rwlockattr_init(&attributes);
  pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
  pthread_rwlock_init(&lock, &attributes);
  kernel::run_together(writes_again_and_again, writes_again_and_again, [] {
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_unlock(&lock);
  });
  pthread_rwlock_destroy(&lock);
  pthread_rwlockattr_destroy(&attributes);
}

}  // namespace

MAPQUAKE_PROGRAM("reads_behind_writers", reads_behind_writers);
