// Mutexes without their scheduling points, for what is built on them (condition variables).
#pragma once

#include "harness/runtime/scheduler.hpp"

#include <pthread.h>

namespace mapquake::runtime {

/// POSIX pthread_mutex_clocklock with a deadline in scheduler time: 0, ETIMEDOUT, EDEADLK or EAGAIN; of a robust mutex,
/// EOWNERDEAD and ENOTRECOVERABLE, too.
int lock_mutex(pthread_mutex_t& mutex, std::uint64_t deadline_ns, std::uint64_t pc);

/// POSIX pthread_mutex_trylock: 0, EBUSY (also by the choice try_fail) or EAGAIN; EOWNERDEAD and ENOTRECOVERABLE.
int try_lock_mutex(pthread_mutex_t& mutex, std::uint64_t pc);

/// POSIX pthread_mutex_unlock: 0, or EPERM of a mutex that checks. Every waiter becomes ready and tries again: the
/// schedule, not the order of arrival, decides who is next, unless one has waited too long (shims/lock_fairness.hpp).
/// Undefined uses of all three end the execution (shims/lock_misuse.hpp).
int unlock_mutex(pthread_mutex_t& mutex, std::uint64_t pc);

/// The current thread ends: whoever locks a robust mutex that it holds is told so. Others stay locked.
void let_go_of_robust_mutexes();

/// Whether the current thread holds it, as far as is known.
bool holds_mutex(const pthread_mutex_t& mutex);
/// Whether POSIX defines what happens where it does not: EPERM.
bool checks_its_owner(const pthread_mutex_t& mutex);

}  // namespace mapquake::runtime
