// Local variables that other threads still use when their function has returned, and what is no block or no lock though
// it is used as one: each beside what is right.
#include <pthread.h>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mapquake/program.hpp>
#include <mutex>
#include <thread>

namespace {

/// Whoever waits lies in a list, on its own stack, and is woken under the lock or behind it.
template <bool under_lock>
class Semaphore {
 public:
  void acquire() {
    std::unique_lock guard(mutex_);
    if (count_ != 0) {
      --count_;
      return;
    }
    Waiter me{.next = waiters_};
    waiters_ = &me;
    me.changed.wait(guard, [&] { return me.may_go; });
  }
  void release() {
    std::unique_lock guard(mutex_);
    if (waiters_ == nullptr) {
      ++count_;
      return;
    }
    Waiter* const waiter = waiters_;
    waiters_ = waiter->next;
    waiter->may_go = true;
    if (!under_lock) guard.unlock();
    waiter->changed.notify_one();
  }

 private:
  struct Waiter {
    std::condition_variable changed = {};
    bool may_go = false;
    Waiter* next = nullptr;
  };
  std::mutex mutex_;
  int count_ = 0;
  Waiter* waiters_ = nullptr;
};

template <bool under_lock>
void let_one_go() {
  Semaphore<under_lock> turn;
  std::thread waiter([&] { turn.acquire(); });
  turn.release();
  waiter.join();
}

std::atomic<std::atomic<int>*> mailbox;

void receive_in(void (*receive)()) {
  mailbox = nullptr;
  std::thread receiver(receive);
  if (std::atomic<int>* const letter = mailbox.exchange(nullptr)) *letter = 1;
  receiver.join();
}
void does_not_wait_for_the_letter() {
  receive_in([] {
    std::atomic<int> letter{0};
    mailbox = &letter;
    mailbox = nullptr;
  });
}
void waits_for_the_letter() {
  receive_in([] {
    std::atomic<int> letter{0};
    mailbox = &letter;
    if (mailbox.exchange(nullptr) != nullptr) return;
    while (letter == 0) std::this_thread::yield();
  });
}

std::atomic<std::mutex*> offered;

void locks_what_ended_with_its_thread() {
  offered = nullptr;
  std::thread owner([] {
    std::mutex mutex;
    offered = &mutex;
    offered = nullptr;
  });
  if (std::mutex* const mutex = offered) {
    mutex->lock();
    mutex->unlock();
  }
  owner.join();
}
void locks_what_outlives_its_users() {
  offered = nullptr;
  std::mutex mutex;
  offered = &mutex;
  std::thread user([] { const std::lock_guard guard(*offered.load()); });
  mutex.lock();
  mutex.unlock();
  user.join();
}

void locks_what_was_overwritten() {
  auto* const mutex = new std::mutex;
  std::memset(static_cast<void*>(mutex), 0x5a, sizeof *mutex);
  mutex->lock();
}
void locks_what_was_made_of_zeroes() {
  alignas(std::mutex) unsigned char bytes[sizeof(std::mutex)];
  std::memset(bytes, 0, sizeof bytes);
  auto* const mutex = reinterpret_cast<pthread_mutex_t*>(bytes);
  pthread_mutex_lock(mutex);
  pthread_mutex_unlock(mutex);
}

/// The compilers see what is freed unless it comes from elsewhere.
std::atomic<void*> freed;

void frees_a_local_variable() {
  alignas(16) int local = 1;
  freed = &local;
  std::free(freed);
}
void reallocates_a_local_variable() {
  alignas(16) int local = 1;
  freed = &local;
  std::free(std::realloc(freed, 64));
}
void frees_the_middle_of_a_word() {
  freed = reinterpret_cast<void*>(0x1234567);
  std::free(freed);
}
void frees_what_libc_allocated() {
  freed = ::strdup("a string that libc copies");
  std::free(std::realloc(freed, 64));
}

constexpr mapquake::Expectation invalid{.outcomes = "double free"};
constexpr mapquake::Expectation returned{.outcomes = "use after free"};

}  // namespace

MAPQUAKE_PROGRAM("notifies_behind_the_lock", let_one_go<false>, {.expected = returned});
MAPQUAKE_PROGRAM("notifies_on_a_live_stack", let_one_go<true>);
MAPQUAKE_PROGRAM("does_not_wait_for_the_letter", does_not_wait_for_the_letter, {.expected = returned});
MAPQUAKE_PROGRAM("waits_for_the_letter", waits_for_the_letter);
MAPQUAKE_PROGRAM("locks_what_ended_with_its_thread", locks_what_ended_with_its_thread,
                 {.expected = {.outcomes = "use after free|lock misuse|crash"}});
MAPQUAKE_PROGRAM("frees_a_local_variable", frees_a_local_variable, {.expected = invalid});
MAPQUAKE_PROGRAM("reallocates_a_local_variable", reallocates_a_local_variable, {.expected = invalid});
MAPQUAKE_PROGRAM("frees_the_middle_of_a_word", frees_the_middle_of_a_word, {.expected = invalid});
MAPQUAKE_PROGRAM("frees_what_libc_allocated", frees_what_libc_allocated);
MAPQUAKE_PROGRAM("locks_what_was_overwritten", locks_what_was_overwritten, {.expected = {.outcomes = "lock misuse"}});
MAPQUAKE_PROGRAM("locks_what_was_made_of_zeroes", locks_what_was_made_of_zeroes);
MAPQUAKE_PROGRAM("locks_what_outlives_its_users", locks_what_outlives_its_users);
