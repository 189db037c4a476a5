// Sleeping, and the waits for nothing but time that poll and select are used for. With file descriptors these two are
// libc's: input and output of a map is outside of what is explored.
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"

#include <poll.h>
#include <sys/select.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace mapquake::runtime {
namespace {

int fail(int error) {
  errno = error;
  return -1;
}

bool is_duration(const timespec& time) {
  return valid(time) && time.tv_sec >= 0;
}

/// Null: for ever.
int sleep_for(const timespec* duration, std::uint64_t pc) {
  if (duration != nullptr && !is_duration(*duration)) return fail(EINVAL);
  sleep_until(duration == nullptr ? never : deadline_after(*duration), pc);
  return 0;
}

timespec duration_of(std::uint64_t s, std::uint64_t ns) {
  timespec time{};
  time.tv_sec = static_cast<std::time_t>(s);
  time.tv_nsec = static_cast<long>(ns);
  return time;
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int nanosleep(const timespec* duration, timespec* left) {
  if (!in_map) return MQ_REAL(nanosleep)(duration, left);
  const HarnessScope scope;
  return sleep_for(duration, MQ_CALLER);
}

MQ_INTERPOSED int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  if (!in_map) return MQ_REAL(clock_nanosleep)(clock, flags, time, left);
  const HarnessScope scope;
  if (!valid(*time)) return EINVAL;
  if ((flags & TIMER_ABSTIME) == 0) return sleep_for(time, MQ_CALLER) == 0 ? 0 : EINVAL;
  sleep_until(deadline_of(clock, *time), MQ_CALLER);
  return 0;
}

MQ_INTERPOSED int usleep(useconds_t us) {
  if (!in_map) return MQ_REAL(usleep)(us);
  const HarnessScope scope;
  const timespec duration = duration_of(us / 1'000'000, us % 1'000'000 * 1'000ull);
  return sleep_for(&duration, MQ_CALLER);
}

MQ_INTERPOSED unsigned sleep(unsigned s) {
  if (!in_map) return MQ_REAL(sleep)(s);
  const HarnessScope scope;
  const timespec duration = duration_of(s, 0);
  sleep_for(&duration, MQ_CALLER);
  return 0;
}

MQ_INTERPOSED int poll(pollfd* descriptors, nfds_t count, int timeout_ms) {
  if (!in_map || count > 0) return MQ_REAL(poll)(descriptors, count, timeout_ms);
  const HarnessScope scope;
  const auto ms = static_cast<std::uint64_t>(timeout_ms);
  const timespec duration = duration_of(ms / 1'000, ms % 1'000 * 1'000'000);
  return sleep_for(timeout_ms < 0 ? nullptr : &duration, MQ_CALLER);
}

MQ_INTERPOSED int ppoll(pollfd* descriptors, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  if (!in_map || count > 0) return MQ_REAL(ppoll)(descriptors, count, timeout, mask);
  const HarnessScope scope;
  return sleep_for(timeout, MQ_CALLER);
}

MQ_INTERPOSED int select(int count, fd_set* readable, fd_set* writable, fd_set* exceptional, timeval* timeout) {
  if (!in_map || count > 0) return MQ_REAL(select)(count, readable, writable, exceptional, timeout);
  const HarnessScope scope;
  if (timeout == nullptr) return sleep_for(nullptr, MQ_CALLER);
  if (timeout->tv_sec < 0 || timeout->tv_usec < 0 || timeout->tv_usec >= 1'000'000) return fail(EINVAL);
  const timespec duration = duration_of(static_cast<std::uint64_t>(timeout->tv_sec), timeout->tv_usec * 1'000ull);
  *timeout = {};  // Linux: the time that was left
  return sleep_for(&duration, MQ_CALLER);
}

MQ_INTERPOSED int pselect(int count, fd_set* readable, fd_set* writable, fd_set* exceptional, const timespec* timeout,
                          const sigset_t* mask) {
  if (!in_map || count > 0) return MQ_REAL(pselect)(count, readable, writable, exceptional, timeout, mask);
  const HarnessScope scope;
  return sleep_for(timeout, MQ_CALLER);
}
