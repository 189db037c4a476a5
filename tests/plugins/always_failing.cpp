// One shallow defect each, in every insert: what a campaign is worth that can do nothing about it (tools/rates.py).
#include "locked_map.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <stdexcept>

namespace {

enum class Shallow {
  none,
  leak,
  race,
  exception,
  abort,
  exit,
  double_free,
  use_after_free,
  out_of_bounds,
  lock_kept,
  loop_over_atomics,
  loop_that_counts,
  silent_loop,
  stack_overflow,
};

volatile int never = 0;

/// Each call needs its frame still.
int deeper(int depth) {
  std::array<volatile int, 16> frame{};
  frame[0] = depth;
  if (never != 0) return 0;
  return deeper(depth + 1) + frame[0];
}

template <Shallow shallow>
class Map {
 public:
  static constexpr mapquake::Claims claims = claims_of_locked_map;
  static constexpr const char* about = "every insert fails";

  bool insert(std::int64_t key, std::int64_t value) {
    const bool added = map_.insert(key, value);
    fail();
    return added;
  }
  std::optional<std::int64_t> find(std::int64_t key) { return map_.find(key); }
  bool erase(std::int64_t key) { return map_.erase(key); }

 private:
  void fail() {
    if constexpr (shallow == Shallow::leak) [[maybe_unused]]
      int* volatile lost = new int(1);
    if constexpr (shallow == Shallow::race) count_ = count_ + 1;
    if constexpr (shallow == Shallow::exception) throw std::logic_error("never");
    if constexpr (shallow == Shallow::abort) std::abort();
    if constexpr (shallow == Shallow::exit) std::_Exit(1);
    if constexpr (shallow == Shallow::double_free) {
      int* volatile const twice = new int(1);
      delete twice;
      delete twice;
    }
    if constexpr (shallow == Shallow::use_after_free) {
      int* volatile const gone = new int(1);
      delete gone;
      *const_cast<volatile int*>(gone) = 2;
    }
    if constexpr (shallow == Shallow::out_of_bounds) {
      int* volatile const one = new int[1];
      const_cast<volatile int*>(one)[1] = 1;
      delete[] one;
    }
    if constexpr (shallow == Shallow::lock_kept) kept_.lock();
    if constexpr (shallow == Shallow::loop_over_atomics) {
      while (!open_.load()) {
      }
    }
    if constexpr (shallow == Shallow::loop_that_counts) {
      while (never == 0) count_ = count_ + 1;
    }
    if constexpr (shallow == Shallow::silent_loop) {
      for (;;) __asm__ volatile("");
    }
    if constexpr (shallow == Shallow::stack_overflow) deeper(0);
  }

  LockedMap map_;
  std::mutex kept_;
  std::atomic<bool> open_{false};
  volatile int count_ = 0;
};

MAPQUAKE_MAP("clean", Map<Shallow::none>);
MAPQUAKE_MAP("leak", Map<Shallow::leak>);
MAPQUAKE_MAP("race", Map<Shallow::race>);
MAPQUAKE_MAP("exception", Map<Shallow::exception>);
MAPQUAKE_MAP("abort", Map<Shallow::abort>);
MAPQUAKE_MAP("exit", Map<Shallow::exit>);
MAPQUAKE_MAP("double_free", Map<Shallow::double_free>);
MAPQUAKE_MAP("use_after_free", Map<Shallow::use_after_free>);
MAPQUAKE_MAP("out_of_bounds", Map<Shallow::out_of_bounds>);
MAPQUAKE_MAP("lock_kept", Map<Shallow::lock_kept>);
MAPQUAKE_MAP("loop_over_atomics", Map<Shallow::loop_over_atomics>);
MAPQUAKE_MAP("loop_that_counts", Map<Shallow::loop_that_counts>);
MAPQUAKE_MAP("silent_loop", Map<Shallow::silent_loop>);
MAPQUAKE_MAP("stack_overflow", Map<Shallow::stack_overflow>);

}  // namespace
