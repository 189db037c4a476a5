// Ways to end a process, or to make the kernel end it.
#include "hostile.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <stdexcept>

namespace {

volatile int zero = 0;
volatile int sink = 0;
int* volatile nowhere = nullptr;

void throws() {
  throw std::logic_error("not allowed here");
}
void throws_although_noexcept() noexcept {
  throws();
}

HOSTILE(Aborts, "hostile_abort", "abort", "abort()", std::abort());
HOSTILE(Exits, "hostile_exit", "exit", "exit(0), as if all were well", std::exit(0));
HOSTILE(ExitsAtOnce, "hostile_underscore_exit", "exit", "_exit(0)", ::_exit(0));
HOSTILE(ExitsQuickly, "hostile_quick_exit", "exit", "quick_exit(0)", std::quick_exit(0));
HOSTILE(ExitsByHand, "hostile_exit_group", "exit", "the system call, behind libc's back",
        asm volatile("syscall" ::"a"(231), "D"(0)
                     : "rcx", "r11", "memory"));
HOSTILE(Terminates, "hostile_terminate", "abort", "std::terminate()", std::terminate());
HOSTILE(BreaksNoexcept, "hostile_noexcept", "abort", "an exception leaves a noexcept function",
        throws_although_noexcept());
HOSTILE(KillsItself, "hostile_raise_kill", "crash", "raise(SIGKILL)", std::raise(SIGKILL));
HOSTILE(KillsByPid, "hostile_kill_self", "crash", "kill(getpid(), SIGTERM)", ::kill(getpid(), SIGTERM));
HOSTILE(KillsItsGroup, "hostile_kill_group", "crash", "kill(0, SIGINT)", ::kill(0, SIGINT));
HOSTILE(KillsEveryone, "hostile_kill_all", "crash", "kill(-1, SIGKILL)", ::kill(-1, SIGKILL));
HOSTILE(NullPointer, "hostile_null", "crash", "writes through a null pointer", *nowhere = 1);
HOSTILE(NullCall, "hostile_null_call", "crash", "calls a null function",
        reinterpret_cast<void (*)()>(const_cast<int*>(nowhere))());
HOSTILE(DividesByZero, "hostile_divide", "crash", "divides by zero", sink = 7 / zero);
HOSTILE(Traps, "hostile_trap", "crash", "an illegal instruction", __builtin_trap());
HOSTILE(Breakpoint, "hostile_breakpoint", "crash", "a breakpoint without a debugger", asm volatile("int3"));
HOSTILE(IgnoresCrashes, "hostile_ignores_signals", "crash", "ignores SIGSEGV, then crashes",
        std::signal(SIGSEGV, SIG_IGN);
        *nowhere = 1);

void swallow(int) {}
HOSTILE(HandlesCrashes, "hostile_handles_signals", "crash", "a handler for SIGSEGV that returns, then a crash",
        std::signal(SIGSEGV, swallow);
        *nowhere = 1);

thread_local volatile std::sig_atomic_t seen = 0;
std::atomic_flag taken = ATOMIC_FLAG_INIT;
UNUSUAL(OwnHandler, "unusual_handler", "a handler for a signal that it raises itself", if (taken.test_and_set()) return;
        CHECK(std::signal(SIGUSR1, [](int) { seen = seen + 1; }) == SIG_DFL); std::raise(SIGUSR1); CHECK(seen == 1);
        CHECK(std::signal(SIGUSR1, SIG_IGN) != SIG_DFL); std::raise(SIGUSR1); CHECK(seen == 1));

}  // namespace
