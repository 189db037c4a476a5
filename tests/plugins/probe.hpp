// Maps that are right, whose insert() first exercises something of the runtime inside map code, and fails the
// execution ("invariant broken") where it does not behave as POSIX or ISO C++ say. Whatever schedule the harness
// chooses, every probe must stay clean, unless it declares which outcome it provokes.
#pragma once

#include "locked_map.hpp"

#include <unistd.h>

#include <map>
#include <mutex>
#include <optional>

#define PROBE_TEXT_(line) #line
#define PROBE_TEXT(line) PROBE_TEXT_(line)
#define CHECK(condition) \
  ((condition) ? void(0) : mapquake::fail(__FILE__ ":" PROBE_TEXT(__LINE__) ": not true: " #condition))

namespace probe {

struct Nothing {};

/// Keeps the compiler from seeing what is wrong.
template <class T>
T* hidden(T* pointer) {
  asm volatile("" : "+r"(pointer));
  return pointer;
}

/// `Test::run()` is the probe. Several threads of the program may be in it at once. It runs in the first few calls
/// only: an execution has 128 threads, and probes start up to four.
template <class Test>
class Probe {
 public:
  static constexpr mapquake::Claims claims = claims_of_locked_map;
  static constexpr const char* about = Test::about;
  static constexpr mapquake::Expectation expected = [] {
    mapquake::Expectation expectation;
    if constexpr (requires { Test::provokes; }) expectation.outcomes = Test::provokes;
    if constexpr (requires { Test::memory_model; }) expectation.memory_model = Test::memory_model;
    return expectation;
  }();

  bool insert(std::int64_t key, std::int64_t value) {
    int& left = gettid() == getpid() ? left_of_main_ : left_;
    mutex_.lock();
    const bool probing = left-- > 0;
    mutex_.unlock();
    if (probing) Test::run();
    return map_.insert(key, value);
  }
  std::optional<std::int64_t> find(std::int64_t key) { return map_.find(key); }

 private:
  std::mutex mutex_;
  int left_ = 5;
  int left_of_main_ = 1;
  LockedMap map_;
};

}  // namespace probe
