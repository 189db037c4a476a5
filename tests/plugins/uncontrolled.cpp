// Right maps that something reaches which mapquake does not control: each insert() does as many steps more as it is
// told from outside. Their executions are all clean, and no two need be the same. Behind them twins that ask for the
// same things in ways that are answered alike in every execution.
#include "locked_map.hpp"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <thread>

namespace {

template <std::uint64_t (*noise)()>
class Shaken {
 public:
  static constexpr mapquake::Claims claims = claims_of_locked_map;

  bool insert(std::int64_t key, std::int64_t value) {
    for (std::uint64_t times = noise() % 16; times > 0; --times) inserts_.fetch_add(1);
    return map_.insert(key, value);
  }
  std::optional<std::int64_t> find(std::int64_t key) { return map_.find(key); }

 private:
  std::atomic<std::uint64_t> inserts_ = 0;
  LockedMap map_;
};

std::uint64_t mixed(std::uint64_t value) {
  value *= 0x9e3779b97f4a7c15;
  return value >> 32;
}

/// As gettimeofday does without libc: the kernel's own code, which asks nobody.
std::uint64_t vdso_clock() {
  const auto base = getauxval(AT_SYSINFO_EHDR);
  const auto* const header = reinterpret_cast<const ElfW(Ehdr)*>(base);
  const auto* const segments = reinterpret_cast<const ElfW(Phdr)*>(base + header->e_phoff);
  std::uint64_t load = 0;
  const ElfW(Dyn)* dynamic = nullptr;
  for (int i = 0; i < header->e_phnum; ++i) {
    if (segments[i].p_type == PT_LOAD) load = base + segments[i].p_offset - segments[i].p_vaddr;
    if (segments[i].p_type == PT_DYNAMIC) dynamic = reinterpret_cast<const ElfW(Dyn)*>(base + segments[i].p_offset);
  }
  const char* names = nullptr;
  const ElfW(Sym)* symbols = nullptr;
  const std::uint32_t* hash = nullptr;
  for (; dynamic->d_tag != DT_NULL; ++dynamic) {
    const std::uint64_t at = load + dynamic->d_un.d_ptr;
    if (dynamic->d_tag == DT_STRTAB) names = reinterpret_cast<const char*>(at);
    if (dynamic->d_tag == DT_SYMTAB) symbols = reinterpret_cast<const ElfW(Sym)*>(at);
    if (dynamic->d_tag == DT_HASH) hash = reinterpret_cast<const std::uint32_t*>(at);
  }
  const std::uint32_t count = hash == nullptr ? 16 : hash[1];
  for (std::uint32_t i = 1; i < count; ++i) {
    if (std::strcmp(names + symbols[i].st_name, "__vdso_clock_gettime") != 0) continue;
    timespec now{};
    reinterpret_cast<int (*)(clockid_t, timespec*)>(load + symbols[i].st_value)(CLOCK_MONOTONIC, &now);
    return mixed(static_cast<std::uint64_t>(now.tv_nsec));
  }
  return 0;
}
using VdsoClock = Shaken<vdso_clock>;
MAPQUAKE_MAP("shaken_by_vdso_clock", VdsoClock);

std::uint64_t cycles() {
  return mixed(__rdtsc());
}
using Cycles = Shaken<cycles>;
MAPQUAKE_MAP("shaken_by_cycles", Cycles);

/// As a library does that has no libc.
std::uint64_t raw_getrandom() {
  std::uint64_t bytes = 0;
  long result = 0;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(SYS_getrandom), "D"(&bytes), "S"(sizeof bytes), "d"(0L)
               : "rcx", "r11", "memory");
  return mixed(bytes);
}
using RawGetrandom = Shaken<raw_getrandom>;
MAPQUAKE_MAP("shaken_by_raw_getrandom", RawGetrandom);

std::uint64_t random_file() {
  std::uint64_t bytes = 0;
  const int file = open("/dev/urandom", O_RDONLY);
  if (read(file, &bytes, sizeof bytes) != sizeof bytes) bytes = 0;
  close(file);
  return mixed(bytes);
}
using RandomFile = Shaken<random_file>;
MAPQUAKE_MAP("shaken_by_random_file", RandomFile);

std::uint64_t proc() {
  std::string text;
  std::ifstream("/proc/sys/kernel/random/uuid") >> text;
  return mixed(std::hash<std::string>()(text));
}
using Proc = Shaken<proc>;
MAPQUAKE_MAP("shaken_by_proc", Proc);

std::uint64_t counted = 0;
alignas(16) char stack_of_thread[4096];

/// A thread that only the kernel knows. It counts beside the execution, in its own time, and ends.
std::uint64_t real_thread() {
  constexpr long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
  register long none asm("r10") = 0;
  register std::uint64_t* where asm("r8") = &counted;
  long child = 0;
  asm volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "mov $20000, %%ecx\n"
      "2:\n\t"
      "lock incq (%%r8)\n\t"
      "dec %%ecx\n\t"
      "jnz 2b\n\t"
      "mov $60, %%eax\n\t"
      "xor %%edi, %%edi\n\t"
      "syscall\n"
      "1:"
      : "=a"(child)
      : "a"(SYS_clone), "D"(flags), "S"(stack_of_thread + sizeof stack_of_thread - 64), "d"(0L), "r"(none), "r"(where)
      : "rcx", "r11", "memory");
  for (int i = 0; i < 2000; ++i) asm volatile("pause");
  std::uint64_t seen = 0;
  asm volatile("mov (%1), %0" : "=r"(seen) : "r"(&counted) : "memory");
  return mixed(seen + static_cast<std::uint64_t>(child));
}
using RealThread = Shaken<real_thread>;
MAPQUAKE_MAP("shaken_by_real_thread", RealThread);

/// Reads a local variable that nothing has written: what is there is what earlier calls left.
[[gnu::noinline]] std::uint64_t unwritten_local() {
  volatile std::uint64_t values[64];
  asm volatile("" : : "r"(values) : "memory");
  std::uint64_t sum = 0;
  for (int i = 0; i < 64; ++i) sum = sum * 31 + values[i];
  return mixed(sum);
}
using UnwrittenLocal = Shaken<unwritten_local>;
MAPQUAKE_MAP("shaken_by_unwritten_local", UnwrittenLocal);

std::uint64_t bytes_of_auxv() {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, reinterpret_cast<const void*>(getauxval(AT_RANDOM)), sizeof bytes);
  return mixed(bytes);
}
using BytesOfAuxv = Shaken<bytes_of_auxv>;
MAPQUAKE_MAP("steady_auxv", BytesOfAuxv);

std::uint64_t environment() {
  const char* const value = std::getenv("MAPQUAKE_TEST_NOISE_");
  const char* const home = std::getenv("HOME");
  return std::strlen(value == nullptr ? "" : value) + std::strlen(home == nullptr ? "" : home);
}
using Environment = Shaken<environment>;
MAPQUAKE_MAP("steady_environment", Environment);

std::uint64_t called_clock() {
  return mixed(static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()));
}
using CalledClock = Shaken<called_clock>;
MAPQUAKE_MAP("steady_clock", CalledClock);

std::uint64_t called_random() {
  std::uint64_t bytes = 0;
  if (getrandom(&bytes, sizeof bytes, 0) != sizeof bytes) return 0;
  return mixed(bytes + std::random_device()());
}
using CalledRandom = Shaken<called_random>;
MAPQUAKE_MAP("steady_random", CalledRandom);

std::uint64_t addresses() {
  static int datum;
  const auto heap = std::make_unique<int>(1);
  int local = 0;
  return mixed(reinterpret_cast<std::uint64_t>(heap.get()) ^ reinterpret_cast<std::uint64_t>(&local) ^
               reinterpret_cast<std::uint64_t>(&datum) ^ reinterpret_cast<std::uint64_t>(&std::getenv));
}
using Addresses = Shaken<addresses>;
MAPQUAKE_MAP("steady_addresses", Addresses);

std::uint64_t called_thread() {
  std::atomic<std::uint64_t> seen = 0;
  std::thread other([&seen] { seen = 7; });
  const std::uint64_t early = seen;
  other.join();
  return early;
}
using CalledThread = Shaken<called_thread>;
MAPQUAKE_MAP("steady_thread", CalledThread);

/// As in libstdc++'s std::atomic<std::shared_ptr>: who waits writes what it reads to its stack, which does not look
/// like waiting, and goes on for as long as a turn may last, and for as long as others may be kept from theirs.
std::uint64_t locked_by_a_bit() {
  static std::atomic<std::uint64_t> word = 0;
  std::uint64_t seen = word.load(std::memory_order_relaxed);
  do {
    while ((seen & 1) != 0) seen = word.load(std::memory_order_relaxed);
  } while (!word.compare_exchange_strong(seen, seen | 1, std::memory_order_acquire, std::memory_order_relaxed));
  word.fetch_sub(1, std::memory_order_release);
  return 0;
}
using LockedByABit = Shaken<locked_by_a_bit>;
MAPQUAKE_MAP("steady_bit_lock", LockedByABit);

}  // namespace
