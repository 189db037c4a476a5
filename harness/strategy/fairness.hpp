// Who may be chosen freely after a yield, so that exploring yields ends: the fair scheduler of Musuvathi & Qadeer,
// "Fair stateless model checking", PLDI 2008, algorithm 1. A thread that yields without having let some ready thread
// run since its last yield must wait for that thread.
#pragma once

#include "harness/choice/choice.hpp"

#include <array>
#include <bitset>
#include <span>

namespace mapquake {

class Fairness {
 public:
  void begin();
  /// `thread` yields while `ready` could run (it may be among them). Requires every id < threads_max.
  void yielded(ThreadId thread, std::span<const ThreadId> ready);
  /// `thread` runs next. Cost: O(threads seen).
  void scheduled(ThreadId thread);
  /// Whether `thread` waits for none of `ready`.
  bool eligible(ThreadId thread, std::span<const ThreadId> ready) const;

 private:
  using Threads = std::bitset<threads_max>;
  unsigned seen_ = 0;                             ///< one more than the highest thread so far
  std::array<Threads, threads_max> waits_for_{};  ///< the paper's P
  std::array<Threads, threads_max> ran_since_{};  ///< the paper's S: since the thread's last yield
};

}  // namespace mapquake
