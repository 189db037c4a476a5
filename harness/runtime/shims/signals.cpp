// Signals as map code sees them: dispositions are the execution's own, and nothing that the map does to them reaches
// the kernel, where the harness's crash handlers and watchdog live. Signals come only from raise() and kill(); timers
// that would send one never do.
#include "harness/history/outcome.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/state.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace mapquake::runtime {
namespace {

constexpr int signals_max = 65;

struct Dispositions {
  std::array<struct sigaction, signals_max> of{};
  bool changed = false;
};
constinit Dispositions dispositions;

bool is_signal(int number) {
  return number > 0 && number < signals_max;
}

bool may_be_changed(int number) {
  return is_signal(number) && number != SIGKILL && number != SIGSTOP;
}

int fail(int error) {
  errno = error;
  return -1;
}

bool ignored_by_default(int number) {
  return number == SIGCHLD || number == SIGURG || number == SIGWINCH || number == SIGCONT;
}

[[noreturn]] void end_by_signal(int number) {
  in_map = false;
  const char* const short_name = ::sigabbrev_np(number);
  char name[32];
  std::snprintf(name, sizeof name, "SIG%s", short_name == nullptr ? "RT" : short_name);
  abandon(number == SIGABRT ? Outcome::abort : Outcome::crash, Symptom::signal,
          reason::SignalRaised{std::string_view(name)}, name);
}

/// As map code.
void deliver(int number) {
  const struct sigaction& action = dispositions.of[static_cast<unsigned>(number)];
  if (action.sa_handler == SIG_IGN) return;
  if (action.sa_handler == SIG_DFL) {
    if (ignored_by_default(number)) return;
    end_by_signal(number);
  }
  if ((action.sa_flags & SA_SIGINFO) != 0) {
    siginfo_t info{};
    info.si_signo = number;
    info.si_code = SI_TKILL;
    action.sa_sigaction(number, &info, nullptr);
  } else {
    action.sa_handler(number);
  }
}

/// What a mask was: nothing is ever blocked.
int answer_mask(sigset_t* old) {
  if (old != nullptr) ::sigemptyset(old);
  return 0;
}

/// For ever: no signal comes. Others may go on.
int wait_for_signal(std::uint64_t pc) {
  sleep_until(never, pc);
  return fail(EINTR);
}

}  // namespace

void reset_signals() {
  if (!dispositions.changed) return;
  dispositions.of.fill({});
  dispositions.changed = false;
}

}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int raise(int number) noexcept {
  if (!in_map) return MQ_REAL(raise)(number);
  if (number == 0) return 0;
  if (!is_signal(number)) return fail(EINVAL);
  deliver(number);
  return 0;
}

MQ_INTERPOSED int sigaction(int number, const struct sigaction* action, struct sigaction* old) noexcept {
  if (!in_map) return MQ_REAL_AS(decltype(&::sigaction), "sigaction")(number, action, old);
  if (!is_signal(number) || (action != nullptr && !may_be_changed(number))) return fail(EINVAL);
  struct sigaction& kept = dispositions.of[static_cast<unsigned>(number)];
  if (old != nullptr) *old = kept;
  if (action == nullptr) return 0;
  kept = *action;
  dispositions.changed = true;
  return 0;
}

MQ_INTERPOSED sighandler_t signal(int number, sighandler_t handler) noexcept {
  if (!in_map) return MQ_REAL(signal)(number, handler);
  struct sigaction action = {};
  action.sa_handler = handler;
  struct sigaction old = {};
  return ::sigaction(number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

MQ_INTERPOSED int sigprocmask(int how, const sigset_t* set, sigset_t* old) noexcept {
  if (!in_map) return MQ_REAL(sigprocmask)(how, set, old);
  return answer_mask(old);
}

MQ_INTERPOSED int pthread_sigmask(int how, const sigset_t* set, sigset_t* old) noexcept {
  if (!in_map) return MQ_REAL(pthread_sigmask)(how, set, old);
  return answer_mask(old);
}

MQ_INTERPOSED int sigaltstack(const stack_t* stack, stack_t* old) noexcept {
  if (!in_map) return MQ_REAL(sigaltstack)(stack, old);
  if (old != nullptr) *old = {.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
  return 0;
}

MQ_INTERPOSED int pause() {
  if (!in_map) return MQ_REAL(pause)();
  const HarnessScope scope;
  return wait_for_signal(MQ_CALLER);
}

MQ_INTERPOSED int sigsuspend(const sigset_t* mask) {
  if (!in_map) return MQ_REAL(sigsuspend)(mask);
  const HarnessScope scope;
  return wait_for_signal(MQ_CALLER);
}

MQ_INTERPOSED int sigwait(const sigset_t* set, int* number) {
  if (!in_map) return MQ_REAL(sigwait)(set, number);
  const HarnessScope scope;
  return wait_for_signal(MQ_CALLER) == 0 ? 0 : EINTR;
}

MQ_INTERPOSED unsigned alarm(unsigned s) noexcept {
  if (!in_map) return MQ_REAL(alarm)(s);
  return 0;
}

MQ_INTERPOSED int setitimer(__itimer_which_t which, const itimerval* value, itimerval* old) noexcept {
  if (!in_map) return MQ_REAL(setitimer)(which, value, old);
  if (old != nullptr) *old = {};
  return 0;
}

// The limits of the worker process are the harness's.
MQ_INTERPOSED int setrlimit(__rlimit_resource_t resource, const rlimit* limit) noexcept {
  if (!in_map) return MQ_REAL(setrlimit)(resource, limit);
  return fail(EPERM);
}

MQ_INTERPOSED int prlimit(pid_t process, __rlimit_resource resource, const rlimit* limit, rlimit* old) noexcept {
  if (!in_map || limit == nullptr) return MQ_REAL_AS(decltype(&::prlimit), "prlimit")(process, resource, limit, old);
  return fail(EPERM);
}
