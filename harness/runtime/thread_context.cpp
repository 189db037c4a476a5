#include "harness/runtime/thread_context.hpp"

#include "harness/base/assert.hpp"

#include <asm/prctl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <atomic>
#include <csignal>
#include <cstdlib>

namespace mapquake::runtime {

namespace {

constexpr unsigned long hwcap2_fsgsbase = 1UL << 1;
bool have_fsgsbase = false;

// System calls by instruction: the libc function `syscall` is interposed, and uses errno.
long raw_syscall(long number, long a = 0, long b = 0, long c = 0, long d = 0) {
  long answer;
  register long r10 asm("r10") = d;
  asm volatile("syscall" : "=a"(answer) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
  return answer;
}

struct Hire {
  Loan loan;
  std::atomic<std::uint32_t> parked{0};
};

[[noreturn]] void park() {
  static std::uint32_t never_woken = 0;
  for (;;) raw_syscall(SYS_futex, reinterpret_cast<long>(&never_woken), FUTEX_WAIT_PRIVATE, 0, 0);
}

void* helper(void* argument) {
  auto* const hire = static_cast<Hire*>(argument);
  // The first allocation of a thread makes its malloc cache; later ones must find it in the restored image.
  std::free(std::malloc(1));
  hire->loan.fs_base = fs_base();
  hire->loan.tls = memory::image_of_this_threads_tls();
  hire->parked.store(1, std::memory_order_release);
  park();
}

}  // namespace

void detect_fsgsbase() {
  have_fsgsbase = (::getauxval(AT_HWCAP2) & hwcap2_fsgsbase) != 0;
}

std::uint64_t fs_base() {
  std::uint64_t base;
  asm volatile("mov %%fs:0, %0" : "=r"(base));  // the TCB's first word is its own address (ELF TLS, x86-64)
  return base;
}

__attribute__((noinline)) void set_fs_base(std::uint64_t base) {
  if (have_fsgsbase) {
    asm volatile("wrfsbase %0" : : "r"(base) : "memory");
  } else {
    raw_syscall(SYS_arch_prctl, ARCH_SET_FS, static_cast<long>(base));
    asm volatile("" : : : "memory");
  }
}

Loan borrow_thread() {
  Hire hire;
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, 128 * 1024);
  pthread_t thread;
  const int error = ::pthread_create(&thread, &attributes, helper, &hire);
  MQ_ASSERT(error == 0);
  ::pthread_attr_destroy(&attributes);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  while (hire.parked.load(std::memory_order_acquire) == 0) raw_syscall(SYS_sched_yield);
  return std::move(hire.loan);
}

}  // namespace mapquake::runtime
