// What is undefined about locks, each beside the use that is right and looks most like it
// (runtime/shims/lock_misuse.hpp).
#include "tests/programs/together.hpp"

#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>

namespace {

std::mutex lock, other_lock;
std::shared_mutex shared;
std::recursive_mutex recursive;
std::condition_variable changed;
pthread_mutex_t checking = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
bool is_ready = false;  // under lock
std::atomic<int> stage{0};

void reach(int wanted) {
  while (stage != wanted) std::this_thread::yield();
}

void unlocks_a_free_mutex() {
  lock.lock();
  lock.unlock();
  lock.unlock();
}

void unlocks_for_another() {
  kernel::run_together(
      [] {
        lock.lock();
        stage = 1;
        reach(2);
      },
      [] {
        reach(1);
        lock.unlock();
        stage = 2;
      });
}
/// A mutex that checks says so, which is defined.
void is_told_that_it_is_not_the_owner() {
  pthread_mutex_lock(&checking);
  std::thread([] { MAPQUAKE_CHECK(pthread_mutex_unlock(&checking) == EPERM); }).join();
  pthread_mutex_unlock(&checking);
}

void unlocks_shared_for_another() {
  kernel::run_together(
      [] {
        shared.lock_shared();
        stage = 1;
        reach(2);
      },
      [] {
        reach(1);
        shared.unlock_shared();
        stage = 2;
      });
}
void readers_and_writers() {
  kernel::run_together(
      [] {
        const std::shared_lock guard(shared);
        stage = 1;
      },
      [] {
        const std::shared_lock guard(shared);
        stage = 2;
      },
      [] {
        const std::unique_lock guard(shared);
        stage = 3;
      });
}

void takes_a_recursive_mutex_again() {
  const std::lock_guard first(recursive);
  const std::lock_guard second(recursive);
}

void destroys_a_held_mutex() {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  pthread_mutex_destroy(&mutex);
}
void locks_a_destroyed_mutex() {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_destroy(&mutex);
  pthread_mutex_lock(&mutex);
}
void makes_a_mutex_again() {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_destroy(&mutex);
  pthread_mutex_init(&mutex, nullptr);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  pthread_mutex_destroy(&mutex);
}

struct Node {
  std::mutex lock;
  int value = 0;
};
void frees_a_held_mutex() {
  auto node = std::make_unique<Node>();
  node->lock.lock();
  node.reset();
}
void frees_what_holds_another_mutex() {
  auto node = std::make_unique<Node>();
  auto next = std::make_unique<Node>();
  const std::lock_guard guard(next->lock);
  {
    const std::lock_guard inner(node->lock);
    ++node->value;
  }
  node.reset();
}

void locks_a_freed_mutex() {
  auto node = std::make_unique<Node>();
  std::mutex* freed = &node->lock;
  asm volatile("" : "+r"(freed));  // keeps the compiler from seeing what is wrong
  node.reset();
  freed->lock();
}
/// The second one to come waits, or comes too late.
void frees_what_is_waited_for() {
  auto* const node = new Node;
  kernel::run_together(
      [node] {
        node->lock.lock();
        node->lock.unlock();
        delete node;
      },
      [node] { const std::lock_guard guard(node->lock); });
}
/// Whoever sees that it is done may free it: notifying comes too late.
struct Job {
  std::mutex lock;
  std::condition_variable changed;
  bool is_done = false;  // under lock
};
template <bool under_lock>
void frees_a_job_that_is_done() {
  auto* const job = new Job;
  kernel::run_together(
      [job] {
        {
          std::unique_lock guard(job->lock);
          job->changed.wait(guard, [job] { return job->is_done; });
        }
        delete job;
      },
      [job] {
        std::unique_lock guard(job->lock);
        job->is_done = true;
        if (!under_lock) guard.unlock();
        job->changed.notify_one();
      });
}
void notifies_what_may_be_freed() {
  frees_a_job_that_is_done<false>();
}
void notifies_under_the_lock() {
  frees_a_job_that_is_done<true>();
}

void waits_with_two_mutexes() {
  const auto waits = [](std::mutex& mutex) {
    std::unique_lock guard(mutex);
    changed.wait_for(guard, std::chrono::seconds(1));
  };
  kernel::run_together([waits] { waits(lock); }, [waits] { waits(other_lock); });
}
void waits_with_one_after_the_other() {
  for (std::mutex* const mutex : {&lock, &other_lock}) {
    std::unique_lock guard(*mutex);
    changed.wait_for(guard, std::chrono::milliseconds(1));
  }
}

void waits_without_its_mutex() {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
  const timespec soon{1, 0};
  pthread_cond_timedwait(&cond, &mutex, &soon);
}
void waits_for_a_message() {
  kernel::run_together(
      [] {
        std::unique_lock guard(lock);
        changed.wait(guard, [] { return is_ready; });
      },
      [] {
        const std::lock_guard guard(lock);
        is_ready = true;
        changed.notify_all();
      });
}

constexpr mapquake::Expectation misuse{.outcomes = "lock misuse"};
constexpr mapquake::Expectation freed{.outcomes = "use after free"};

}  // namespace

MAPQUAKE_PROGRAM("unlocks_a_free_mutex", unlocks_a_free_mutex, {.expected = misuse});
MAPQUAKE_PROGRAM("unlocks_for_another", unlocks_for_another, {.expected = misuse});
MAPQUAKE_PROGRAM("unlocks_shared_for_another", unlocks_shared_for_another, {.expected = misuse});
MAPQUAKE_PROGRAM("destroys_a_held_mutex", destroys_a_held_mutex, {.expected = misuse});
MAPQUAKE_PROGRAM("locks_a_destroyed_mutex", locks_a_destroyed_mutex, {.expected = misuse});
MAPQUAKE_PROGRAM("frees_a_held_mutex", frees_a_held_mutex, {.expected = misuse});
MAPQUAKE_PROGRAM("waits_with_two_mutexes", waits_with_two_mutexes, {.expected = misuse});
MAPQUAKE_PROGRAM("waits_without_its_mutex", waits_without_its_mutex, {.expected = misuse});
MAPQUAKE_PROGRAM("locks_a_freed_mutex", locks_a_freed_mutex, {.expected = freed});
MAPQUAKE_PROGRAM("frees_what_is_waited_for", frees_what_is_waited_for,
                 {.expected = {.outcomes = "lock misuse|use after free|data race"}});
MAPQUAKE_PROGRAM("notifies_what_may_be_freed", notifies_what_may_be_freed, {.expected = freed});
MAPQUAKE_PROGRAM("notifies_under_the_lock", notifies_under_the_lock);
MAPQUAKE_PROGRAM("is_told_that_it_is_not_the_owner", is_told_that_it_is_not_the_owner);
MAPQUAKE_PROGRAM("readers_and_writers", readers_and_writers);
MAPQUAKE_PROGRAM("takes_a_recursive_mutex_again", takes_a_recursive_mutex_again);
MAPQUAKE_PROGRAM("makes_a_mutex_again", makes_a_mutex_again);
MAPQUAKE_PROGRAM("frees_what_holds_another_mutex", frees_what_holds_another_mutex);
MAPQUAKE_PROGRAM("waits_with_one_after_the_other", waits_with_one_after_the_other);
MAPQUAKE_PROGRAM("waits_for_a_message", waits_for_a_message);
