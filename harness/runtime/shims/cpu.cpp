#include "harness/runtime/shims/cpu.hpp"

#include "harness/runtime/shims/interpose.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mapquake::runtime {

bool write_affinity(void* mask, std::size_t size) {
  if (size < sizeof(unsigned long)) return false;
  std::memset(mask, 0, size);
  static_cast<unsigned char*>(mask)[0] = (1u << cpu_count) - 1;
  return true;
}

}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED long sysconf(int name) noexcept {
  if (!in_map || (name != _SC_NPROCESSORS_ONLN && name != _SC_NPROCESSORS_CONF)) return MQ_REAL(sysconf)(name);
  return cpu_count;
}

MQ_INTERPOSED int get_nprocs() noexcept {
  if (!in_map) return MQ_REAL(get_nprocs)();
  return cpu_count;
}

MQ_INTERPOSED int get_nprocs_conf() noexcept {
  if (!in_map) return MQ_REAL(get_nprocs_conf)();
  return cpu_count;
}

MQ_INTERPOSED int sched_getcpu() noexcept {
  if (!in_map) return MQ_REAL(sched_getcpu)();
  return static_cast<int>(cpu_of(current_thread()));
}

MQ_INTERPOSED int getcpu(unsigned* cpu, unsigned* node) noexcept {
  if (!in_map) return MQ_REAL(getcpu)(cpu, node);
  if (cpu != nullptr) *cpu = cpu_of(current_thread());
  if (node != nullptr) *node = 0;
  return 0;
}

MQ_INTERPOSED int sched_getaffinity(pid_t process, size_t size, cpu_set_t* mask) noexcept {
  if (!in_map) return MQ_REAL(sched_getaffinity)(process, size, mask);
  if (write_affinity(mask, size)) return 0;
  errno = EINVAL;
  return -1;
}

MQ_INTERPOSED int sched_setaffinity(pid_t process, size_t size, const cpu_set_t* mask) noexcept {
  if (!in_map) return MQ_REAL(sched_setaffinity)(process, size, mask);
  return 0;
}

MQ_INTERPOSED int pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t* mask) noexcept {
  if (!in_map) return MQ_REAL(pthread_getaffinity_np)(thread, size, mask);
  return write_affinity(mask, size) ? 0 : EINVAL;
}

MQ_INTERPOSED int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t* mask) noexcept {
  if (!in_map) return MQ_REAL(pthread_setaffinity_np)(thread, size, mask);
  return 0;
}
