// Reading the time.
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"

#include <sys/time.h>

#include <ctime>

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int clock_gettime(clockid_t clock, timespec* time) noexcept {
  if (!in_map) return MQ_REAL(clock_gettime)(clock, time);
  const HarnessScope scope;
  clock_point(MQ_CALLER);
  *time = read_clock(clock);
  return 0;
}

MQ_INTERPOSED int clock_getres(clockid_t clock, timespec* resolution) noexcept {
  if (!in_map) return MQ_REAL(clock_getres)(clock, resolution);
  if (resolution != nullptr) *resolution = {.tv_sec = 0, .tv_nsec = 1};
  return 0;
}

MQ_INTERPOSED int timespec_get(timespec* time, int base) noexcept {
  if (!in_map) return MQ_REAL(timespec_get)(time, base);
  if (base != TIME_UTC) return 0;
  const HarnessScope scope;
  clock_point(MQ_CALLER);
  *time = read_clock(CLOCK_REALTIME);
  return base;
}

MQ_INTERPOSED int gettimeofday(timeval* time, void* zone) noexcept {
  if (!in_map) return MQ_REAL(gettimeofday)(time, zone);
  const HarnessScope scope;
  clock_point(MQ_CALLER);
  const timespec now = read_clock(CLOCK_REALTIME);
  *time = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1'000};
  return 0;
}

MQ_INTERPOSED std::time_t time(std::time_t* to) noexcept {
  if (!in_map) return MQ_REAL(time)(to);
  const HarnessScope scope;
  clock_point(MQ_CALLER);
  const std::time_t now = read_clock(CLOCK_REALTIME).tv_sec;
  if (to != nullptr) *to = now;
  return now;
}

MQ_INTERPOSED std::clock_t clock() noexcept {
  if (!in_map) return MQ_REAL(clock)();
  const HarnessScope scope;
  clock_point(MQ_CALLER);
  static_assert(CLOCKS_PER_SEC == 1'000'000);
  return static_cast<std::clock_t>(now_ns() / 1'000);
}
