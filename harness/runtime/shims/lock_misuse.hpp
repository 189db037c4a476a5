// What POSIX leaves undefined about locks (XSH 2.9, pthread_mutex_lock, pthread_cond_wait, pthread_rwlock_unlock) and
// the standard forbids as a precondition ([thread.mutex.requirements], [thread.condition.condvar]): such a call ends
// the execution as Outcome::lock_misuse. What POSIX defines stays an answer: EPERM and EDEADLK of mutexes that check.
#pragma once

#include "harness/choice/choice.hpp"
#include "harness/history/lock_misuse.hpp"

#include <cstdint>

namespace mapquake::runtime {

/// Ends the execution. `holder` may be UINT16_MAX where no thread is concerned. Requires: harness code.
[[noreturn]] void misused(LockMisuse misuse, LockKind kind, ThreadId holder, std::uint64_t pc);

/// Whether an execution runs: not while a plugin is loaded.
bool is_exploring();

/// Whether what lies at `lock` came to be in this execution, so that its holder is one of is_known_owner().
bool is_of_execution(const void* lock);

/// Whether `owner` is a thread of this execution: a mutex that was taken before map code ran has another kind of owner.
bool is_known_owner(int owner_plus_one);

}  // namespace mapquake::runtime
