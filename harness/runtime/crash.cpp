#include "harness/runtime/crash.hpp"

#include "harness/base/assert.hpp"
#include "harness/history/outcome.hpp"
#include "harness/memory/layout.hpp"
#include "harness/runtime/state.hpp"

#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>
#include <csignal>
#include <ctime>
#include <string_view>
#include <utility>

namespace mapquake::runtime {

namespace {

constexpr std::uint64_t tick_ms = 10;
/// Linux's clock of the time that this thread has spent in user mode: include/linux/posix-timers.h, CPUCLOCK_VIRT with
/// CPUCLOCK_PERTHREAD_MASK. What the kernel does, as giving memory and taking it back, is not the map's time.
constexpr clockid_t user_mode_clock = (~0 << 3) | 4 | 1;

struct Caught {
  Outcome outcome = Outcome::crash;
  Symptom symptom = Symptom::signal;
  const char* signal = "";  ///< of Symptom::signal
  EndReason reason;
};
Caught caught;

const std::atomic<std::uint64_t>* heartbeat = nullptr;
std::uint64_t last_beat = 0;
std::uint64_t quiet_ticks = 0;
std::uint64_t quiet_ticks_max = 50;
long last_faults = 0;

[[noreturn]] void give_up() {
  abandon(caught.outcome, caught.symptom, caught.reason, caught.signal);
}

/// Lets the interrupted fiber continue in give_up(). Its stack is dropped anyway; the outermost frames, which the next
/// execution returns to, lie in the top page.
void redirect(ucontext_t& context) {
  const std::uint64_t top = memory::stack_top(rt.current->id);
  // What follows a call: places are looked up one before. The stack that led here cannot be walked any more.
  rt.abandoned.stack[0] = static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RIP]) + 1;
  rt.abandoned.stack_count = 1;
  // As behind a call instruction: the stack pointer is 8 below a multiple of 16.
  context.uc_mcontext.gregs[REG_RSP] = static_cast<greg_t>(top - 32 * 1024 - 8);
  context.uc_mcontext.gregs[REG_RIP] = reinterpret_cast<greg_t>(&give_up);
  in_map = false;
}

const char* name_of_signal(int number) {
  switch (number) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    case SIGTRAP:
      return "SIGTRAP";
    case SIGABRT:
      return "SIGABRT";
    default:
      return "signal";
  }
}

void on_crash(int number, siginfo_t* info, void* raw) {
  auto& context = *static_cast<ucontext_t*>(raw);
  if (!rt.running) {
    // The harness itself: die of it, visibly.
    std::signal(number, SIG_DFL);
    return;
  }
  const auto address = reinterpret_cast<std::uint64_t>(info->si_addr);
  const auto pc = static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RIP]);
  rt.current->calls.push(pc);
  if (number == SIGSEGV && is_stack_guard(address)) {
    caught.outcome = Outcome::stack_overflow;
    caught.symptom = Symptom::stack_overflow;
    caught.reason = reason::StackUsedUp{memory::stack_bytes / 1024};
  } else {
    caught.outcome = Outcome::crash;
    caught.symptom = Symptom::signal;
    caught.signal = name_of_signal(number);
    // The processor does not say which address it was, where no memory can be.
    if (number == SIGSEGV && info->si_code == SI_KERNEL) {
      caught.reason = reason::WildPointer{std::string_view(caught.signal)};
    } else if (number == SIGSEGV || number == SIGBUS) {
      caught.reason = reason::Signal{std::string_view(caught.signal), address};
    } else {
      caught.reason = reason::Signal{std::string_view(caught.signal)};
    }
  }
  redirect(context);
}

/// Pages that the process has got so far.
long page_faults() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

void on_tick(int, siginfo_t*, void* raw) {
  // Where threads take turns quickly, many steps lie between two beats.
  const std::uint64_t beat = heartbeat->load(std::memory_order_relaxed) + rt.steps;
  if (beat != last_beat || !rt.running) {
    last_beat = beat;
    quiet_ticks = 0;
    last_faults = page_faults();
    return;
  }
  if (++quiet_ticks < quiet_ticks_max || !in_map) return;
  quiet_ticks = 0;
  // Whoever fills fresh memory is at work, and how long that takes is the kernel's doing. It ends: memory is limited.
  if (const long faults = page_faults(); faults != std::exchange(last_faults, faults)) return;
  auto& context = *static_cast<ucontext_t*>(raw);
  caught.outcome = Outcome::hang;
  caught.symptom = Symptom::no_scheduling_point;
  caught.reason = reason::NoSchedulingPoint{quiet_ticks_max * tick_ms};
  rt.current->calls.push(static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RIP]));
  redirect(context);
}

void on_interrupt(int, siginfo_t*, void* raw) {
  if (!rt.running || !in_map) return;
  auto& context = *static_cast<ucontext_t*>(raw);
  caught.outcome = Outcome::hang;
  caught.symptom = Symptom::blocked_in_kernel;
  caught.reason = reason::BlockedInKernel{};
  rt.current->calls.push(static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RIP]));
  redirect(context);
}

void handle(int number, void (*handler)(int, siginfo_t*, void*), int flags) {
  struct sigaction action = {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | flags;
  ::sigemptyset(&action.sa_mask);
  const int error = ::sigaction(number, &action, nullptr);
  MQ_ASSERT(error == 0);
}

}  // namespace

void install_crash_handlers(const std::atomic<std::uint64_t>* beat, int interrupt_signal) {
  heartbeat = beat;
  static std::uint8_t stack[64 * 1024];
  const stack_t alternative{.ss_sp = stack, .ss_flags = 0, .ss_size = sizeof stack};
  const int error = ::sigaltstack(&alternative, nullptr);
  MQ_ASSERT(error == 0);
  // The handler returns into give_up(), never into itself: the signal may come again.
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) handle(number, on_crash, SA_NODEFER);
  handle(SIGPROF, on_tick, 0);
  handle(interrupt_signal, on_interrupt, 0);
  // To this thread and no other: map code may have started some that only the kernel knows.
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGPROF;
  event._sigev_un._tid = ::gettid();
  timer_t timer{};
  const int created = ::timer_create(user_mode_clock, &event, &timer);
  MQ_ASSERT(created == 0);
  const timespec tick{.tv_sec = 0, .tv_nsec = tick_ms * 1'000'000};
  const itimerspec ticks{.it_interval = tick, .it_value = tick};
  const int started = ::timer_settime(timer, 0, &ticks, nullptr);
  MQ_ASSERT(started == 0);
}

void set_hang_limit(std::uint32_t hang_cpu_ms) {
  quiet_ticks_max = hang_cpu_ms / tick_ms;
  if (quiet_ticks_max == 0) quiet_ticks_max = 1;
}

}  // namespace mapquake::runtime
