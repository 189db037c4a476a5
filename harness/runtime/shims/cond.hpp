// Waiting on a condition variable, for both of its interfaces (POSIX and C11).
#pragma once

#include "harness/runtime/scheduler.hpp"

#include <pthread.h>

namespace mapquake::runtime {

/// POSIX pthread_cond_clockwait with a deadline in scheduler time and its scheduling point: 0, ETIMEDOUT, or the error
/// of unlocking or locking the mutex. May return 0 without a notification (choice spurious_wake).
int wait_cond(pthread_cond_t& cond, pthread_mutex_t& mutex, std::uint64_t deadline_ns, std::uint64_t pc);

}  // namespace mapquake::runtime
