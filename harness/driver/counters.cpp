#include "harness/driver/counters.hpp"

#include <linux/perf_event.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#include <x86intrin.h>
#endif

namespace mapquake::driver {
namespace {

int open_counter(std::uint64_t what) {
  perf_event_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.config = what;
  attributes.disabled = 1;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  return static_cast<int>(::syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

std::uint64_t monotonic_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

bool invariant_cycles() {
#if defined(__x86_64__)
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d >> 8 & 1) != 0;
#else
  return false;
#endif
}

}  // namespace

HardwareCounters::HardwareCounters() {
  constexpr std::array<std::uint64_t, 3> events{PERF_COUNT_HW_INSTRUCTIONS, PERF_COUNT_HW_CPU_CYCLES,
                                                PERF_COUNT_HW_CACHE_MISSES};
  for (std::size_t i = 0; i < events.size(); ++i) {
    files_[i] = open_counter(events[i]);
    if (files_[i] < 0) error_ = errno;
  }
}

HardwareCounters::~HardwareCounters() {
  for (const int file : files_) {
    if (file >= 0) ::close(file);
  }
}

void HardwareCounters::start() {
  for (const int file : files_) {
    if (file < 0) continue;
    ::ioctl(file, PERF_EVENT_IOC_RESET, 0);
    ::ioctl(file, PERF_EVENT_IOC_ENABLE, 0);
  }
}

real::Counters HardwareCounters::stop() {
  real::Counters counts;
  if (error_ == ENOENT || error_ == ENODEV || error_ == EOPNOTSUPP) {
    counts.refused = "this machine has no hardware counters (often so in a virtual machine)";
  } else if (error_ == EACCES || error_ == EPERM) {
    counts.refused = "not allowed: kernel.perf_event_paranoid must be 2 or less, or the process have CAP_PERFMON";
  } else if (error_ != 0) {
    counts.refused = std::strerror(error_);
  }
  if (!counts.refused.empty()) return counts;
  std::array<std::uint64_t, 3> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    ::ioctl(files_[i], PERF_EVENT_IOC_DISABLE, 0);
    if (::read(files_[i], &values[i], sizeof values[i]) != sizeof values[i]) values[i] = 0;
  }
  counts.instructions = static_cast<double>(values[0]);
  counts.cycles = static_cast<double>(values[1]);
  counts.cache_misses = static_cast<double>(values[2]);
  return counts;
}

KernelCounts kernel_counts() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return {static_cast<std::uint64_t>(usage.ru_nvcsw), static_cast<std::uint64_t>(usage.ru_nivcsw),
          static_cast<std::uint64_t>(usage.ru_minflt + usage.ru_majflt)};
}

void pin_to_processor(unsigned n) {
  // What the process was given at its start: later calls must not see what earlier ones left of it.
  static const cpu_set_t allowed = [] {
    cpu_set_t set;
    CPU_ZERO(&set);
    ::sched_getaffinity(::getpid(), sizeof set, &set);
    return set;
  }();
  const int count = CPU_COUNT(&allowed);
  if (count <= 0) return;
  int left = static_cast<int>(n % static_cast<unsigned>(count));
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed) || left-- > 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    ::sched_setaffinity(0, sizeof one, &one);
    return;
  }
}

Ticks::Ticks() : cycles_(invariant_cycles()) {
  if (!cycles_) return;
  const std::uint64_t start_ns = monotonic_ns();
  const std::uint64_t start = now();
  while (monotonic_ns() - start_ns < 20'000'000) {
  }
  const std::uint64_t end_ns = monotonic_ns();
  ns_per_tick_ = static_cast<double>(end_ns - start_ns) / static_cast<double>(now() - start);
}

std::uint64_t Ticks::now() const {
#if defined(__x86_64__)
  if (cycles_) return __rdtsc();
#endif
  return monotonic_ns();
}

}  // namespace mapquake::driver
