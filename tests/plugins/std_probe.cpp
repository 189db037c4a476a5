// The C++ standard library on top: threads, locks, futures, atomics that wait, thread_local.
#include "probe.hpp"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

struct StdThread {
  static constexpr const char* about = "std::thread runs, is joined, and has an id of its own";
  static void run() {
    std::vector<int> squares(3);
    std::vector<std::thread::id> ids(3);
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&squares, &ids, i] {
        squares[i] = i * i;
        ids[i] = std::this_thread::get_id();
      });
    for (std::thread& thread : threads) thread.join();
    CHECK((squares == std::vector{0, 1, 4}));
    CHECK(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    CHECK(ids[0] != std::this_thread::get_id() && ids[0] != std::thread::id());
    std::string text;
    std::jthread stoppable([&](std::stop_token stop) {
      while (!stop.stop_requested()) std::this_thread::yield();
      text = "stopped";
    });
    stoppable.request_stop();
    stoppable.join();
    CHECK(text == "stopped");
  }
};
MAPQUAKE_MAP("probe_std_thread", probe::Probe<StdThread>);

struct Futures {
  static constexpr const char* about = "futures carry values and exceptions across threads";
  static void run() {
    auto value = std::async(std::launch::async, [] { return 7; });
    auto error = std::async(std::launch::async, []() -> int { throw std::runtime_error("seven"); });
    std::promise<int> promise;
    std::thread late([&] { promise.set_value_at_thread_exit(9); });
    CHECK(promise.get_future().get() == 9);
    late.join();
    CHECK(value.get() == 7);
    std::string what;
    try {
      error.get();
    } catch (const std::runtime_error& exception) {
      what = exception.what();
    }
    CHECK(what == "seven");
  }
};
MAPQUAKE_MAP("probe_std_futures", probe::Probe<Futures>);

struct CallOnce {
  static constexpr const char* about = "call_once tries again after an exception; a local static is made once";
  struct Slow {
    Slow() {
      std::this_thread::yield();
      made.fetch_add(1, std::memory_order_relaxed);
    }
    static inline std::atomic<int> made{0};
  };
  static void run() {
    std::once_flag flag;
    int attempts = 0;
    const auto call = [&] {
      try {
        std::call_once(flag, [&] {
          std::this_thread::yield();
          if (++attempts == 1) throw std::runtime_error("again");
        });
      } catch (const std::runtime_error&) {
        std::call_once(flag, [&] { ++attempts; });
      }
      CHECK(attempts == 2);
      static const Slow slow;
      CHECK(Slow::made.load(std::memory_order_relaxed) == 1);
    };
    std::jthread a(call), b(call);
    call();
  }
};
MAPQUAKE_MAP("probe_call_once", probe::Probe<CallOnce>);

struct ConditionAny {
  static constexpr const char* about = "condition_variable_any and shared_timed_mutex";
  static void run() {
    std::shared_timed_mutex mutex;
    std::condition_variable_any changed;
    bool ready = false;
    std::jthread writer([&] {
      const std::lock_guard lock(mutex);
      ready = true;
      changed.notify_all();
    });
    std::shared_lock lock(mutex);
    changed.wait(lock, [&] { return ready; });
    bool refused = false;
    std::jthread([&] { refused = !mutex.try_lock_for(3ms); }).join();
    CHECK(refused);
    bool shared = false;
    std::jthread([&] {
      while (!mutex.try_lock_shared()) continue;
      mutex.unlock_shared();
      shared = true;
    }).join();
    CHECK(shared);
    lock.unlock();
    std::recursive_timed_mutex recursive;
    const std::scoped_lock twice(recursive);
    CHECK(recursive.try_lock_for(1ms));
    recursive.unlock();
    std::condition_variable never_notified;
    std::mutex plain;
    std::unique_lock held(plain);
    const auto start = std::chrono::steady_clock::now();
    CHECK(!never_notified.wait_for(held, 20ms, [] { return false; }));
    CHECK(std::chrono::steady_clock::now() - start >= 20ms);
  }
};
MAPQUAKE_MAP("probe_condition_any", probe::Probe<ConditionAny>);

struct Coordination {
  static constexpr const char* about = "C++20: semaphore, latch, barrier, atomic wait and notify";
  static void run() {
    std::counting_semaphore<4> permits(1);
    CHECK(permits.try_acquire_for(1s) || permits.try_acquire());
    CHECK(!permits.try_acquire_for(2ms));
    std::latch started(3);
    std::atomic<int> stage{0};
    int completions = 0;
    std::barrier rounds(3, [&]() noexcept { ++completions; });
    const auto body = [&] {
      started.arrive_and_wait();
      rounds.arrive_and_wait();
      rounds.arrive_and_wait();
      permits.release();
      stage.wait(0);
      CHECK(stage.load() == 1);
    };
    {
      std::jthread a(body), b(body);
      started.arrive_and_wait();
      rounds.arrive_and_wait();
      rounds.arrive_and_wait();
      permits.acquire();
      permits.acquire();
      stage.store(1);
      stage.notify_all();
    }
    CHECK(completions == 2);
  }
};
MAPQUAKE_MAP("probe_coordination", probe::Probe<Coordination>);

struct SleepUntil {
  static constexpr const char* about = "who sleeps until an instant wakes behind it, however the threads are scheduled";
  static void run() {
    std::mutex mutex;
    std::vector<int> order;
    const auto start = std::chrono::steady_clock::now();
    const auto sleep = [&](int ms) {
      std::this_thread::sleep_until(start + ms * 1ms);
      const std::lock_guard lock(mutex);
      order.push_back(ms);
    };
    { std::jthread a(sleep, 3000), b(sleep, 1000), c(sleep, 2000); }
    // Only that: a thread that is delayed may be the last one, however short its sleep was.
    std::ranges::sort(order);
    CHECK((order == std::vector{1000, 2000, 3000}));
    CHECK(std::chrono::steady_clock::now() - start >= 3s);
  }
};
MAPQUAKE_MAP("probe_sleep_until", probe::Probe<SleepUntil>);

/// Adds its value to a sum when its thread ends.
struct Counter {
  int value = 0;
  std::atomic<int>* destroyed = nullptr;
  ~Counter() {
    if (destroyed != nullptr) destroyed->fetch_add(value);
  }
};

struct ThreadLocal {
  static constexpr const char* about = "thread_local objects are each thread's own, and destroyed when it ends";
  static inline thread_local Counter counter;
  static inline thread_local int plain = 5;
  static void run() {
    std::atomic<int> destroyed{0};
    const auto body = [&](int rounds) {
      CHECK(counter.value == 0 && plain == 5 && errno == 0);
      counter.destroyed = &destroyed;
      for (int i = 0; i < rounds; ++i) {
        ++counter.value;
        errno = ++plain;
        std::this_thread::yield();
        CHECK(errno == 6 + i);
      }
      CHECK(counter.value == rounds && plain == 5 + rounds);
    };
    std::thread a(body, 2), b(body, 3);
    a.join();
    CHECK(destroyed.load() == 2 || destroyed.load() == 5);
    b.join();
    CHECK(destroyed.load() == 5);
  }
};
MAPQUAKE_MAP("probe_thread_local", probe::Probe<ThreadLocal>);

struct ExceptionState {
  static constexpr const char* about = "a thread that is switched away inside a handler still knows its exception";
  static void run() {
    const auto body = [](int number) {
      try {
        throw number;
      } catch (int caught) {
        std::this_thread::yield();
        CHECK(caught == number);
        try {
          throw;
        } catch (int again) {
          std::this_thread::yield();
          CHECK(again == number);
        }
      }
      CHECK(std::current_exception() == nullptr && std::uncaught_exceptions() == 0);
    };
    std::jthread a(body, 1), b(body, 2);
    body(3);
  }
};
MAPQUAKE_MAP("probe_exception_state", probe::Probe<ExceptionState>);

}  // namespace
