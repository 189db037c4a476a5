// What POSIX leaves undefined about locks (XSH 2.9, pthread_mutex_lock, pthread_cond_wait, pthread_rwlock_unlock) and
// the standard forbids as a precondition ([thread.mutex.requirements], [thread.condition.condvar]): such a call ends
// the execution as Outcome::lock_misuse. What POSIX defines stays an answer: EPERM and EDEADLK of mutexes that check.
#pragma once

#include "harness/choice/choice.hpp"

#include <cstdint>

namespace mapquake::runtime {

enum class LockMisuse : std::uint8_t {
  unlocks_free,      ///< nobody holds it
  unlocks_of_other,  ///< `holder` does
  destroys_held,     ///< `holder` holds it
  destroys_waited,   ///< `holder` waits for it
  uses_destroyed,
  waits_for_nobody,    ///< what its memory names as the holder was never a thread of this execution
  waits_without,       ///< on a condition variable, with a mutex that the caller does not hold
  waits_with_another,  ///< on a condition variable for which `holder` waits with another mutex
  frees_held,          ///< the memory of a mutex that `holder` holds
  frees_waited,        ///< the memory of what `holder` waits for
};

/// "mutex", "reader-writer lock", "condition variable", or "lock" where it is not known which.
enum class LockKind : std::uint8_t { mutex, rwlock, condition, any };

/// Ends the execution. `holder` may be UINT16_MAX where no thread is concerned. Requires: harness code.
[[noreturn]] void misused(LockMisuse misuse, LockKind kind, ThreadId holder, std::uint64_t pc);

/// Whether an execution runs: not while a plugin is loaded.
bool is_exploring();

/// Whether what lies at `lock` came to be in this execution, so that its holder is one of is_known_owner().
bool is_of_execution(const void* lock);

/// Whether `owner` is a thread of this execution: a mutex that was taken before map code ran has another kind of owner.
bool is_known_owner(int owner_plus_one);

}  // namespace mapquake::runtime
