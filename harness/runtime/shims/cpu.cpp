#include "harness/runtime/shims/cpu.hpp"

#include "harness/runtime/scheduler.hpp"
#include "harness/runtime/shims/environment.hpp"
#include "harness/runtime/shims/interpose.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mapquake::runtime {

unsigned current_cpu(std::uint64_t pc) {
  return current_thread() % cpu_count(pc);
}

bool write_affinity(void* mask, std::size_t size, std::uint64_t pc) {
  std::uint64_t bits;
  if (size < sizeof bits) return false;
  bits = ~std::uint64_t{0} >> (64 - cpu_count(pc));
  std::memset(mask, 0, size);
  std::memcpy(mask, &bits, sizeof bits);
  return true;
}

namespace {

int processors(std::uint64_t pc) {
  const HarnessScope scope;
  return static_cast<int>(cpu_count(pc));
}

}  // namespace

}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED long sysconf(int name) noexcept {
  if (!in_map || (name != _SC_NPROCESSORS_ONLN && name != _SC_NPROCESSORS_CONF)) return MQ_REAL(sysconf)(name);
  return processors(MQ_CALLER);
}

MQ_INTERPOSED int get_nprocs() noexcept {
  if (!in_map) return MQ_REAL(get_nprocs)();
  return processors(MQ_CALLER);
}

MQ_INTERPOSED int get_nprocs_conf() noexcept {
  if (!in_map) return MQ_REAL(get_nprocs_conf)();
  return processors(MQ_CALLER);
}

MQ_INTERPOSED int sched_getcpu() noexcept {
  if (!in_map) return MQ_REAL(sched_getcpu)();
  const HarnessScope scope;
  return static_cast<int>(current_cpu(MQ_CALLER));
}

MQ_INTERPOSED int getcpu(unsigned* cpu, unsigned* node) noexcept {
  if (!in_map) return MQ_REAL(getcpu)(cpu, node);
  const HarnessScope scope;
  if (cpu != nullptr) *cpu = current_cpu(MQ_CALLER);
  if (node != nullptr) *node = 0;
  return 0;
}

MQ_INTERPOSED int sched_getaffinity(pid_t process, size_t size, cpu_set_t* mask) noexcept {
  if (!in_map) return MQ_REAL(sched_getaffinity)(process, size, mask);
  const HarnessScope scope;
  if (write_affinity(mask, size, MQ_CALLER)) return 0;
  errno = EINVAL;
  return -1;
}

MQ_INTERPOSED int sched_setaffinity(pid_t process, size_t size, const cpu_set_t* mask) noexcept {
  if (!in_map) return MQ_REAL(sched_setaffinity)(process, size, mask);
  return 0;
}

MQ_INTERPOSED int pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t* mask) noexcept {
  if (!in_map) return MQ_REAL(pthread_getaffinity_np)(thread, size, mask);
  const HarnessScope scope;
  return write_affinity(mask, size, MQ_CALLER) ? 0 : EINVAL;
}

MQ_INTERPOSED int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t* mask) noexcept {
  if (!in_map) return MQ_REAL(pthread_setaffinity_np)(thread, size, mask);
  return 0;
}
