// Locks are not fair: whoever comes first takes them. No schedule of a real machine lets a thread find a lock taken for
// ever that others take and release in turns, so none here does, and a loop of theirs that waits for that thread is no
// livelock.
#pragma once

#include <cstdint>

namespace mapquake::runtime {

/// How long the current thread has waited for a lock, from its construction on.
class LockPatience {
 public:
  LockPatience();
  /// It has waited for starved_steps (runtime/state.hpp): the next one who releases the lock hands it over, as Go's
  /// mutex does in its starvation mode (sync/mutex.go).
  bool is_over() const;

 private:
  std::uint64_t since_steps_;
};

/// The kind of a waiter whose patience is over, beside what else it is (shims/wait_table.hpp).
inline constexpr std::uint32_t starving = 1U << 16;

}  // namespace mapquake::runtime
