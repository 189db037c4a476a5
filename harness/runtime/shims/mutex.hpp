// Mutexes without their scheduling points, for what is built on them (condition variables).
#pragma once

#include "harness/runtime/scheduler.hpp"

#include <pthread.h>

namespace mapquake::runtime {

/// POSIX pthread_mutex_clocklock with a deadline in scheduler time: 0, ETIMEDOUT, EDEADLK, EAGAIN or EINVAL.
int lock_mutex(pthread_mutex_t& mutex, std::uint64_t deadline_ns, std::uint64_t pc);

/// POSIX pthread_mutex_trylock: 0, EBUSY (also by the choice try_fail), EAGAIN or EINVAL.
int try_lock_mutex(pthread_mutex_t& mutex);

/// POSIX pthread_mutex_unlock: 0, EPERM or EINVAL. Every waiter becomes ready and tries again: the schedule, not the
/// order of arrival, decides who is next.
int unlock_mutex(pthread_mutex_t& mutex);

}  // namespace mapquake::runtime
