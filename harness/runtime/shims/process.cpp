// Ending the process, starting others, and its identity.
#include "harness/history/outcome.hpp"
#include "harness/runtime/shims/environment.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/threads.hpp"

#include <assert.h>
#include <cxxabi.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace mapquake::runtime {
namespace {

[[noreturn]] void end_by_exit(const char* function, int status) {
  in_map = false;
  end_in_order(status);
  abandon(Outcome::exit, Symptom::exit, reason::ExitCalled{std::string_view(function), status});
}

[[noreturn]] void end_by_assertion(const char* text, const char* file, unsigned line, const char* function) {
  in_map = false;
  using reason::Part;
  abandon(
      Outcome::abort, Symptom::failed_assert,
      reason::AssertionFailed{Part::cut(file), line, Part::cut(function == nullptr ? "" : function), Part::cut(text)});
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED void exit(int status) noexcept {
  if (in_map) end_by_exit("exit", status);
  MQ_REAL(exit)(status);
  __builtin_unreachable();
}

MQ_INTERPOSED void _exit(int status) {
  if (in_map) end_by_exit("_exit", status);
  MQ_REAL(_exit)(status);
  __builtin_unreachable();
}

MQ_INTERPOSED void _Exit(int status) noexcept {
  if (in_map) end_by_exit("_Exit", status);
  MQ_REAL(_Exit)(status);
  __builtin_unreachable();
}

MQ_INTERPOSED void quick_exit(int status) noexcept {
  if (in_map) end_by_exit("quick_exit", status);
  MQ_REAL(quick_exit)(status);
  __builtin_unreachable();
}

MQ_INTERPOSED void abort() noexcept {
  if (in_map) {
    in_map = false;
    abandon(Outcome::abort, Symptom::abort, reason::AbortCalled{});
  }
  MQ_REAL(abort)();
  __builtin_unreachable();
}

MQ_INTERPOSED void __assert_fail(const char* text, const char* file, unsigned line, const char* function) noexcept {
  if (in_map) end_by_assertion(text, file, line, function);
  MQ_REAL(__assert_fail)(text, file, line, function);
  __builtin_unreachable();
}

MQ_INTERPOSED void __assert_perror_fail(int error, const char* file, unsigned line, const char* function) noexcept {
  if (in_map) end_by_assertion(std::strerror(error), file, line, function);
  MQ_REAL(__assert_perror_fail)(error, file, line, function);
  __builtin_unreachable();
}

// Destructors of function-local statics: each execution registers them anew, and none of them may run, for the worker
// process ends without the map's leave.
MQ_INTERPOSED int __cxa_atexit(void (*destructor)(void*), void* object, void* library) noexcept {
  if (in_map) return 0;
  return MQ_REAL_AS(decltype(&::abi::__cxa_atexit), "__cxa_atexit")(destructor, object, library);
}

MQ_INTERPOSED pid_t fork() noexcept {
  if (!in_map) return MQ_REAL(fork)();
  errno = ENOSYS;
  return -1;
}

// The child of a real vfork would return through this frame and destroy it for the parent; POSIX allows plain fork.
MQ_INTERPOSED pid_t vfork() noexcept {
  return ::fork();
}

MQ_INTERPOSED pid_t getpid() noexcept {
  if (!in_map) return MQ_REAL(getpid)();
  return process_id;
}

MQ_INTERPOSED pid_t gettid() noexcept {
  if (!in_map) return MQ_REAL(gettid)();
  const HarnessScope scope;
  return kernel_id_of(current_thread(), spaced_identities(MQ_CALLER));
}

MQ_INTERPOSED int kill(pid_t process, int signal) noexcept {
  // 0 and -1 are groups that this process belongs to; of no other process does map code know the id.
  if (in_map && process > 0 && process != process_id) {
    errno = ESRCH;
    return -1;
  }
  if (in_map) return signal == 0 ? 0 : raise(signal);
  return MQ_REAL(kill)(process, signal);
}
