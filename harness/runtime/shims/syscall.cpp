// syscall(2): what std::atomic::wait, __cxa_guard_acquire and hand-written locks call. Whatever would block the one
// real thread, or tell runs apart, is answered here; everything else is the kernel's.
#include "harness/history/outcome.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/shims/cpu.hpp"
#include "harness/runtime/shims/environment.hpp"
#include "harness/runtime/shims/futex.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/random.hpp"
#include "harness/runtime/shims/threads.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"
#include "harness/runtime/uncontrolled.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>

namespace mapquake::runtime {
namespace {

using Arguments = const long[6];

template <class T>
T* pointer(long argument) {
  return reinterpret_cast<T*>(argument);
}

long sleep_call(clockid_t clock, bool absolute, const timespec& time, std::uint64_t pc) {
  if (!valid(time) || time.tv_sec < 0) return -EINVAL;
  sleep_until(absolute ? deadline_of(clock, time) : deadline_after(time), pc);
  return 0;
}

[[noreturn]] void exit_call(int status) {
  abandon(Outcome::exit, Symptom::exit, reason::ExitSystemCall{status});
}

/// The kernel's answer, a negative errno for an error. False: not one of ours.
bool answer(long number, Arguments& a, std::uint64_t pc, long& result) {
  switch (number) {
    case SYS_futex:
      result = futex({.address = pointer<std::uint32_t>(a[0]),
                      .operation = static_cast<int>(a[1]),
                      .value = static_cast<std::uint32_t>(a[2]),
                      .timeout = static_cast<std::uint64_t>(a[3]),
                      .address2 = pointer<std::uint32_t>(a[4]),
                      .value3 = static_cast<std::uint32_t>(a[5])},
                     pc);
      return true;
    case SYS_gettid:
      result = kernel_id_of(current_thread(), spaced_identities(pc));
      return true;
    case SYS_getpid:
      result = process_id;
      return true;
    case SYS_sched_yield:
      give_way(pc);
      result = 0;
      return true;
    case SYS_membarrier:  // one real thread: every access is seen in order. A query: no command is supported.
      point(EventKind::fence, nullptr, pc);
      all_ordered();
      result = 0;
      return true;
    case SYS_getrandom:
      random_bytes(pointer<void>(a[0]), static_cast<std::size_t>(a[1]), pc);
      result = a[1];
      return true;
    case SYS_clock_gettime:
      clock_point(pc);
      *pointer<timespec>(a[1]) = read_clock(static_cast<clockid_t>(a[0]));
      result = 0;
      return true;
    case SYS_nanosleep:
      result = sleep_call(CLOCK_MONOTONIC, false, *pointer<const timespec>(a[0]), pc);
      return true;
    case SYS_clock_nanosleep:
      result =
          sleep_call(static_cast<clockid_t>(a[0]), (a[1] & TIMER_ABSTIME) != 0, *pointer<const timespec>(a[2]), pc);
      return true;
    case SYS_getcpu:
      if (a[0] != 0) *pointer<unsigned>(a[0]) = current_cpu(pc);
      if (a[1] != 0) *pointer<unsigned>(a[1]) = 0;
      result = 0;
      return true;
    case SYS_sched_getaffinity:
      result = write_affinity(pointer<void>(a[2]), static_cast<std::size_t>(a[1]), pc) ? long{sizeof(long)} : -EINVAL;
      return true;
    case SYS_exit:
    case SYS_exit_group:
      exit_call(static_cast<int>(a[0]));
    default:
      return false;
  }
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED long syscall(long number, ...) noexcept {
  va_list list;
  va_start(list, number);
  long arguments[6];
  for (long& argument : arguments) argument = va_arg(list, long);
  va_end(list);
  if (in_map) {
    const HarnessScope scope;
    long result;
    if (answer(number, arguments, MQ_CALLER, result)) {
      if (result >= 0) return result;
      errno = static_cast<int>(-result);
      return -1;
    }
    note_uncontrolled(Source::system_call, static_cast<std::uint64_t>(number), nullptr);
  }
  return MQ_REAL(syscall)(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}
